// The squared Euclidean distance of two rows, term by term in float64: 0 for equal rows, and the same both ways round.

/** |a - b|^2 of rows of `width` numbers that start at positions of their arrays. */
export function squaredDistance(a: Float64Array, atA: number, b: Float64Array, atB: number, width: number): number {
  // Four sums, since one addition waits for the one before.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < width; i += 4) {
    const d0 = a[atA + i]! - b[atB + i]!;
    const d1 = a[atA + i + 1]! - b[atB + i + 1]!;
    const d2 = a[atA + i + 2]! - b[atB + i + 2]!;
    const d3 = a[atA + i + 3]! - b[atB + i + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; i < width; i++) {
    const d = a[atA + i]! - b[atB + i]!;
    s0 += d * d;
  }
  return s0 + s1 + (s2 + s3);
}
