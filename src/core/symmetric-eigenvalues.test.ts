import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { ShapeError, VerisimError } from './errors.js';
import { symmetricEigenvalues } from './symmetric-eigenvalues.js';

const close = (found: Float64Array, expected: readonly number[], tolerance: number) => {
  assert.equal(found.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(found[i]! - value) <= tolerance, `${i}: ${found[i]} is not ${value}`);
};

test('matrices small enough for paper', () => {
  close(symmetricEigenvalues(Float64Array.of(), 0), [], 0);
  close(symmetricEigenvalues(Float64Array.of(-3), 1), [-3], 0);
  close(symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2), [3, 1], 1e-15);
  close(symmetricEigenvalues(Float64Array.of(1, 0, 0, 0, 5, 0, 0, 0, -2), 3), [5, 1, -2], 0);
  close(symmetricEigenvalues(new Float64Array(16).fill(1), 4), [4, 0, 0, 0], 1e-15);
});

test('the path graph, whose eigenvalues are cosines', () => {
  const size = 50;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i + 1 < size; i++) {
    matrix[i * size + i + 1] = 1;
    matrix[(i + 1) * size + i] = 1;
  }
  const expected = Array.from({ length: size }, (_, i) => 2 * Math.cos(((i + 1) * Math.PI) / (size + 1)));
  close(symmetricEigenvalues(matrix, size), expected, 1e-14);
});

test('dense matrices, of full and of low rank, have the eigenvalues that ml-matrix finds', () => {
  for (const [size, rank] of [
    [7, 7],
    [60, 60],
    [61, 5],
  ] as const) {
    const factor = Matrix.from1DArray(
      size,
      rank,
      Array.from({ length: size * rank }, (_, i) => Math.sin(i * i + 1)),
    );
    const product = factor.mmul(factor.transpose());
    const { realEigenvalues } = new EigenvalueDecomposition(product, { assumeSymmetric: true });
    const expected = realEigenvalues.sort((a, b) => b - a);
    close(symmetricEigenvalues(Float64Array.from(product.to1DArray()), size), expected, 1e-13 * expected[0]!);
  }
});

test('the matrix is left as it was, and only its lower triangle counts', () => {
  const matrix = Float64Array.of(2, 99, 1, 2);
  close(symmetricEigenvalues(matrix, 2), [3, 1], 1e-15);
  assert.deepEqual(matrix, Float64Array.of(2, 99, 1, 2));
});

test('scales far from 1 keep their digits', () => {
  for (const scale of [1e-150, 1e150])
    close(
      symmetricEigenvalues(
        Float64Array.of(2, 1, 1, 1, 2, 1, 1, 1, 2).map((value) => value * scale),
        3,
      ).map((value) => value / scale),
      [4, 1, 1],
      1e-14,
    );
});

test('what is no matrix is refused', () => {
  assert.throws(() => symmetricEigenvalues(new Float64Array(5), 2), ShapeError);
  assert.throws(() => symmetricEigenvalues(Float64Array.of(Number.NaN), 1), VerisimError);
});
