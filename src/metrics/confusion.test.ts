import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../core/errors.js';
import { confusion } from './confusion.js';

const labels = [0, 0, 1, 2, 2, 2, 1, 0];
const predictions = [0, 1, 1, 2, 0, 2, 1, 0];

test('the same as scikit-learn', () => {
  const { accuracy, matrix, perClass } = confusion(labels, predictions, ['a', 'b', 'c']);
  assert.equal(accuracy, 6 / 8);
  // sklearn.metrics.confusion_matrix(labels, predictions)
  assert.deepEqual(matrix, [
    [2, 1, 0],
    [0, 2, 0],
    [1, 0, 2],
  ]);
  // precision_score(labels, predictions, average=None), recall_score(labels, predictions, average=None)
  assert.deepEqual(
    perClass.map(({ name, precision, recall }) => [name, precision, recall]),
    [
      ['a', 2 / 3, 2 / 3],
      ['b', 2 / 3, 1],
      ['c', 1, 2 / 3],
    ],
  );
});

test('a class without rows has no recall, one never called no precision', () => {
  const [a, b] = confusion([1, 1], [0, 0], ['a', 'b']).perClass;
  assert.deepEqual([a?.rows, a?.predicted, a?.recall, a?.precision], [0, 2, undefined, 0]);
  assert.deepEqual([b?.rows, b?.predicted, b?.recall, b?.precision], [2, 0, 0, undefined]);
});

test('lengths that differ and numbers that are no class are refused', () => {
  assert.throws(() => confusion([0], [0, 1], ['a', 'b']), ShapeError);
  assert.throws(() => confusion([], [], ['a']), ShapeError);
  assert.throws(
    () => confusion([0, 2], [0, 0], ['a', 'b']),
    (error) => error instanceof ConfigError && /Row 1 has label 2.*from 0 to 1/.test(error.message),
  );
});
