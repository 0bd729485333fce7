// A factor of a symmetric positive semi-definite matrix, A = L L', of any rank: Cholesky's with the largest remaining diagonal entry as next
// pivot (Higham, Accuracy and Stability of Numerical Algorithms, section 10.3).

/** What is left of the diagonal that counts as rounding, relative to the largest entry and for each row. */
const roundingPerRow = 2 ** -52;

/** L [size, rank], row by row, its columns in the order of pivots. */
export interface SemidefiniteFactor {
  readonly factor: Float64Array;
  readonly rank: number;
}

/** The factor of `matrix` [size, size], which is not changed; in turns, yielding the share that is done. */
export function* semidefiniteFactor(matrix: Float64Array, size: number): Generator<number, SemidefiniteFactor> {
  const factor = new Float64Array(size * size);
  const left = Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]!);
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const least = left.reduce((most, value) => Math.max(most, value), 0) * size * roundingPerRow;
  const sums = new Float64Array(16);
  let rank = 0;
  for (let column = 0; column < size; column++, rank++) {
    let best = column;
    for (let i = column + 1; i < size; i++) if (left[order[i]!]! > left[order[best]!]!) best = i;
    const pivot = order[best]!;
    if (!(left[pivot]! > least)) break;
    order[best] = order[column]!;
    order[column] = pivot;
    const scale = Math.sqrt(left[pivot]!);
    factor[pivot * size + column] = scale;
    for (let first = column + 1; first < size; first += 4) {
      overlaps(factor, pivot * size, fourRows(order, first, size), column, sums);
      for (let i = first; i < Math.min(size, first + 4); i++) {
        const row = order[i]!;
        const value = (matrix[row * size + pivot]! - sums[i - first]!) / scale;
        factor[row * size + column] = value;
        left[row] = left[row]! - value * value;
      }
    }
    yield (column / size) ** 2;
  }
  return { factor: columnsOf(factor, size, rank), rank };
}

/** The first columns of a matrix [size, size]. */
function columnsOf(matrix: Float64Array, size: number, count: number): Float64Array {
  if (count === size) return matrix;
  const result = new Float64Array(size * count);
  for (let row = 0; row < size; row++) result.set(matrix.subarray(row * size, row * size + count), row * count);
  return result;
}

/** Where four rows in `order` begin, from `first` on; the last one again beyond the end. */
function fourRows(order: Uint32Array, first: number, size: number): readonly [number, number, number, number] {
  const at = (i: number) => order[Math.min(size - 1, i)]! * size;
  return [at(first), at(first + 1), at(first + 2), at(first + 3)];
}

/** The products of a part of `values` with four others: every number of it is read once for all of them. */
function overlaps(
  values: Float64Array,
  pivot: number,
  rows: readonly [number, number, number, number],
  count: number,
  sums: Float64Array,
): void {
  sums.fill(0);
  // By four sums each: they round less than one.
  const even = count - (count % 4);
  for (let start = 0; start < 4; start++) addProducts(values, pivot, rows, start, even, sums, 4 * start);
  addProducts(values, pivot, rows, even, count, sums, 0, 1);
  for (let row = 0; row < 4; row++) sums[row] = sums[row]! + sums[4 + row]! + (sums[8 + row]! + sums[12 + row]!);
}

function addProducts(
  values: Float64Array,
  pivot: number,
  [a, b, c, d]: readonly [number, number, number, number],
  start: number,
  end: number,
  sums: Float64Array,
  to: number,
  step = 4,
): void {
  let [s0, s1, s2, s3] = [sums[to]!, sums[to + 1]!, sums[to + 2]!, sums[to + 3]!];
  for (let k = start; k < end; k += step) {
    const value = values[pivot + k]!;
    s0 += values[a + k]! * value;
    s1 += values[b + k]! * value;
    s2 += values[c + k]! * value;
    s3 += values[d + k]! * value;
  }
  sums[to] = s0;
  sums[to + 1] = s1;
  sums[to + 2] = s2;
  sums[to + 3] = s3;
}
