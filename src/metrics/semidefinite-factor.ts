// A factor of a symmetric positive semi-definite matrix, A = L L', of any rank: Cholesky's, of rows that nearly depend on others the last and
// with the largest remaining diagonal entry as next pivot (Higham, Accuracy and Stability of Numerical Algorithms, section 10.3). Columns of L are found here, some at a time; the device takes
// their products off what is left of A, which is nearly all the work (Lucas 2004, LAPACK-style codes for level 2 and 3 pivoted Cholesky
// factorizations).
import { free } from '../core/free.js';
import type { CompiledProgram, Runtime } from '../runtime/runtime.js';
import { input, lowerProgram, matmul, SymbolicDim, subtract } from '../tensor/index.js';
import { definiteBlocks } from './definite-blocks.js';
import type { MetricOptions } from './metric.js';
import { pace, stage } from './pace.js';
import { float64Of } from './row-products.js';

/** What is left of the diagonal that counts as rounding, relative to the largest entry and for each row. */
const roundingPerRow = 2 ** -52;
/** Columns of L between two calls of the device. */
const panelColumns = 64;

/** L [size, rank], row by row. */
export interface SemidefiniteFactor {
  readonly factor: Float64Array;
  readonly rank: number;
}

/** The factor of `matrix` [size, size], which is not changed. @throws the signal's reason */
export async function semidefiniteFactor(
  runtime: Runtime,
  matrix: Float64Array,
  size: number,
  options: Pick<MetricOptions, 'signal' | 'onProgress'> = {},
): Promise<SemidefiniteFactor> {
  const rows = Uint32Array.from({ length: size }, (_, i) => i).filter((i) => matrix[i * size + i]! > 0);
  const count = rows.length;
  const largest = rows.reduce((most, i) => Math.max(most, matrix[i * size + i]!), 0);
  const { factor, columns, ...rest } = await definiteBlocks(
    runtime,
    chosenSquare(matrix, size, rows),
    count,
    stage(options, 0, 0.7),
  );
  const pivoted = await pivotedFactor(runtime, rest.left, largest * size * roundingPerRow, stage(options, 0.7, 1));
  for (const [i, row] of rest.rows.entries()) {
    const from = i * rest.rows.length;
    factor.set(pivoted.factor.subarray(from, from + pivoted.rank), row * count + columns);
  }
  const rank = columns + pivoted.rank;
  const whole = spread(factor, rows, size, rank);
  free(factor, pivoted.factor);
  return { factor: whole, rank };
}

/** The factor [size, size] of a square matrix, as many columns of it as pivots are found that are more than `least`. The matrix is handed over. */
async function pivotedFactor(
  runtime: Runtime,
  matrix: Float64Array,
  least: number,
  options: Pick<MetricOptions, 'signal' | 'onProgress'>,
): Promise<SemidefiniteFactor> {
  const count = Math.sqrt(matrix.length);
  const factor = new Float64Array(count * count);
  const diagonal = Float64Array.from({ length: count }, (_, i) => matrix[i * count + i]!);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const done = pace(options);
  let program: CompiledProgram | undefined;
  try {
    for (let [first, left] = [0, matrix]; ; first += panelColumns) {
      const end = Math.min(count, first + panelColumns);
      const rank = factorColumns({ factor, order, diagonal, least, left }, first, end);
      await done(count === 0 ? 1 : rank / count);
      if (rank < end || end === count) return { factor, rank };
      program ??= await runtime.compile(withoutProducts());
      left = await remaining(program, left, columnsOf(factor, count, first, end));
    }
  } finally {
    await program?.dispose();
  }
}

/** A factorisation on its way. */
interface Elimination {
  /** L [count, count], of which some columns are found. */
  readonly factor: Float64Array;
  /** All rows, the pivots so far first. */
  readonly order: Uint32Array;
  /** The diagonal of what is left. */
  readonly diagonal: Float64Array;
  /** What counts as more than rounding there. */
  readonly least: number;
  /** What is left [count, count] but for products of the columns that are being found. */
  readonly left: Float64Array;
}

