// The 95 % interval of a share of rows, by Wilson's score (1927): it stays within [0, 1], and is of use where all or none of few rows count,
// where resampling would find no spread at all.
//
//   (p + z^2 / 2n  -+  z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n),   z = 1.96
import { normalQuantile } from './quantiles.js';

/**
 * The interval of a share.
 *
 * @param count rows that count, from 0 to `of`
 * @param of rows in all, from 1
 * @example shareInterval(0, 10)   // [0, 0.278]
 */
export function shareInterval(count: number, of: number): readonly [low: number, high: number] {
  const square = normalQuantile ** 2;
  const share = count / of;
  const shrink = 1 / (1 + square / of);
  const centre = (share + square / (2 * of)) * shrink;
  const half = normalQuantile * Math.sqrt((share * (1 - share)) / of + square / (4 * of * of)) * shrink;
  return [count === 0 ? 0 : Math.max(0, centre - half), count === of ? 1 : Math.min(1, centre + half)];
}
