// The additive statistics of a covariance: how many rows, their mean, and the sum of products of deviations from it,
//
//   S = sum_n (x_n - m)(x_n - m)^T
//
// Parts combine by the rule of Chan, Golub and LeVeque (1979). Products are of x minus a nearby shift, so that columns with a large
// mean lose no digits, in float64, and only the lower block triangle is computed: S is symmetric.
import { ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import type { Runtime } from '../../runtime/runtime.js';
import { constant, matmul, multiply, slice, subtract, sum, type Tensor } from '../../tensor/index.js';
import { RowReduction } from '../row-reduction.js';

/** Count, mean [d] and scatter [d, d] of some rows. Plain data: it may be sent and stored. */
export interface ScatterSummary {
  readonly exampleShape: readonly number[];
  readonly count: number;
  readonly mean: Float64Array;
  readonly scatter: Float64Array;
}

/** Rows per chunk: long inner products keep the matrix product fast. */
const chunkRows = 512;
/** Values of a chunk at most. */
const chunkValues = 2 ** 21;
/** Columns from which on the block triangle pays. */
const leastBlockedColumns = 256;
const blocks = 4;
/** Rows whose mean becomes the shift. */
const shiftRows = 256;

/** Sums over all rows of a data set, in one pass. The data is streamed, never held twice. */
export async function summarizeScatter(runtime: Runtime, data: Dataset): Promise<ScatterSummary> {
  const features = exampleSize(data.exampleShape);
  const shift = await meanOfFirst(data, features);
  const ends = blockEnds(features);
  const reduction = await RowReduction.open(runtime, {
    name: 'scatter',
    data,
    memoryBudget: 0,
    chunkRows: Math.max(1, Math.min(data.length, chunkRows, Math.ceil(chunkValues / features))),
    statistics: ({ x, weight }) => {
      const deviation = multiply(subtract(x, constant(shift, [features], 'float64')), weight);
      const columns = (from: number, to: number): Tensor =>
        from === 0 && to === features ? deviation : slice(deviation, 1, from, to);
      // Weights are 0 or 1, so that one factor of a product being weighted is enough, and both do no harm.
      const rows = ends.map((end, i) => matmul(columns(ends[i - 1] ?? 0, end), columns(0, end), { transposeA: true }));
      return { sum: sum(deviation, { axes: 0 }), ...Object.fromEntries(rows.map((row, i) => [`rows${i}`, row])) };
    },
  });
  try {
    const sums = await reduction.run();
    const scatter = new Float64Array(features * features);
    for (const [i, end] of ends.entries())
      fillRows(scatter, features, ends[i - 1] ?? 0, end, numbers(sums[`rows${i}`]));
    const total = numbers(sums.sum);
    const mean = shift.map((value, i) => value + (total[i] ?? 0) / data.length);
    for (let i = 0; i < features; i++)
      for (let j = 0; j < features; j++)
        scatter[i * features + j] =
          (scatter[i * features + j] ?? 0) - ((total[i] ?? 0) * (total[j] ?? 0)) / data.length;
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

function blockEnds(features: number): number[] {
  const count = features < leastBlockedColumns ? 1 : blocks;
  return Array.from({ length: count }, (_, i) => Math.round(((i + 1) * features) / count));
}

/** Puts rows `from` to `to` of the lower block triangle into place, and mirrors them. */
function fillRows(scatter: Float64Array, features: number, from: number, to: number, part: Float64Array): void {
  for (let i = from; i < to; i++)
    for (let j = 0; j <= i; j++) {
      const value = part[(i - from) * to + j] ?? 0;
      scatter[i * features + j] = value;
      scatter[j * features + i] = value;
    }
}

/** The numbers of a float64 value. */
export function numbers(value: { readonly data: ArrayLike<number | bigint> } | undefined): Float64Array {
  if (value === undefined) throw new ShapeError('The device gave no value where one was expected.');
  return value.data instanceof Float64Array ? value.data : Float64Array.from(value.data, Number);
}
