// Models that are told what rows are about: what is asked for is drawn, labels come as often as in the data, codes get a meaning.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError } from '../../../core/errors.js';
import { type Dataset, fromArrays } from '../../../data/index.js';
import { random } from '../../../runtime/random.js';
import { load } from '../../node/load.js';
import { acgan } from '../acgan.js';
import type { AdversarialOptions } from '../adversarial-options.js';
import { cgan } from '../cgan.js';
import { ConditionalAdversarialModel } from '../conditional-adversarial-model.js';
import { dcgan } from '../dcgan.js';
import { gan } from '../gan.js';
import { infogan } from '../infogan.js';
import { drawCodes } from './code-layout.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-conditional-gan-'));
after(() => rm(home, { recursive: true }));

/** Points around -2 of the class "left", and around 2 of the class "right", which a quarter are of. */
function sides(count = 600): Dataset {
  const stream = random(1);
  const labels = stream
    .split('labels')
    .integers(count, 0, 4)
    .map((value) => Number(value === 3));
  const x = stream
    .split('rows')
    .normal(count, 0, 0.2)
    .map((value, row) => value + (labels[row] === 1 ? 2 : -2));
  return fromArrays({ x, shape: [1], labels, classes: ['left', 'right'], name: 'sides' });
}

const small: AdversarialOptions = {
  ...{ latentSize: 2, generatorLayers: [16, 16], discriminatorLayers: [16, 16] },
  ...{ learningRate: 0.003 },
};
const training = { steps: 500, batchSize: 64, seed: 0, threads: 1 } as const;
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

const conditional = {
  'cgan by concatenation': () => cgan(small),
  'cgan by projection': () => cgan({ ...small, conditioning: 'projection' }),
  acgan: () => acgan(small),
} as const;

for (const [name, make] of Object.entries(conditional))
  test(`${name} draws the class that is asked for, and all as often as in the data`, async () => {
    const model = make();
    const { history } = await model.fit(sides(), training);
    assert.deepEqual(model.labels, ['left', 'right']);
    const left = await model.sample(300, { seed: 1, given: { label: 'left' } });
    const right = await model.sample(300, { seed: 1, given: { label: 'right' } });
    // They lie around -2 and 2; before training both lie around 0.
    assert.ok(mean(left.data) < -1 && mean(right.data) > 1, `${mean(left.data)}, ${mean(right.data)}`);
    assert.deepEqual(right.labels, new Int32Array(300).fill(1));
    const { labels } = await model.sample(1000, { seed: 2 });
    assert.ok(labels && Math.abs(mean(labels) - 0.25) < 0.05);
    assert.equal(history.at(-1)?.metrics.classLoss !== undefined, name === 'acgan');
    await model.dispose();
  });

test('a saved model knows its classes and how frequent they are', async () => {
  const model = cgan({ ...small, ema: 0.9 });
  await model.fit(sides(), { ...training, steps: 5 });
  await model.save(join(home, 'model'));
  const again = await load(join(home, 'model'));
  assert.ok(again instanceof ConditionalAdversarialModel);
  assert.deepEqual(again.labels, model.labels);
  assert.deepEqual(await again.sample(20, { seed: 1 }), await model.sample(20, { seed: 1 }));
  await model.dispose();
  await again.dispose();
});

test('codes of a conditional model go with labels; a model without classes cannot be asked for one', async () => {
  const model = cgan(small);
  await model.fit(sides(), { ...training, steps: 2 });
  const codes = { data: random(1).normal(4), shape: [2, 2] };
  const drawn = await model.decode({ ...codes, labels: Int32Array.of(0, 1) });
  assert.deepEqual([drawn.shape, drawn.labels], [[2, 1], Int32Array.of(0, 1)]);
  const wrong = [undefined, Int32Array.of(0), Int32Array.of(0, 2), Int32Array.of(-1, 0)];
  for (const labels of wrong)
    await assert.rejects(model.decode({ ...codes, ...(labels === undefined ? {} : { labels }) }), ConfigError);
  await assert.rejects(model.sample(1, { given: { label: 'top' } }), /Unknown class "top".*Known: left, right/);
  await model.dispose();
  const plain = gan(small);
  await plain.fit(sides(), { ...training, steps: 2 });
  await assert.rejects(plain.sample(1, { given: { label: 'left' } }), /this gan knows no classes\. Fit cgan or acgan/);
  await plain.dispose();
});

