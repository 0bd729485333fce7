import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { fromArrays } from '../data/from-arrays.js';
import { checkBinary, survey } from './survey.js';

test('means, squares and range of more rows than are read at once', async () => {
  const rows = 5000;
  const x = Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 === 0 ? (i / 2) % 2 : 3));
  const found = await survey('test', fromArrays({ x, shape: [2] }));
  assert.deepEqual([...found.means], [0.5, 3]);
  assert.deepEqual([...found.squares], [0.5, 9]);
  assert.deepEqual([found.smallest, found.largest], [0, 3]);
  assert.deepEqual(found.nonBinary, { row: 0, position: 1, value: 3 });
});

test('binary rows pass, others are refused with their place', async () => {
  const binary = await survey('test', fromArrays({ x: Float32Array.of(0, 1, 1, 0), shape: [2] }));
  checkBinary('test', 'x', binary);
  const grey = await survey('test', fromArrays({ x: Float32Array.of(0, 1, 1, 0.25), shape: [2] }));
  assert.throws(
    () => checkBinary('made', 'photos', grey),
    (error) =>
      error instanceof ConfigError && /made: row 1 of photos holds 0.25 at position 1.*binarise/.test(error.message),
  );
});