/** Finds columns from `first` on to before `end`, or up to the rank, which is given where it is reached; else `end`. */
function factorColumns({ factor, order, diagonal, least, left }: Elimination, first: number, end: number): number {
  const count = order.length;
  const sums = new Float64Array(4);
  for (let column = first; column < end; column++) {
    let best = column;
    for (let i = column + 1; i < count; i++) if (diagonal[order[i]!]! > diagonal[order[best]!]!) best = i;
    const pivot = order[best]!;
    if (!(diagonal[pivot]! > least)) return column;
    order[best] = order[column]!;
    order[column] = pivot;
    const scale = Math.sqrt(diagonal[pivot]!);
    factor[pivot * count + column] = scale;
    for (let next = column + 1; next < count; next += 4) {
      overlaps(factor, pivot * count, fourRows(order, next, count), first, column, sums);
      for (let i = next; i < Math.min(count, next + 4); i++) {
        const row = order[i]!;
        const value = (left[pivot * count + row]! - sums[i - next]!) / scale;
        factor[row * count + column] = value;
        diagonal[row] = diagonal[row]! - value * value;
      }
    }
  }
  return end;
}

/** The program that takes A and some columns P of L to A - P P'. */
function withoutProducts() {
  const [rows, columns] = [new SymbolicDim('rows'), new SymbolicDim('columns')];
  const panel = input('panel', [rows, columns], 'float64');
  const left = subtract(input('a', [rows, rows], 'float64'), matmul(panel, panel, { transposeB: true }));
  return lowerProgram({ name: 'remaining', results: { left } });
}

async function remaining(program: CompiledProgram, a: Float64Array, panel: Float64Array): Promise<Float64Array> {
  const size = Math.sqrt(a.length);
  const { left } = await program.runOnce({
    a: { dtype: 'float64', shape: [size, size], data: a },
    panel: { dtype: 'float64', shape: [size, panel.length / size], data: panel },
  });
  return float64Of(left);
}

/** Some rows and the same columns of a square matrix. */
function chosenSquare(matrix: Float64Array, size: number, chosen: Uint32Array): Float64Array {
  const result = new Float64Array(chosen.length ** 2);
  for (let i = 0, at = 0; i < chosen.length; i++)
    for (let j = 0; j < chosen.length; j++, at++) result[at] = matrix[chosen[i]! * size + chosen[j]!]!;
  return result;
}

/** Some columns of a matrix [size, size]. */
function columnsOf(matrix: Float64Array, size: number, first: number, end: number): Float64Array {
  const count = end - first;
  const result = new Float64Array(size * count);
  for (let row = 0; row < size; row++) result.set(matrix.subarray(row * size + first, row * size + end), row * count);
  return result;
}

/** The first columns of a square matrix, its rows put to where they belong among `size`. */
function spread(matrix: Float64Array, rows: Uint32Array, size: number, columns: number): Float64Array {
  const result = new Float64Array(size * columns);
  for (const [i, row] of rows.entries())
    result.set(matrix.subarray(i * rows.length, i * rows.length + columns), row * columns);
  return result;
}

/** Where four rows in `order` begin, from `first` on; the last one again beyond the end. */
function fourRows(order: Uint32Array, first: number, size: number): readonly [number, number, number, number] {
  const at = (i: number) => order[Math.min(size - 1, i)]! * size;
  return [at(first), at(first + 1), at(first + 2), at(first + 3)];
}

/** The products of columns `first` to before `end` of one row with four others: every number of it is read once for all of them. */
function overlaps(
  values: Float64Array,
  pivot: number,
  [a, b, c, d]: readonly [number, number, number, number],
  first: number,
  end: number,
  sums: Float64Array,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let k = first; k < end; k++) {
    const value = values[pivot + k]!;
    s0 += values[a + k]! * value;
    s1 += values[b + k]! * value;
    s2 += values[c + k]! * value;
    s3 += values[d + k]! * value;
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}
