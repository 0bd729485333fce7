import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookAt, yardstickOf } from './look.js';

// Two kinds of points, at 0 and at 10.
const line = (...values: number[]) => ({ data: Float32Array.from(values), width: 1 });
const yardstick = yardstickOf(line(0, 1, 10, 11), line(0.25, 0.75, 10.25, 10.75));

test('the yardstick is the mean distance of rows, and how many of them other rows come to', () => {
  // Distances 1, 10, 11, 9, 10, 1.
  assert.equal(yardstick.spread, 42 / 6);
  assert.equal(yardstick.reached, 4);
});

test('samples like the data are as various; a single sample is not at all', () => {
  assert.deepEqual(lookAt(7, line(0, 1, 10, 11), yardstick), { step: 7, diversity: 1, reach: 1 });
  assert.deepEqual(lookAt(7, line(5, 5, 5, 5), yardstick), { step: 7, diversity: 0, reach: 1 / 4 });
});

test('samples at both ends are as far from each other as rows are, but reach half of them', () => {
  const { diversity, reach } = lookAt(7, line(0, 0, 10, 10), yardstick);
  // Distances 0, 10, 10, 10, 10, 0 against 42 / 6.
  assert.ok(Math.abs(diversity - 40 / 42) < 1e-12);
  assert.equal(reach, 1 / 2);
});

test('rows of several numbers are far by Euclidean distance; equal rows have nothing to compare with', () => {
  const plane = { data: Float32Array.of(0, 0, 3, 4), width: 2 };
  assert.equal(yardstickOf(plane, plane).spread, 5);
  const constant = yardstickOf(line(2, 2), line(2, 2));
  assert.deepEqual(lookAt(1, line(2, 2), constant), { step: 1, diversity: 1, reach: 1 });
});
