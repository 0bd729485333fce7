// Covariances as triangular factors: S = L L', so that the distance is |L^-1 (x - mean)|^2, log |S| = 2 sum log L_ii, and L z has
// covariance S for z from N(0, I).
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** A covariance's factors. */
export interface Factors {
  /** L [D, D], lower triangular. */
  readonly lower: Float64Array;
  /** L^-1 [D, D], lower triangular. */
  readonly inverse: Float64Array;
  readonly logDeterminant: number;
}

/** Rounding errors of a pivot are below this many times D 2^-52 of its variance. */
const mostRounding = 10;

/** The factors of a covariance [D, D], or undefined where it is not positive definite to working precision. */
export function factorise(covariance: Float64Array, size: number): Factors | undefined {
  const matrix = new Matrix(size, size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      // Products of floats may differ in the last bit from their mirror images.
      const value = covariance[i * size + j]!;
      matrix.set(i, j, value);
      matrix.set(j, i, value);
    }
  const cholesky = new CholeskyDecomposition(matrix);
  if (!cholesky.isPositiveDefinite()) return undefined;
  const lower = Float64Array.from(cholesky.lowerTriangularMatrix.to1DArray());
  let logDeterminant = 0;
  for (let i = 0; i < size; i++) {
    const pivot = lower[i * size + i]!;
    // What is left of the variance, given the columns before, has to be more than their rounding errors.
    if (!(pivot * pivot > mostRounding * size * Number.EPSILON * covariance[i * size + i]!)) return undefined;
    logDeterminant += 2 * Math.log(pivot);
  }
  return { lower, inverse: invertLower(lower, size), logDeterminant };
}

/** L^-1 by forward substitution, row by row. */
function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = inverse.subarray(i * size, (i + 1) * size);
    row[i] = 1;
    for (let k = 0; k < i; k++) {
      const factor = lower[i * size + k]!;
      const above = inverse.subarray(k * size, k * size + k + 1);
      for (let j = 0; j <= k; j++) row[j]! -= factor * above[j]!;
    }
    const pivot = lower[i * size + i]!;
    for (let j = 0; j <= i; j++) row[j]! /= pivot;
  }
  return inverse;
}