test('a model can be fitted again to data with other classes', async () => {
  const model = cgan(small);
  await model.fit(sides(), { ...training, steps: 2 });
  await model.sample(2);
  const two = sides();
  const three = { ...two, classes: ['left', 'right', 'none'] };
  await model.fit(three, { ...training, steps: 2 });
  assert.deepEqual((await model.sample(2, { given: { label: 'right' } })).labels, Int32Array.of(1, 1));
  await assert.rejects(model.sample(2, { given: { label: 'none' } }), /no rows of the class "none"/);
  await model.dispose();
});

test('images are judged with planes of their class, and painted by norms of their class', () => {
  const shapeOf = (options: AdversarialOptions, name: string) => {
    const { generator, discriminator } = cgan({ channels: 4, latentSize: 5, ...options }).gameFor([16, 16, 3], 7);
    return { ...generator.parameters, ...discriminator.parameters }[name]?.shape;
  };
  assert.deepEqual(shapeOf({}, 'discriminator/down1/weight'), [4, 4, 3 + 7, 4]);
  assert.deepEqual(shapeOf({}, 'generator/project/weight'), [5 + 7, 4 * 4 * 8]);
  const byNorms: AdversarialOptions = { labelInput: 'batch-norm', conditioning: 'projection' };
  assert.deepEqual(shapeOf(byNorms, 'generator/project/weight'), [5, 4 * 4 * 8]);
  assert.deepEqual(shapeOf(byNorms, 'generator/norm0/affine/scale'), [7, 8]);
  assert.deepEqual(shapeOf(byNorms, 'discriminator/logit/weight'), [7, 4 * 4 * 8]);
});

test('an InfoGAN finds the kinds of rows without labels', async () => {
  const data = sides();
  const model = infogan({
    ...small,
    ...{ categoricalCodes: [2], continuousCodes: 0, learningRate: 0.003, discriminatorLearningRate: 0.003 },
  });
  const { history } = await model.fit(data, training);
  // Of a fair choice between two, log 2 = 0.69 nats can be known.
  const information = Number(history.at(-1)?.metrics.categoryInformation);
  assert.ok(information > 0.3 && information <= Math.log(2) + 1e-6, `${information}`);
  const drawnWith = async (category: number) => {
    const codes = Float32Array.from({ length: 4 * 100 }, (_, i) => (i % 4 < 2 ? 0 : Number((i % 4) - 2 === category)));
    return mean((await model.decode({ data: codes, shape: [100, 4] })).data);
  };
  assert.ok(Math.abs((await drawnWith(0)) - (await drawnWith(1))) > 1);
  await model.dispose();
});

test('the codes of an InfoGAN are noise, one-hot categories, and numbers in [-1, 1)', async () => {
  const model = infogan({ ...small, categoricalCodes: [3, 2], continuousCodes: 2 });
  const { codeLayout } = model;
  assert.deepEqual(codeLayout, { noise: 2, categories: [3, 2], continuous: 2, size: 9 });
  assert.equal(model.latentSize, 9);
  const codes = drawCodes(codeLayout, 2000, random(1));
  const column = (place: number) => Array.from({ length: 2000 }, (_, row) => codes[row * 9 + place] ?? Number.NaN);
  for (const [from, values] of [
    [2, 3],
    [5, 2],
  ] as const)
    for (let row = 0; row < 2000; row++) {
      const ofRow = Array.from(codes.subarray(row * 9 + from, row * 9 + from + values));
      assert.deepEqual([...ofRow].sort(), [...new Array<number>(values - 1).fill(0), 1]);
    }
  // Shares of 1/3, with a standard error of 0.011.
  for (const place of [2, 3, 4]) assert.ok(Math.abs(mean(column(place)) - 1 / 3) < 0.04);
  for (const place of [7, 8]) {
    const values = column(place);
    assert.ok(values.every((value) => value >= -1 && value < 1));
    // A variance of 1/3.
    assert.ok(Math.abs(mean(values.map((value) => value ** 2)) - 1 / 3) < 0.04);
  }
  assert.deepEqual(drawCodes(codeLayout, 10, random(1)), codes.slice(0, 90));
  // Other models have noise alone.
  assert.deepEqual(dcgan().codeLayout, { noise: 100, categories: [], continuous: 0, size: 100 });
  await model.dispose();
});
