// Covariances by the inverse of their triangular factor: S = L L', so that the distance is |L^-1 (x - mean)|^2, log |S| = 2 sum log L_ii,
// and the solution y of L^-1 y = z has covariance S for z from N(0, I).

/** A covariance's factor, inverted. */
export interface InverseFactor {
  /** L^-1 [D, D], lower triangular. */
  readonly inverse: Float64Array;
  readonly logDeterminant: number;
}

/** Rounding errors of a pivot are below this many times D 2^-52 of its variance. */
const mostRounding = 10;

/** The inverse factor of a covariance [D, D], of which the lower triangle counts, or undefined where it is not positive definite to working precision. */
export function factorise(covariance: Float64Array, size: number): InverseFactor | undefined {
  const lower = covariance.slice();
  let logDeterminant = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const rest = lower[i * size + j]! - dot(lower, i * size, j * size, j);
      lower[i * size + j] = rest / lower[j * size + j]!;
    }
    const left = lower[i * size + i]! - dot(lower, i * size, i * size, i);
    // What is left of the variance, given the columns before, has to be more than their rounding errors.
    if (!(left > mostRounding * size * Number.EPSILON * covariance[i * size + i]!)) return undefined;
    const pivot = Math.sqrt(left);
    lower[i * size + i] = pivot;
    logDeterminant += 2 * Math.log(pivot);
  }
  return { inverse: invertLower(lower, size), logDeterminant };
}

/** y with L^-1 y = z, into `into`. */
export function unwhiten({ inverse }: InverseFactor, z: ArrayLike<number>, into: Float64Array): void {
  const size = into.length;
  for (let i = 0; i < size; i++) {
    let value = z[i]!;
    for (let j = 0; j < i; j++) value -= inverse[i * size + j]! * into[j]!;
    into[i] = value / inverse[i * size + i]!;
  }
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

/** The inner product of `length` numbers from two places on, in four sums that do not wait for each other. */
function dot(values: Float64Array, first: number, second: number, length: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const fours = length - (length % 4);
  for (let k = 0; k < fours; k += 4) {
    a += values[first + k]! * values[second + k]!;
    b += values[first + k + 1]! * values[second + k + 1]!;
    c += values[first + k + 2]! * values[second + k + 2]!;
    d += values[first + k + 3]! * values[second + k + 3]!;
  }
  for (let k = fours; k < length; k++) a += values[first + k]! * values[second + k]!;
  return a + b + (c + d);
}
