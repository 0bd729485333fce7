// Distances between rows, class by class: what measures of diversity start from. Euclidean, in float64.
import type { Random } from '../runtime/random.js';
import { squaredDistance } from './distances.js';
import type { FeatureRows } from './metric.js';
import { someRows } from './some-rows.js';

/** The rows of one class, one after the other. */
export interface ClassRows extends FeatureRows {
  readonly label: number;
}

/**
 * The rows of each class, in the order of the labels; of a class with more rows than `most`, some that chance chooses.
 *
 * @param labels [rows], whole numbers from 0
 */
export function rowsOfClasses(
  features: FeatureRows,
  labels: ArrayLike<number>,
  most: number,
  stream: Random,
): ClassRows[] {
  const chosen = new Map<number, number[]>();
  for (const row of stream.permutation(labels.length)) {
    const label = labels[row] ?? 0;
    const rows = chosen.get(label) ?? [];
    if (rows.length < most) rows.push(row);
    chosen.set(label, rows);
  }
  return [...chosen].sort(([a], [b]) => a - b).map(([label, rows]) => ({ label, ...someRows(features, rows) }));
}

/** The mean distance of each row to all others of its class, [count]. Their mean is that of all pairs. */
export async function distancesWithin(own: ClassRows, done: (share: number) => Promise<void>): Promise<Float64Array> {
  const { rows: count } = own;
  const sums = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    for (let other = row + 1; other < count; other++) {
      const length = Math.sqrt(squaredDistance(own, row, own, other));
      sums[row] = (sums[row] ?? 0) + length;
      sums[other] = (sums[other] ?? 0) + length;
    }
    await done((row + 1) / count);
  }
  return sums.map((sum) => sum / (count - 1));
}

/** The mean distance of each row of one class to all of another, and the other way round. */
export async function distancesBetween(
  a: ClassRows,
  b: ClassRows,
  done: (share: number) => Promise<void>,
): Promise<readonly [ofA: Float64Array, ofB: Float64Array]> {
  const ofA = new Float64Array(a.rows);
  const ofB = new Float64Array(b.rows);
  for (let row = 0; row < a.rows; row++) {
    for (let other = 0; other < b.rows; other++) {
      const length = Math.sqrt(squaredDistance(a, row, b, other));
      ofA[row] = (ofA[row] ?? 0) + length / b.rows;
      ofB[other] = (ofB[other] ?? 0) + length / a.rows;
    }
    await done((row + 1) / a.rows);
  }
  return [ofA, ofB];
}

/** Seconds that the distances of so many pairs of rows take on two ordinary cores. */
export function distanceSeconds(pairs: number, width: number): number {
  return pairs * (width * 0.7e-9 + 10e-9);
}
