import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileFormatError } from '../core/errors.js';
import { rowShape } from './array-shape.js';

test('the first axis counts rows; two or three more make an image', () => {
  assert.deepEqual(rowShape([7], 'x'), [1]);
  assert.deepEqual(rowShape([7, 4], 'x'), [4]);
  assert.deepEqual(rowShape([7, 28, 28], 'x'), [28, 28, 1]);
  assert.deepEqual(rowShape([7, 32, 32, 3], 'x'), [32, 32, 3]);
});

test('images with channels first are refused with the way to turn them', () => {
  assert.throws(() => rowShape([7, 3, 32, 32], 'x'), /transpose\(0, 2, 3, 1\)/);
});

test('arrays that are no rows are refused', () => {
  for (const shape of [[], [0, 4], [7, 0], [1, 2, 3, 4, 5]]) assert.throws(() => rowShape(shape, 'x'), FileFormatError);
});
