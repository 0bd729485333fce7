import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kronecker, type Matrix, minimalFiltering, transposed } from './toom-cook.js';

const times = (matrix: Matrix, vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, index) => sum + value * (vector[index] ?? 0), 0));
const numbers = (length: number, phase: number): number[] =>
  Array.from({ length }, (_, index) => Math.sin(3 * index + phase));

test('minimal filtering gives the plain sums of products', () => {
  for (const [outputs, taps] of [
    [1, 1],
    [2, 1],
    [1, 2],
    [2, 2],
    [3, 2],
    [2, 3],
    [4, 2],
    [4, 3],
  ] as const) {
    const filtering = minimalFiltering(outputs, taps);
    assert.ok(filtering !== undefined && filtering.size === outputs + taps - 1);
    const [x, w] = [numbers(filtering.size, 1), numbers(taps, 2)];
    const factors = times(filtering.filter, w);
    const products = times(filtering.input, x).map((value, index) => value * (factors[index] ?? 0));
    for (const [i, response] of times(filtering.output, products).entries()) {
      const plain = w.reduce((sum, weight, j) => sum + weight * (x[i + j] ?? 0), 0);
      assert.ok(
        Math.abs(response - plain) < 1e-14,
        `${outputs} outputs, ${taps} taps: ${response} instead of ${plain}`,
      );
    }
  }
});

test('there is none for more factors than points are known for', () => {
  assert.equal(minimalFiltering(4, 4), undefined);
});

test('the Kronecker product maps rows and columns of a flat matrix', () => {
  const [rows, columns] = [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [0, 5, 1],
      [6, 7, 2],
    ],
  ] as const;
  const x = [numbers(3, 0), numbers(3, 1)];
  const inRows = x.map((row) => times(columns, row));
  const both = transposed(transposed(inRows).map((column) => times(rows, column)));
  assert.deepEqual(
    times(kronecker(rows, columns), x.flat()).map((v) => v.toFixed(12)),
    both.flat().map((v) => v.toFixed(12)),
  );
});
