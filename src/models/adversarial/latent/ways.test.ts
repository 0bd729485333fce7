import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interpolateCodes } from '../../tools/interpolate-codes.js';
import { waysBetween } from './ways.js';

test('normal numbers go along a circle, the others straight', () => {
  const a = { data: Float32Array.of(1, 0, 1, 0, 0.5), shape: [1, 5] };
  const b = { data: Float32Array.of(0, 1, 0, 1, -0.5), shape: [1, 5] };
  const { data, shape } = waysBetween(a, b, 3, 2);
  assert.deepEqual(shape, [3, 5]);
  const middle = [Math.SQRT1_2, Math.SQRT1_2, 0.5, 0.5, 0];
  const expected = [...a.data, ...middle, ...b.data];
  for (const [i, value] of expected.entries()) assert.ok(Math.abs((data[i] ?? 9) - value) < 1e-6, String(data));
  assert.deepEqual(waysBetween(a, b, 3, 5), interpolateCodes(a, b, 3));
});
