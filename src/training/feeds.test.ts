import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batcher } from '../data/batching.js';
import { fromArrays } from '../data/index.js';
import { feedMaker } from './feeds.js';
import { line, lineProgram } from './testing/line-program.js';

const program = lineProgram();
const batches = batcher({ length: line.length, batchSize: program.batchSize, seed: 5 });

test('the feeds of a step are the same in any run that holds it', async () => {
  const makeFeeds = feedMaker(program, line, batches, { seed: 5 });
  const long = await makeFeeds(0, 12);
  const short = await makeFeeds(9, 2);
  for (const [name, size] of [
    ['rows', 8],
    ['jitter', 4],
  ] as const)
    assert.deepEqual(short[name], long[name]?.slice(9 * size, 11 * size));
});

test('noise differs from step to step, from input to input and from seed to seed', async () => {
  const second = { name: 'second', shape: [4, 1], distribution: 'normal' as const };
  const twoInputs = { ...program, noise: [...program.noise, second] };
  const { jitter, second: other } = await feedMaker(twoInputs, line, batches, { seed: 5 })(0, 2);
  const { jitter: seeded } = await feedMaker(program, line, batches, { seed: 6 })(0, 2);
  assert.ok(jitter && other && seeded);
  assert.notDeepEqual(jitter.slice(0, 4), jitter.slice(4));
  assert.notDeepEqual(jitter, other);
  assert.notDeepEqual(jitter, seeded);
});

test('uniform noise lies in [0, 1)', async () => {
  const uniform = { ...program, noise: [{ name: 'u', shape: [1000], distribution: 'uniform' as const }] };
  const { u } = await feedMaker(uniform, line, batches, { seed: 5 })(0, 1);
  assert.ok(u instanceof Float32Array);
  assert.ok(u.every((value) => value >= 0 && value < 1));
  const average = u.reduce((sum, value) => sum + value, 0) / u.length;
  // Standard deviation of the mean of 1000 uniform numbers: 0.289 / sqrt(1000) = 0.009.
  assert.ok(Math.abs(average - 0.5) < 0.04);
});

test('changes that the rows cannot take are refused before any feed is made', () => {
  assert.throws(
    () => feedMaker(program, line, batches, { seed: 5, augment: ['flip'] }),
    /Rows of shape \[2\] cannot be mirrored/,
  );
});

test('labels are fed where the program wants them, and missing ones are an error', async () => {
  const wanting = { ...program, labels: 'classes' };
  await assert.rejects(
    feedMaker(wanting, line, batches, { seed: 5 })(0, 1),
    /line has no labels, which this model needs/,
  );
  const x = Float32Array.from({ length: 80 }, (_, i) => i);
  const labelled = fromArrays({
    x,
    shape: [2],
    labels: Int32Array.from({ length: 40 }, (_, i) => i),
    name: 'labelled',
  });
  const { rows, classes } = await feedMaker(wanting, labelled, batches, { seed: 5 })(0, 1);
  // Row i of this data starts with the number 2 i.
  assert.deepEqual(
    classes,
    BigInt64Array.from({ length: 4 }, (_, index) => BigInt(Number(rows?.[2 * index]) / 2)),
  );
});

test('augmentation changes rows by step alone: about half the images are mirrored, the same ones in any run', async () => {
  // Each image is two pixels, 0 and 1 from left to right, so that a mirrored one is 1 and 0.
  const images = fromArrays({ x: Float32Array.from({ length: 40 }, (_, i) => i % 2), shape: [1, 2, 1], name: 'pairs' });
  const order = batcher({ length: 20, batchSize: 4, seed: 0 });
  const makeFeeds = feedMaker(program, images, order, { seed: 3, augment: ['flip'] });
  const { rows: long } = await makeFeeds(0, 10);
  const { rows: short } = await makeFeeds(7, 2);
  assert.ok(long instanceof Float32Array && short instanceof Float32Array);
  assert.deepEqual(short, long.slice(7 * 8, 9 * 8));
  let mirrored = 0;
  for (let i = 0; i < long.length; i += 2) {
    assert.equal(Number(long[i]) + Number(long[i + 1]), 1);
    mirrored += Number(long[i]);
  }
  // Binomial: 40 images, mean 20, standard deviation 3.2; four of them are allowed.
  assert.ok(Math.abs(mirrored - 20) < 13, `${mirrored} of 40`);
});
