// The mean and the covariance of rows, in float64:
//
//   m = 1/N sum_n x_n,   S = 1/(N - 1) sum_n (x_n - m)(x_n - m)' = 1/(N - 1) [ sum_n (x_n - c)(x_n - c)' - N (m - c)(m - c)' ]
//
// as numpy.cov has it, in one pass. Products are computed on the device, of deviations from the mean c of some of the rows: it is so near to
// that of all that no digits cancel. Rows go there as they are, float32 where that is what they are, and constant columns stay behind.
import type { Runtime, Value, Values } from '../runtime/runtime.js';
import {
  batch,
  cast,
  input,
  type LoweredProgram,
  lowerChunkSums,
  matmul,
  slice,
  subtract,
  sum,
} from '../tensor/index.js';
import type { FeatureRows, MetricOptions } from './metric.js';
import { pace } from './pace.js';
import { float64Of } from './row-products.js';

/** Mean [width] and covariance [width, width] of rows. Plain data: statistics of real rows may be stored and used again. */
export interface Moments {
  readonly rows: number;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Numbers of a chunk of rows at most. */
const chunkValues = 2 ** 20;
/** Chunks that the device goes over in one run at most: it need not wait for a program that is busy with other things. */
const runSteps = 8;
/** Rows whose mean is the centre. */
const centreRows = 256;
/** Columns from which on three quarters of a product, in two parts, take less time than all of it. */
const leastHalvedColumns = 256;

/**
 * The moments of two rows or more.
 *
 * @param device may still be opening: rows are looked through meanwhile
 */
export async function momentsOf(
  device: Runtime | Promise<Runtime>,
  rows: FeatureRows,
  options: Pick<MetricOptions, 'signal' | 'onProgress'> & { readonly chunkRows?: number } = {},
): Promise<Moments> {
  const columns = varyingColumns(rows);
  const centre = centreOf(rows, columns);
  const width = columns.length;
  const mean = Float64Array.from(rows.data.subarray(0, rows.width));
  if (width === 0) return { rows: rows.rows, mean, covariance: new Float64Array(rows.width ** 2) };
  const runs = runsOf(rows.rows, options.chunkRows ?? Math.ceil(chunkValues / width));
  const half = width < leastHalvedColumns ? width : Math.ceil(width / 2);
  const stacked = (run: Run) => chosenColumns(rows, columns, run);
  const prepared = stacked(runs[0]!);
  const runtime = await device;
  const done = pace(options);
  const program = await runtime.compile(sumsOfRun(width, half, rows.data instanceof Float32Array));
  const total = new Float64Array(width);
  const products = new Float64Array(width * width);
  const c = { dtype: 'float64', shape: [1, width], data: centre } as const;
  const start = async (x: Value) => {
    // Handed over, where feeds are copied.
    const held = await runtime.hold({ x });
    try {
      return await program.run({ c }, held);
    } finally {
      await held.dispose();
    }
  };
  let next: Promise<Values> | undefined = start(prepared);
  try {
    for (const [i, run] of runs.entries()) {
      const current = next;
      const following = runs[i + 1];
      next = following === undefined ? undefined : start(stacked(following));
      const { sums, upper, lower } = await current!;
      addTo(total, float64Of(sums), 0, width, width);
      addTo(products, float64Of(upper), 0, half, width);
      if (half < width) addTo(products, float64Of(lower), half * width, width, width);
      await done((run.first + run.steps * run.rows) / rows.rows);
    }
  } finally {
    await next?.catch(() => undefined);
    await program.dispose();
  }
  const shift = total.map((value) => value / rows.rows);
  for (const [k, column] of columns.entries()) mean[column] = centre[k]! + shift[k]!;
  return { rows: rows.rows, mean, covariance: covarianceOf(products, shift, rows, columns) };
}

/** Rows that the device goes over in one run: `steps` chunks of `rows` each, from `first` on. */
interface Run {
  readonly first: number;
  readonly steps: number;
  readonly rows: number;
}

/** All rows, in runs of chunks of at most `most` rows. */
function runsOf(count: number, most: number): readonly Run[] {
  const even = Math.ceil(count / Math.ceil(count / most));
  const runs: Run[] = [];
  for (let first = 0; first < count; ) {
    const rows = Math.min(even, count - first);
    const steps = Math.min(runSteps, Math.floor((count - first) / rows));
    runs.push({ first, steps, rows });
    first += steps * rows;
  }
  return runs;
}

/** The sums [width] of all deviations, and of their products the first `half` rows [half, half] and the others [width - half, width]. */
function sumsOfRun(width: number, half: number, isFloat32: boolean): LoweredProgram {
  const x = input('x', [batch, width], isFloat32 ? 'float32' : 'float64');
  const deviations = subtract(cast(x, 'float64'), input('c', [1, width], 'float64'));
  const first = slice(deviations, 1, 0, half);
  const results = { sums: sum(deviations, { axes: 0 }), upper: matmul(first, first, { transposeA: true }) };
  if (half === width) return lowerChunkSums({ name: 'moments', results }, ['x']);
  const lower = matmul(slice(deviations, 1, half, width), deviations, { transposeA: true });
  return lowerChunkSums({ name: 'moments', results: { ...results, lower } }, ['x']);
}

/** The columns in which not all rows are equal, in order. */
export function varyingColumns({ data, rows, width }: FeatureRows): Uint32Array {
  // Those in which rows were equal so far come first.
  const columns = Uint32Array.from({ length: width }, (_, k) => k);
  let same = width;
  for (let row = 1; row < rows && same > 0; row++)
    for (let i = 0, from = row * width; i < same; ) {
      const column = columns[i]!;
      if (data[from + column] === data[column]) i++;
      else {
        same--;
        columns[i] = columns[same]!;
        columns[same] = column;
      }
    }
  return columns.subarray(same).sort();
}

/** The mean of rows spread over all, of the chosen columns. */
function centreOf({ data, rows, width }: FeatureRows, columns: Uint32Array): Float64Array {
  const count = Math.min(rows, centreRows);
  const sums = new Float64Array(columns.length);
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * rows) / count) * width;
    for (let k = 0; k < columns.length; k++) sums[k] = sums[k]! + data[from + columns[k]!]!;
  }
  return sums.map((value) => value / count);
}

