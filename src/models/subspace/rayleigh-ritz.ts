// The Rayleigh-Ritz method: the best approximations to eigenvectors of C within the span of some rows F, from G = F F^T and P = F C F^T,
//
//   P s = t G s          G = L L^T,  L^-1 P L^-T u = t u,  s = L^-T u          Parlett 1998, The Symmetric Eigenvalue Problem, chapter 11
import { allEigenpairs } from './symmetric-eigen.js';

/** Ritz values in descending order; the rows of `mixing` say how their vectors, of length 1, are made of the rows F. */
export interface RitzPairs {
  readonly mixing: Float64Array<ArrayBuffer>;
  readonly ritz: Float64Array<ArrayBuffer>;
  /** The share of other directions that rounding leaves in a vector: more, the closer the rows came to depending on each other. */
  readonly rounding: number;
}

/** The Ritz pairs for G and P [width, width]; undefined where the rows have become dependent to working precision. */
export function rayleighRitz(gram: Float64Array, projected: Float64Array, width: number): RitzPairs | undefined {
  const lower = cholesky(gram, width);
  if (lower === undefined) return undefined;
  const reduced = projected.slice();
  forwardSubstitute(lower, reduced, width);
  transpose(reduced, width);
  forwardSubstitute(lower, reduced, width);
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++) {
      const mean = (reduced[i * width + j]! + reduced[j * width + i]!) / 2;
      reduced[i * width + j] = mean;
      reduced[j * width + i] = mean;
    }
  const { values, vectors } = allEigenpairs(reduced, width);
  const mixing = Float64Array.from(vectors);
  // s^T = u^T L^-1, from the last entry to the first.
  for (let row = 0; row < width; row++) {
    const solved = mixing.subarray(row * width, (row + 1) * width);
    for (let j = width - 1; j >= 0; j--) {
      const value = solved[j]! / lower[j * width + j]!;
      solved[j] = value;
      for (let k = 0; k < j; k++) solved[k]! -= value * lower[j * width + k]!;
    }
  }
  let least = 1;
  for (let i = 0; i < width; i++) least = Math.min(least, lower[i * width + i]! ** 2 / gram[i * width + i]!);
  return { mixing, ritz: Float64Array.from(values), rounding: Number.EPSILON / least };
}

/** L of a positive definite matrix, in its lower triangle; undefined where it is not. */
function cholesky(matrix: Float64Array, size: number): Float64Array | undefined {
  const lower = matrix.slice();
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let value = lower[i * size + j]!;
      for (let k = 0; k < j; k++) value -= lower[i * size + k]! * lower[j * size + k]!;
      if (i > j) lower[i * size + j] = value / lower[j * size + j]!;
      else if (value > 0) lower[i * size + i] = Math.sqrt(value);
      else return undefined;
    }
  return lower;
}

/** X <- L^-1 X. */
function forwardSubstitute(lower: Float64Array, x: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    const row = x.subarray(i * size, (i + 1) * size);
    for (let k = 0; k < i; k++) {
      const factor = lower[i * size + k]!;
      for (let j = 0; j < size; j++) row[j]! -= factor * x[k * size + j]!;
    }
    const pivot = lower[i * size + i]!;
    for (let j = 0; j < size; j++) row[j]! /= pivot;
  }
}

function transpose(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) {
      const value = matrix[i * size + j]!;
      matrix[i * size + j] = matrix[j * size + i]!;
      matrix[j * size + i] = value;
    }
}
