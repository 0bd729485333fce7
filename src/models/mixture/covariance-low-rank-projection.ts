// Covariances of few dimensions and noise, S = W W^T + diag(v), by matrices of the size of W alone (Woodbury's identity and the matrix
// determinant lemma). With the Cholesky factor of M = I + W^T diag(v)^-1 W = L L^T and the projection P = diag(v)^-1 W L^-T,
//
//   S^-1 = diag(v)^-1 - P P^T,   log |S| = sum log v + 2 sum log L_jj,   and u = L^T z has the posterior N(P^T (x - m), I).
//
// All matrices are row-major: loadings and projections [features, rank], Gram matrices [rank, rank]. The loops over features are the
// part of an iteration that is not on the device; they index directly, which is several times faster than through a function.
import { choleskyFactor } from './cholesky.js';
import { at } from './emission.js';

/** What densities need of a covariance W W^T + diag(v). */
export interface Projection {
  /** P, [features, rank]. */
  readonly projection: Float64Array;
  /** 1 / v, [features]. */
  readonly precisions: Float64Array;
  /** log |S|. */
  readonly logDeterminant: number;
}

/** The projection for loadings W [features, rank] and variances of the noise v [features]. */
export function projectionOf(loadings: Float64Array, variances: Float64Array): Projection {
  const rank = loadings.length / variances.length;
  const precisions = variances.map((variance) => 1 / variance);
  const scaled = loadings.map((value, index) => value * at(precisions, Math.floor(index / rank)));
  const gram = productsOf(scaled, loadings, rank);
  addToDiagonal(gram, rank, 1);
  const factor = choleskyFactor(gram, rank);
  let logDeterminant = variances.reduce((total, variance) => total + Math.log(variance), 0);
  for (let j = 0; j < rank; j++) logDeterminant += 2 * Math.log(at(factor, j * rank + j));
  return { projection: solveRows(scaled, factor, rank), precisions, logDeterminant };
}

/** A^T B of matrices [features, rank], where that is symmetric but for rounding. */
export function productsOf(a: Float64Array, b: Float64Array, rank: number): Float64Array {
  const products = new Float64Array(rank * rank);
  for (let start = 0; start < a.length; start += rank)
    for (let i = 0; i < rank; i++) {
      const [value, row] = [a[start + i]!, i * rank];
      for (let j = 0; j <= i; j++) products[row + j]! += value * b[start + j]!;
    }
  for (let i = 0; i < rank; i++) for (let j = 0; j < i; j++) products[j * rank + i] = products[i * rank + j]!;
  return products;
}

/** Adds a number to the diagonal of a matrix [rank, rank], in place. */
export function addToDiagonal(matrix: Float64Array, rank: number, value: number): void {
  for (let j = 0; j < rank; j++) matrix[j * rank + j] = at(matrix, j * rank + j) + value;
}

/** The rows of Y, Y L^T = B, by forward substitution: B [features, rank], L [rank, rank]. */
export function solveRows(rows: Float64Array, factor: Float64Array, rank: number): Float64Array {
  const solved = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += rank)
    for (let j = 0; j < rank; j++) {
      let value = rows[start + j]!;
      for (let i = 0; i < j; i++) value -= solved[start + i]! * factor[j * rank + i]!;
      solved[start + j] = value / factor[j * rank + j]!;
    }
  return solved;
}
