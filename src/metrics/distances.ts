// Squared distances between rows, in two ways that fit together: exactly, for one pair, and as bounds from inner products, for many.
//
//   |a - b|^2 = |a|^2 + |b|^2 - 2 a.b
//
// The right side rounds (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1). What that leaves open is decided by the
// left side, which is 0 for equal rows and the same for (a, b) and (b, a): so equal distances are equal, and duplicates are found.
import type { FeatureRows } from './metric.js';

/** |a_i - b_j|^2, term by term. */
export function squaredDistance(a: FeatureRows, i: number, b: FeatureRows, j: number): number {
  const { width, data: left } = a;
  const right = b.data;
  const [from, to] = [i * width, j * width];
  // Four sums at once: one would wait for its own last addition.
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < width; k += 4) {
    const d0 = left[from + k]! - right[to + k]!;
    const d1 = left[from + k + 1]! - right[to + k + 1]!;
    const d2 = left[from + k + 2]! - right[to + k + 2]!;
    const d3 = left[from + k + 3]! - right[to + k + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; k < width; k++) {
    const d = left[from + k]! - right[to + k]!;
    s0 += d * d;
  }
  return s0 + s1 + (s2 + s3);
}

/** The mean of the rows: the centre from which squared lengths are short. */
export function meanOf({ data, rows, width }: FeatureRows): Float64Array {
  const mean = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    for (let k = 0; k < width; k++) mean[k] = mean[k]! + data[from + k]!;
  }
  return mean.map((value) => value / rows);
}

/** Rounding of |a|^2 + |b|^2 - 2 a.b as a share of |a|^2 + |b|^2, for rows of `width` numbers: less than this. */
export function roundingOf(width: number): number {
  return 4 * (width + 8) * 2 ** -53;
}

/** |x - centre|^2 of every row, less what rounding of a distance may amount to: |a|^2 + |b|^2 - 2 a.b is then a lower bound. */
export function shrunkSquares(rows: FeatureRows, centre: Float64Array): Float64Array {
  const factor = 1 - roundingOf(rows.width);
  return squaresOf(rows, centre).map((square) => square * factor);
}

/** |x - centre|^2 of every row. */
export function squaresOf({ data, rows, width }: FeatureRows, centre: Float64Array): Float64Array {
  const squares = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    let total = 0;
    for (let k = 0; k < width; k++) {
      const difference = data[from + k]! - centre[k]!;
      total += difference * difference;
    }
    squares[row] = total;
  }
  return squares;
}
