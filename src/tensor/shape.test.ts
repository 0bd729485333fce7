import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../core/errors.js';
import {
  addDims,
  batch,
  broadcastShapes,
  divideDims,
  formatShape,
  multiplyDims,
  normalizeAxes,
  SymbolicDim,
  sizeOf,
} from './shape.js';

const twice = new SymbolicDim('batch', 2);

test('symbolic lengths add, multiply and divide like multiples of one unknown', () => {
  assert.deepEqual(multiplyDims(batch, 2), twice);
  assert.deepEqual(addDims(batch, batch), twice);
  assert.deepEqual(divideDims(twice, 2), batch);
  assert.equal(divideDims(twice, batch), 2);
  assert.equal(divideDims(batch, twice), undefined);
  assert.equal(divideDims(7, 2), undefined);
  assert.equal(multiplyDims(batch, 0), 0);
  assert.deepEqual(addDims(0, batch), batch);
  assert.equal(formatShape([twice, 3]), '[2*batch, 3]');
  assert.deepEqual(sizeOf([2, batch, 3]), new SymbolicDim('batch', 6));
  // Work is counted per example.
  assert.equal(Number(sizeOf([2, batch, 3])), 6);
});

test('lengths that cannot be known are refused', () => {
  assert.throws(() => addDims(batch, 1), ShapeError);
  assert.throws(() => multiplyDims(batch, new SymbolicDim('steps')), ShapeError);
});

test('shapes broadcast by the rule of NumPy', () => {
  assert.deepEqual(broadcastShapes('add', [3, 1], [4]), [3, 4]);
  assert.deepEqual(broadcastShapes('add', [], [batch, 1], [1, 5]), [batch, 5]);
  assert.deepEqual(broadcastShapes('add', [0], [1]), [0]);
  assert.throws(
    () => broadcastShapes('add', [batch, 3], [twice, 3]),
    (error) => error instanceof ShapeError && /\[batch, 3\] and \[2\*batch, 3\]/.test(error.message),
  );
});

test('axes count from either end', () => {
  assert.deepEqual(normalizeAxes([-1, 0], 3, 'sum'), [0, 2]);
  assert.deepEqual(normalizeAxes(undefined, 2, 'sum'), [0, 1]);
  assert.throws(() => normalizeAxes([0, -3], 3, 'sum'), ShapeError);
  assert.throws(() => normalizeAxes(1.5, 3, 'sum'), ShapeError);
});
