import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrays } from '../data/index.js';
import { random } from '../runtime/random.js';
import { gan } from './adversarial/gan.js';

const small = { latentSize: 2, generatorLayers: [8], discriminatorLayers: [8] };
const points = fromArrays({ x: random(1).normal(80), shape: [2] });
const images = fromArrays({ x: random(1).uniform(40 * 9), shape: [3, 3, 1] });
const options = { steps: 2, batchSize: 8, threads: 1 };

test('a model can be fitted to rows of another shape', async () => {
  const model = gan(small);
  await model.fit(points, options);
  assert.deepEqual((await model.sample(2)).shape, [2, 2]);
  await model.fit(images, options);
  assert.deepEqual((await model.sample(2)).shape, [2, 3, 3, 1]);
  await model.dispose();
});

test('a device that cannot be opened does not spoil the model', async () => {
  const model = gan(small);
  await assert.rejects(model.fit(points, { ...options, threads: 0 }), /threads is 0/);
  await model.fit(points, options);
  await model.dispose();
});

test('threads may change from fit to fit, and the device opens again after dispose', async () => {
  const model = gan(small);
  await model.fit(points, options);
  const before = await model.sample(3, { seed: 1 });
  await model.dispose();
  assert.deepEqual(await model.sample(3, { seed: 1 }), before);
  await model.fit(points, { ...options, threads: 2 });
  await model.sample(1);
  await model.dispose();
});

test('disposing during a fit ends it with an error instead of hanging', async () => {
  const model = gan(small);
  const fit = model.fit(points, { ...options, steps: 100_000, observer: { onProgress: () => void model.dispose() } });
  await assert.rejects(fit, /disposed/);
  // And the model is not stuck in that fit.
  await model.fit(points, options);
  await model.dispose();
});

test('samples drawn while training are those of the moment', async () => {
  const model = gan({ ...small, learningRate: 0.05 });
  const drawn: Float32Array[] = [];
  await model.fit(points, {
    ...options,
    steps: 20,
    snapshotEvery: 10,
    observer: { onSnapshot: async () => void drawn.push((await model.sample(4, { seed: 3 })).data) },
  });
  assert.equal(drawn.length, 3);
  assert.notDeepEqual(drawn[0], drawn[1]);
  assert.notDeepEqual(drawn[1], drawn[2]);
  assert.deepEqual(drawn[2], (await model.sample(4, { seed: 3 })).data);
  await model.dispose();
});

test('memory stays flat over many fits and samples', async () => {
  const model = gan(small);
  const round = async () => {
    for (let i = 0; i < 10; i++) {
      await model.fit(points, options);
      await model.sample(1000);
    }
    globalThis.gc?.();
    return process.memoryUsage().rss / 2 ** 20;
  };
  await round();
  const before = await round();
  await round();
  const after = await round();
  // A leaked session of this size would take several MiB a fit.
  assert.ok(after - before < 60, `${before.toFixed(0)} MiB grew to ${after.toFixed(0)} MiB`);
  await model.dispose();
});

test('a fit that does not get anywhere takes nothing away', async () => {
  const model = gan(small);
  await model.fit(points, options);
  const before = await model.sample(3, { seed: 1 });
  const report = await model.fit(points, { ...options, seed: 9, signal: AbortSignal.abort() });
  assert.equal(report.iterations, 0);
  assert.deepEqual(await model.sample(3, { seed: 1 }), before);
  await model.dispose();
});
