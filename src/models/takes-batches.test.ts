import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrays } from '../data/index.js';
import { createModel } from './registry.js';
import { usualBatchSize } from './takes-batches.js';

test('a batch is as large as the model wants, or as few rows allow', () => {
  assert.equal(usualBatchSize({ defaultBatchSize: 64 }, 1000), 64);
  assert.equal(usualBatchSize({ defaultBatchSize: 64 }, 40), 40);
  assert.equal(usualBatchSize({ defaultBatchSize: 64, batchesPerStep: 5 }, 178), 35);
  assert.equal(usualBatchSize({ defaultBatchSize: 64, batchesPerStep: 5 }, 3), 1);
  assert.equal(usualBatchSize({}, 1000), undefined);
});

const rows = Float32Array.from({ length: 2 * 40 }, (_, i) => Math.sin(i));
const small = { generatorLayers: [4], discriminatorLayers: [4] };

test('a model with five discriminator steps learns from fewer rows than five of its batches', async () => {
  const model = createModel('wgan-gp', small);
  const { iterations } = await model.fit(fromArrays({ x: rows, shape: [2] }), { epochs: 2, seed: 0 });
  assert.equal(iterations, 2);
  await model.dispose();
});

test('a batch size that was asked for is kept, and refused where there are too few rows', async () => {
  const model = createModel('wgan-gp', small);
  const fitting = model.fit(fromArrays({ x: rows, shape: [2] }), { steps: 1, batchSize: 9 });
  await assert.rejects(fitting, /5 discriminator steps of 9.*at most 8/);
  await model.dispose();
});