/** The chosen columns [steps, rows, columns] of a run, in memory of their own. */
function chosenColumns({ data, width }: FeatureRows, columns: Uint32Array, { first, steps, rows }: Run): Value {
  const shape = [steps, rows, columns.length];
  const part = data.subarray(first * width, (first + steps * rows) * width);
  const count = steps * rows * columns.length;
  if (part instanceof Float32Array) {
    const chosen = new Float32Array(count);
    copyColumns(part, width, columns, chosen);
    return { dtype: 'float32', shape, data: chosen };
  }
  const chosen = new Float64Array(count);
  copyColumns(part, width, columns, chosen);
  return { dtype: 'float64', shape, data: chosen };
}

function copyColumns<Data extends Float32Array | Float64Array>(
  rows: Data,
  width: number,
  columns: Uint32Array,
  to: Data,
): void {
  if (columns.length === width) to.set(rows);
  else
    for (let from = 0, at = 0; from < rows.length; from += width)
      for (let k = 0; k < columns.length; k++) to[at++] = rows[from + columns[k]!]!;
}

/** Adds `values`, row by row, to the leading part of the rows from `start` on: [.., columns] of [.., width]. */
function addTo(sums: Float64Array, values: Float64Array, start: number, columns: number, width: number): void {
  for (let from = 0, to = start; from < values.length; from += columns, to += width)
    for (let k = 0; k < columns; k++) sums[to + k] = sums[to + k]! + values[from + k]!;
}

/** The covariance of all columns, of the products of the varying ones. */
function covarianceOf(
  products: Float64Array,
  shift: Float64Array,
  { rows, width }: FeatureRows,
  columns: Uint32Array,
): Float64Array {
  const covariance = new Float64Array(width * width);
  for (const [i, row] of columns.entries())
    for (let j = 0; j <= i; j++) {
      const value = (products[i * columns.length + j]! - rows * shift[i]! * shift[j]!) / (rows - 1);
      covariance[row * width + columns[j]!] = value;
      covariance[columns[j]! * width + row] = value;
    }
  return covariance;
}
