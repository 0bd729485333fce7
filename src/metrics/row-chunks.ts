// Rows that go over the device in chunks of one size, for programs that are compiled once: a chunk is made ready while the device works on
// the one before.
import { free } from '../core/free.js';
import type { Value, Values } from '../runtime/runtime.js';
import type { FeatureRows, MetricOptions } from './metric.js';
import { pace } from './pace.js';
import { centredRows } from './row-products.js';

export interface ChunkOptions extends Pick<MetricOptions, 'signal' | 'onProgress'> {
  /** Rows of a chunk. */
  readonly chunkRows: number;
  /** [width], subtracted from all rows. Default: nothing. */
  readonly centre?: Float64Array;
  /**
   * The chunk that begins with row `first` and has `count` rows of its own. Default: [chunkRows, width] in float64, where the last chunk is
   * filled up with rows of 0.
   */
  readonly chunk?: (first: number, count: number) => Value;
}

/**
 * Runs a program for all chunks of rows, in order.
 *
 * @param run the program, given a chunk in memory of its own
 * @param visit takes the results of a chunk that begins with row `first` and has `count` rows of its own; they are gone after the visit
 * @throws the signal's reason where it is aborted
 */
export async function visitChunks(
  rows: FeatureRows,
  run: (x: Value) => Promise<Values>,
  visit: (results: Values, first: number, count: number) => void,
  {
    chunkRows,
    centre = new Float64Array(rows.width),
    chunk = (first) => centredRows(rows, first, chunkRows, centre),
    ...options
  }: ChunkOptions,
): Promise<void> {
  const done = pace(options);
  const start = (first: number) => run(chunk(first, Math.min(chunkRows, rows.rows - first)));
  let next: Promise<Values> | undefined;
  try {
    for (let first = 0; first < rows.rows; first += chunkRows) {
      const end = Math.min(rows.rows, first + chunkRows);
      const current = next ?? start(first);
      next = end < rows.rows ? start(end) : undefined;
      const results = await current;
      visit(results, first, end - first);
      free(...Object.values(results).map(({ data }) => data));
      await done(end / rows.rows);
    }
  } finally {
    await next?.catch(() => undefined);
  }
}
