// The additive statistics of a histogram: how many rows are in every bin of a grid.
import { ShapeError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { binCount, binOf, chooseGrid, eachPart, type Grid, type GridOptions } from './grid.js';

/** How many rows are in every bin. Plain data: it may be sent and stored. */
export interface HistogramSummary extends Grid {
  readonly exampleShape: readonly number[];
  /** One number per bin, the last column's bins counting fastest. */
  readonly counts: Float64Array;
  /** Rows outside the range, which count for nothing. */
  readonly outside: number;
}

/** Counts the rows of a data set, in a grid chosen for it. @throws ConfigError for ranges and bins that do not fit the rows */
export async function countRows(
  data: Dataset,
  options: GridOptions,
): Promise<{ readonly summary: HistogramSummary; readonly warnings: readonly string[] }> {
  const { grid, warnings } = await chooseGrid(data, options);
  const features = grid.bins.length;
  const counts = new Float64Array(binCount(grid));
  let outside = 0;
  await eachPart(data, (x) => {
    for (let start = 0; start < x.length; start += features) {
      const bin = binOf(grid, x, start);
      if (bin < 0) outside++;
      else counts[bin] = counts[bin]! + 1;
    }
  });
  return { summary: { ...grid, exampleShape: [...data.exampleShape], counts, outside }, warnings };
}

/** The counts of two parts together. @throws ShapeError for parts whose bins are not the same */
export function combineCounts(a: HistogramSummary, b: HistogramSummary): HistogramSummary {
  for (const [one, other] of [
    [a.low, b.low],
    [a.high, b.high],
    [a.bins, b.bins],
    [a.exampleShape, b.exampleShape],
  ] as const)
    if (one.join() !== other.join())
      throw new ShapeError(
        'histogram: the summaries have different bins. Give range and bins as numbers, so that those of all parts are the same.',
      );
  return { ...a, counts: a.counts.map((count, i) => count + b.counts[i]!), outside: a.outside + b.outside };
}

/** The first place whose end is above a number, by bisection. */
export function firstAbove(ends: Float64Array, at: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
