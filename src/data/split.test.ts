import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, DatasetError } from '../core/errors.js';
import { gatherAll } from './dataset.js';
import { fromArrays } from './from-arrays.js';
import { split, subset } from './split.js';

// Row i holds the number i and has label i % 3, so that rows can be recognised.
const numbered = (length: number) =>
  fromArrays({
    x: Float32Array.from({ length }, (_, i) => i),
    shape: [1],
    labels: Array.from({ length }, (_, i) => i % 3),
  });

test('a subset is the rows that were named, with their labels', async () => {
  const part = subset(numbered(10), [7, 2]);
  assert.equal(part.length, 2);
  assert.deepEqual([...(part.labels ?? [])], [1, 2]);
  const { x, labels } = await gatherAll(part);
  assert.deepEqual([...x], [7, 2]);
  assert.deepEqual([...(labels ?? [])], [1, 2]);
  assert.deepEqual([...(await gatherAll(subset(numbered(10), 3))).x], [0, 1, 2]);
});

test('a subset keeps what it was given when the caller changes the array', async () => {
  const rows = [1, 2];
  const part = subset(numbered(3), rows);
  rows[0] = 0;
  assert.deepEqual([...(await gatherAll(part)).x], [1, 2]);
});

test('fractions that add up to one give every row to exactly one part', async () => {
  for (const length of [7, 10, 101]) {
    const parts = split(numbered(length), { fractions: [0.6, 0.3, 0.1], seed: 1 });
    const rows = await Promise.all(parts.map(async (part) => [...(await gatherAll(part)).x]));
    assert.deepEqual(
      rows.flat().sort((a, b) => a - b),
      Array.from({ length }, (_, i) => i),
    );
  }
});

test('counts give parts of that size; the seed decides which rows', async () => {
  const rows = async (seed: number) => {
    const [part] = split(numbered(100), { counts: [20, 5], seed });
    return part === undefined ? [] : [...(await gatherAll(part)).x];
  };
  assert.equal((await rows(1)).length, 20);
  assert.deepEqual(await rows(1), await rows(1));
  assert.notDeepEqual(await rows(1), await rows(2));
});

test('parts that cannot be are refused', () => {
  const data = numbered(10);
  assert.throws(() => split(data, { fractions: [0.9, 0.2] }), ConfigError);
  assert.throws(() => split(data, { fractions: [1.2, -0.2] }), ConfigError);
  assert.throws(() => split(data, { fractions: [Number.NaN] }), ConfigError);
  assert.throws(() => split(data, { fractions: [0.99, 0.01] }), /Part 2 .* no rows/);
  assert.throws(() => split(data, { counts: [8, 3] }), ConfigError);
  assert.throws(() => split(data, { counts: [1.5] }), ConfigError);
  assert.throws(() => subset(data, 11), DatasetError);
  assert.throws(() => subset(data, [10]), DatasetError);
  assert.throws(() => subset(data, []), DatasetError);
});
