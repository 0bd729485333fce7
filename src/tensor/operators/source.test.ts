import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import { batch, constant, evaluate, input } from '../index.js';

test('a constant holds its numbers in row-major order; without a shape it is a vector', () => {
  assert.deepEqual(constant([1, 2, 3]).shape, [3]);
  const [matrix] = evaluate([constant([1, 2, 3, 4], [2, 2])]);
  assert.deepEqual(matrix, { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) });
});

test('numbers that do not fill the shape, and nested rows, are refused', () => {
  assert.throws(() => constant([1, 2, 3], [2, 2]), ShapeError);
  // As a program without types may say it.
  const nested = JSON.parse('[[1, 2], [3, 4]]');
  assert.throws(() => constant(nested), /one flat array and its shape.*received an array at position 0/);
});

test('the lengths of an input are whole numbers or symbolic', () => {
  assert.deepEqual(input('x', [batch, 3]).shape, [batch, 3]);
  for (const length of [-1, 1.5, Number.NaN])
    assert.throws(() => input('x', [length, 3]), /The input "x" has shape .*or `batch` where any number/);
});
