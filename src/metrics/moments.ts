// The mean and the covariance of rows, in float64:
//
//   m = 1/N sum_n x_n,   S = 1/(N - 1) sum_n (x_n - m)(x_n - m)' = 1/(N - 1) [ sum_n (x_n - c)(x_n - c)' - N (m - c)(m - c)' ]
//
// as numpy.cov has it, in one pass. Products are computed on the device, of deviations from the mean c of some of the rows: it is so near to
// that of all that no digits cancel. Rows go there as they are, float32 where that is what they are, and constant columns stay behind.
import type { Runtime, Value } from '../runtime/runtime.js';
import { batch, cast, input, lowerProgram, matmul, subtract, sum } from '../tensor/index.js';
import type { FeatureRows, MetricOptions } from './metric.js';
import { visitChunks } from './row-chunks.js';
import { float64Of } from './row-products.js';

/** Mean [width] and covariance [width, width] of rows. Plain data: statistics of real rows may be stored and used again. */
export interface Moments {
  readonly rows: number;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Numbers of a chunk of rows at most. */
const chunkValues = 2 ** 20;
/** Rows whose mean is the centre. */
const centreRows = 256;

/** The moments of two rows or more. */
export async function momentsOf(
  runtime: Runtime,
  rows: FeatureRows,
  options: Pick<MetricOptions, 'signal' | 'onProgress'> & { readonly chunkRows?: number } = {},
): Promise<Moments> {
  const columns = varyingColumns(rows);
  const centre = centreOf(rows, columns);
  const width = columns.length;
  const mean = Float64Array.from(rows.data.subarray(0, rows.width));
  if (width === 0) return { rows: rows.rows, mean, covariance: new Float64Array(rows.width ** 2) };
  const chunkRows = Math.min(rows.rows, options.chunkRows ?? Math.ceil(chunkValues / width));
  const x = input('x', [batch, width], rows.data instanceof Float32Array ? 'float32' : 'float64');
  const c = input('c', [1, width], 'float64');
  const deviations = subtract(cast(x, 'float64'), c);
  const results = {
    total: sum(deviations, { axes: 0 }),
    products: matmul(deviations, deviations, { transposeA: true }),
  };
  const program = await runtime.compile(lowerProgram({ name: 'moments', results }));
  const total = new Float64Array(width);
  const products = new Float64Array(width * width);
  try {
    const held = { c: { dtype: 'float64', shape: [1, width], data: centre } } as const;
    await visitChunks(
      rows,
      (chunk) => program.run({ x: chunk, ...held }),
      (sums) => {
        addTo(total, float64Of(sums.total));
        addTo(products, float64Of(sums.products));
      },
      { ...options, chunkRows, chunk: (first, count) => chosenColumns(rows, columns, first, count) },
    );
  } finally {
    await program.dispose();
  }
  const shift = total.map((value) => value / rows.rows);
  for (const [k, column] of columns.entries()) mean[column] = centre[k]! + shift[k]!;
  return { rows: rows.rows, mean, covariance: covarianceOf(products, shift, rows, columns) };
}

/** The columns in which not all rows are equal, in order. */
export function varyingColumns({ data, rows, width }: FeatureRows): Uint32Array {
  let same = Uint32Array.from({ length: width }, (_, k) => k);
  for (let row = 1; row < rows && same.length > 0; row++) {
    const from = row * width;
    if (same.some((k) => data[from + k] !== data[k])) same = same.filter((k) => data[from + k] === data[k]);
  }
  const isSame = new Set(same);
  return Uint32Array.from({ length: width }, (_, k) => k).filter((k) => !isSame.has(k));
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

/** Rows `first` and following of the chosen columns: a copy, since what is handed over is copied whole, views included. */
function chosenColumns({ data, width }: FeatureRows, columns: Uint32Array, first: number, count: number): Value {
  const shape = [count, columns.length];
  if (columns.length === width) {
    const part = data.slice(first * width, (first + count) * width);
    return part instanceof Float32Array
      ? { dtype: 'float32', shape, data: part }
      : { dtype: 'float64', shape, data: part };
  }
  const value: Value =
    data instanceof Float32Array
      ? { dtype: 'float32', shape, data: new Float32Array(count * columns.length) }
      : { dtype: 'float64', shape, data: new Float64Array(count * columns.length) };
  let to = 0;
  for (let row = first; row < first + count; row++)
    for (let k = 0; k < columns.length; k++) value.data[to++] = data[row * width + columns[k]!]!;
  return value;
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + values[i]!;
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
