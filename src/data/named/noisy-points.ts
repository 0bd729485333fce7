// Points of the plane around exact places: what the generated two-dimensional data sets share.
import type { Random } from '../../runtime/random.js';

/** `count` points [count, 2]: the place that `place` gives each row, plus N(0, standardDeviation^2) on both axes. */
export function noisyPoints(
  count: number,
  stream: Random,
  standardDeviation: number,
  place: (row: number) => readonly number[],
): Float32Array<ArrayBuffer> {
  const x = stream.split('noise').normal(2 * count, 0, standardDeviation);
  for (let row = 0; row < count; row++) {
    const [horizontal = 0, vertical = 0] = place(row);
    x[2 * row] = (x[2 * row] ?? 0) + horizontal;
    x[2 * row + 1] = (x[2 * row + 1] ?? 0) + vertical;
  }
  return x;
}
