// The mean and the covariance of rows, in float64:
//
//   m = 1/N sum_n x_n,   S = 1/(N - 1) sum_n (x_n - m)(x_n - m)'
//
// as numpy.cov has it. Products are computed on the device, of deviations from the mean, so that no digits cancel.
import type { Runtime } from '../runtime/runtime.js';
import { input, lowerProgram, matmul, slice } from '../tensor/index.js';
import { meanOf } from './distances.js';
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
/** Columns from which on computing only the lower block triangle pays. */
const leastBlockedColumns = 256;
const blocks = 4;

/** The moments of two rows or more. */
export async function momentsOf(
  runtime: Runtime,
  rows: FeatureRows,
  options: Pick<MetricOptions, 'signal' | 'onProgress'> & { readonly chunkRows?: number } = {},
): Promise<Moments> {
  const { width } = rows;
  const mean = meanOf(rows);
  const chunkRows = Math.min(rows.rows, options.chunkRows ?? Math.ceil(chunkValues / width));
  const ends = blockEnds(width);
  const x = input('x', [chunkRows, width], 'float64');
  const columns = (from: number, to: number) => (to - from === width ? x : slice(x, 1, from, to));
  const program = await runtime.compile(
    lowerProgram({
      name: 'moments',
      results: Object.fromEntries(
        ends.map((end, i) => [
          `rows${i}`,
          matmul(columns(ends[i - 1] ?? 0, end), columns(0, end), { transposeA: true }),
        ]),
      ),
    }),
  );
  const covariance = new Float64Array(width * width);
  try {
    await visitChunks(
      rows,
      (x) => program.run({ x }),
      (sums) => {
        for (const [i, end] of ends.entries())
          addRows(covariance, float64Of(sums[`rows${i}`]), ends[i - 1] ?? 0, end, width);
      },
      { ...options, chunkRows, centre: mean },
    );
  } finally {
    await program.dispose();
  }
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) {
      const value = covariance[i * width + j]! / (rows.rows - 1);
      covariance[i * width + j] = value;
      covariance[j * width + i] = value;
    }
  return { rows: rows.rows, mean, covariance };
}

function blockEnds(width: number): number[] {
  const count = width < leastBlockedColumns ? 1 : blocks;
  return Array.from({ length: count }, (_, i) => Math.round(((i + 1) * width) / count));
}

/** Adds rows `start` to `end` of the lower block triangle, [end - start, end]. */
function addRows(covariance: Float64Array, part: Float64Array, start: number, end: number, width: number): void {
  for (let i = start; i < end; i++)
    for (let j = 0; j <= i; j++) covariance[i * width + j] = covariance[i * width + j]! + part[(i - start) * end + j]!;
}
