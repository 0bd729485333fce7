// The additive statistics of a covariance: how many rows, their mean, and the sum of products of deviations from it,
//
//   S = sum_n (x_n - m)(x_n - m)^T
//
// Parts combine by the rule of Chan, Golub and LeVeque (1979). Products are of x minus a nearby shift, so that columns with a large
// mean lose no digits, and only the lower block triangle is computed: S is symmetric. Sums over chunks are float64; the products of a
// chunk are, too, or in float32, twice as fast, which leaves each entry of S an error of about 1e-8 of its columns' spreads.
import { ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import type { Runtime } from '../../runtime/runtime.js';
import { cast, constant, matmul, multiply, slice, subtract, sum, type Tensor } from '../../tensor/index.js';
import { RowReduction } from '../row-reduction.js';

/** Count, mean [d] and scatter [d, d] of some rows. Plain data: it may be sent and stored. */
export interface ScatterSummary {
  readonly exampleShape: readonly number[];
  readonly count: number;
  readonly mean: Float64Array;
  readonly scatter: Float64Array;
}

/** What the products of a chunk are computed in. */
export type Precision = 'float64' | 'float32';

/** Rows per chunk: long inner products keep the matrix product fast. */
const chunkRows = { float64: 512, float32: 2048 } as const;
/** Values of a chunk at most. */
const chunkValues = 2 ** 21;
/** Columns from which on the block triangle pays. */
const leastBlockedColumns = 256;
const blocks = 4;
/** Rows whose mean becomes the shift. */
const shiftRows = 256;

/** Sums over all rows of a data set, in one pass. The data is streamed, never held twice. */
export async function summarizeScatter(
  runtime: Runtime,
  data: Dataset,
  precision: Precision = 'float64',
): Promise<ScatterSummary> {
  const features = exampleSize(data.exampleShape);
  // In float32, so that it is the same number in both precisions.
  const shift = Float32Array.from(await meanOfFirst(data, features));
  const ends = blockEnds(features);
  const most = Math.min(data.length, chunkRows[precision], Math.ceil(chunkValues / features));
  const rowsOfChunk = evenRows(data.length, most);
  const isEven = data.length % rowsOfChunk === 0;
  const reduction = await RowReduction.open(runtime, {
    name: 'scatter',
    data,
    precision,
    memoryBudget: 0,
    chunkRows: rowsOfChunk,
    statistics: ({ x, weight }) => {
      const centre = cast(constant(shift, [features], 'float32'), precision);
      const difference = subtract(x, centre);
      const deviation = isEven ? difference : multiply(difference, cast(weight, precision));
      const columns = (from: number, to: number): Tensor =>
        from === 0 && to === features ? deviation : slice(deviation, 1, from, to);
      // Weights are 0 or 1, so that one factor of a product being weighted is enough, and both do no harm.
      const rows = ends.map((end, i) => matmul(columns(ends[i - 1] ?? 0, end), columns(0, end), { transposeA: true }));
      const sums = { sum: sum(deviation, { axes: 0 }), ...Object.fromEntries(rows.map((row, i) => [`rows${i}`, row])) };
      return Object.fromEntries(Object.entries(sums).map(([name, tensor]) => [name, cast(tensor, 'float64')]));
    },
  });
  try {
    const sums = await reduction.run();
    const total = numbers(sums.sum);
    const scatter = new Float64Array(features * features);
    for (const [i, end] of ends.entries()) {
      const start = ends[i - 1] ?? 0;
      fillRows(scatter, numbers(sums[`rows${i}`]), { start, end, total, count: data.length });
    }
    const mean = Float64Array.from(shift, (value, i) => value + total[i]! / data.length);
    return { exampleShape: [...data.exampleShape], count: data.length, mean, scatter };
  } finally {
    await reduction.dispose();
  }
}

/** The statistics of two parts together. @throws ShapeError for rows of different shapes */
export function combineScatter(a: ScatterSummary, b: ScatterSummary): ScatterSummary {
  if (a.exampleShape.join() !== b.exampleShape.join())
    throw new ShapeError(
      `Statistics of rows of shape [${a.exampleShape.join(', ')}] and [${b.exampleShape.join(', ')}] cannot be combined.`,
    );
  const count = a.count + b.count;
  const difference = b.mean.map((value, i) => value - (a.mean[i] ?? 0));
  const features = difference.length;
  const factor = (a.count * b.count) / count;
  return {
    exampleShape: a.exampleShape,
    count,
    mean: a.mean.map((value, i) => value + ((difference[i] ?? 0) * b.count) / count),
    scatter: a.scatter.map((value, index) => {
      const [i, j] = [Math.floor(index / features), index % features];
      return value + (b.scatter[index] ?? 0) + factor * (difference[i] ?? 0) * (difference[j] ?? 0);
    }),
  };
}

/** The mean of the first rows: near enough to the mean of all to save the digits. */
export async function meanOfFirst(data: Dataset, features: number): Promise<Float64Array> {
  const count = Math.min(data.length, shiftRows);
  const { x } = await data.gather(Uint32Array.from({ length: count }, (_, row) => row));
  const mean = new Float64Array(features);
  // Relative to the first row, so that a constant column has exactly no variance.
  for (let i = 0; i < x.length; i++) mean[i % features] = mean[i % features]! + (x[i]! - x[i % features]!) / count;
  return mean.map((value, i) => value + x[i]!);
}

/** Rows per chunk such that, where it can be, no chunk needs filling up: then weights need not be multiplied with. */
export function evenRows(length: number, most: number): number {
  for (let rows = most; rows > most / 2; rows--) if (length % rows === 0) return rows;
  return most;
}

/** Where the blocks of columns end, of which only the lower triangle is computed. */
export function blockEnds(features: number): number[] {
  const count = features < leastBlockedColumns ? 1 : blocks;
  return Array.from({ length: count }, (_, i) => Math.round(((i + 1) * features) / count));
}

/** Puts rows of the lower block triangle into place, about the mean instead of the shift, and mirrors them. */
function fillRows(
  scatter: Float64Array,
  part: Float64Array,
  { start, end, total, count }: { start: number; end: number; total: Float64Array; count: number },
): void {
  const features = total.length;
  for (let i = start; i < end; i++) {
    const share = total[i]! / count;
    for (let j = 0; j <= i; j++) {
      const value = part[(i - start) * end + j]! - share * total[j]!;
      scatter[i * features + j] = value;
      scatter[j * features + i] = value;
    }
  }
}

/** The numbers of a float64 value. */
export function numbers(value: { readonly data: ArrayLike<number | bigint> } | undefined): Float64Array {
  if (value === undefined) throw new ShapeError('The device gave no value where one was expected.');
  return value.data instanceof Float64Array ? value.data : Float64Array.from(value.data, Number);
}
