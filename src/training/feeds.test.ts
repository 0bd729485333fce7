import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batcher } from '../data/batching.js';
import { fromArrays } from '../data/index.js';
import { feedMaker } from './feeds.js';
import { line, lineProgram } from './testing/line-program.js';

const program = lineProgram();
const batches = batcher({ length: line.length, batchSize: program.batchSize, seed: 5 });

test('the feeds of a step are the same in any run that holds it', async () => {
  const makeFeeds = feedMaker(program, line, batches, 5);
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
  const { jitter, second: other } = await feedMaker(twoInputs, line, batches, 5)(0, 2);
  const { jitter: seeded } = await feedMaker(program, line, batches, 6)(0, 2);
  assert.ok(jitter && other && seeded);
  assert.notDeepEqual(jitter.slice(0, 4), jitter.slice(4));
  assert.notDeepEqual(jitter, other);
  assert.notDeepEqual(jitter, seeded);
});

test('uniform noise lies in [0, 1)', async () => {
  const uniform = { ...program, noise: [{ name: 'u', shape: [1000], distribution: 'uniform' as const }] };
  const { u } = await feedMaker(uniform, line, batches, 5)(0, 1);
  assert.ok(u instanceof Float32Array);
  assert.ok(u.every((value) => value >= 0 && value < 1));
  const average = u.reduce((sum, value) => sum + value, 0) / u.length;
  // Standard deviation of the mean of 1000 uniform numbers: 0.289 / sqrt(1000) = 0.009.
  assert.ok(Math.abs(average - 0.5) < 0.04);
});

test('labels are fed where the program wants them, and missing ones are an error', async () => {
  const wanting = { ...program, labels: 'classes' };
  await assert.rejects(feedMaker(wanting, line, batches, 5)(0, 1), /line has no labels, which this model needs/);
  const x = Float32Array.from({ length: 80 }, (_, i) => i);
  const labelled = fromArrays({
    x,
    shape: [2],
    labels: Int32Array.from({ length: 40 }, (_, i) => i),
    name: 'labelled',
  });
  const { rows, classes } = await feedMaker(wanting, labelled, batches, 5)(0, 1);
  // Row i of this data starts with the number 2 i.
  assert.deepEqual(
    classes,
    BigInt64Array.from({ length: 4 }, (_, index) => BigInt(Number(rows?.[2 * index]) / 2)),
  );
});
