import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../core/errors.js';
import * as t from './index.js';

const row = (...values: number[]) => ({ shape: [values.length / 2, 2], data: Float64Array.from(values) });

test('symbolic lengths come from what is fed, also twice in one shape', () => {
  const x = t.input('x', [t.batch, 2]);
  const [gram, ones] = t.evaluate([t.matmul(x, x, { transposeB: true }), t.full([t.batch, t.batch], 1)], {
    x: row(1, 2, 3, 4, 5, 6),
  });
  assert.deepEqual(gram?.shape, [3, 3]);
  assert.deepEqual([...(gram?.data ?? [])], [5, 11, 17, 11, 25, 39, 17, 39, 61]);
  assert.deepEqual(ones?.shape, [3, 3]);
});

test('feeds that are missing or do not fit are named', () => {
  const [x, y] = [t.input('x', [t.batch, 2]), t.input('y', [t.batch])];
  const refused = (action: () => unknown, pattern: RegExp) =>
    assert.throws(action, (error) => error instanceof ShapeError && pattern.test(error.message));
  refused(() => t.evaluate([x]), /"x"/);
  refused(
    () => t.evaluate([x], { x: { shape: [2, 3], data: new Float64Array(6) } }),
    /"x" has shape \[batch, 2\].*\[2, 3\]/,
  );
  refused(
    () => t.evaluate([x, y], { x: row(1, 2), y: { shape: [3], data: new Float64Array(3) } }),
    /"y" has shape \[batch\].*\[3\]/,
  );
  refused(() => t.evaluate([t.full([t.batch], 1)]), /batch/);
});
