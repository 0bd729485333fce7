import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderOf } from './connectivity.js';
import { type FvsbnConfig, fvsbn } from './fvsbn.js';
import {
  assertFrequencies,
  assertLooksBackOnly,
  assertSumsToOne,
  tinyImages,
  withRandomWeights,
} from './testing/proofs.js';

const variants: readonly Partial<FvsbnConfig>[] = [{}, { order: 'random', orderSeed: 2 }, { conditional: true }];

for (const options of variants)
  test(`${JSON.stringify(options)}: the probabilities of all images add up to one, and samples are as frequent`, async () => {
    const model = withRandomWeights(fvsbn(options));
    await assertSumsToOne(model);
    await assertFrequencies(model);
    await model.dispose();
  });

test('no conditional sees its own number or a later one, and every number is seen', () => {
  assertLooksBackOnly(fvsbn().networkFor(9, 0), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  // So many numbers that the triangle is made of two blocks.
  const size = 390;
  assertLooksBackOnly(fvsbn({ order: 'random' }).networkFor(size, 0), orderOf(size, 'random', 0), 0, 13);
});

test('trained, it finds what pixels have to do with each other', async () => {
  const model = fvsbn({ learningRate: 0.05 });
  const { history } = await model.fit(tinyImages, { steps: 300, batchSize: 30, seed: 3, threads: 1, logEvery: 50 });
  // Independent pixels would stop at their entropy, 5.0 nats.
  assert.ok(Number(history.at(-1)?.metrics.loss) < 4.4, `loss ${history.at(-1)?.metrics.loss}`);
  await assertSumsToOne(model);
  await model.dispose();
});
