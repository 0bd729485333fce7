// A factor of a symmetric positive semi-definite matrix, A = L L', of any rank: Cholesky's with the largest remaining diagonal entry as next
// pivot (Higham, Accuracy and Stability of Numerical Algorithms, section 10.3).

/** What is left of the diagonal that counts as rounding, relative to the largest entry and for each row. */
const roundingPerRow = 2 ** -52;

/** L [size, size], row by row, its columns in the order of pivots and 0 from the rank on. `matrix` [size, size] is not changed. */
export function semidefiniteFactor(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  const left = Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]!);
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const least = left.reduce((most, value) => Math.max(most, value), 0) * size * roundingPerRow;
  for (let column = 0; column < size; column++) {
    let best = column;
    for (let i = column + 1; i < size; i++) if (left[order[i]!]! > left[order[best]!]!) best = i;
    const pivot = order[best]!;
    if (!(left[pivot]! > least)) break;
    order[best] = order[column]!;
    order[column] = pivot;
    const scale = Math.sqrt(left[pivot]!);
    factor[pivot * size + column] = scale;
    for (let i = column + 1; i < size; i++) {
      const row = order[i]!;
      const value = (matrix[row * size + pivot]! - overlap(factor, row * size, pivot * size, column)) / scale;
      factor[row * size + column] = value;
      left[row] = left[row]! - value * value;
    }
  }
  return factor;
}

/** The product of two parts of `values`, by four sums at once: one would wait for its own last addition. */
function overlap(values: Float64Array, a: number, b: number, count: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < count; k += 4) {
    s0 += values[a + k]! * values[b + k]!;
    s1 += values[a + k + 1]! * values[b + k + 1]!;
    s2 += values[a + k + 2]! * values[b + k + 2]!;
    s3 += values[a + k + 3]! * values[b + k + 3]!;
  }
  for (; k < count; k++) s0 += values[a + k]! * values[b + k]!;
  return s0 + s1 + (s2 + s3);
}
