// Distances between rows, class by class: what measures of diversity start from. Euclidean, in float64.
import type { Random } from '../runtime/random.js';
import type { FeatureRows } from './metric.js';
import { squaredDistance } from './squared-distance.js';

/** The rows of one class, one after the other. */
export interface ClassRows {
  readonly label: number;
  readonly data: Float64Array;
  readonly count: number;
}

/**
 * The rows of each class, in the order of the labels; of a class with more rows than `most`, some that chance chooses.
 *
 * @param labels [rows], whole numbers from 0
 */
export function rowsOfClasses(
  { data, width }: FeatureRows,
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
  return [...chosen]
    .sort(([a], [b]) => a - b)
    .map(([label, rows]) => {
      const copied = new Float64Array(rows.length * width);
      rows.forEach((row, place) => {
        copied.set(data.subarray(row * width, (row + 1) * width), place * width);
      });
      return { label, data: copied, count: rows.length };
    });
}

/** The mean distance of each row to all others of its class, [count]. Their mean is that of all pairs. */
export async function distancesWithin(
  { data, count }: ClassRows,
  width: number,
  done: (share: number) => Promise<void>,
): Promise<Float64Array> {
  const sums = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    for (let other = row + 1; other < count; other++) {
      const length = Math.sqrt(squaredDistance(data, row * width, data, other * width, width));
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
  width: number,
  done: (share: number) => Promise<void>,
): Promise<readonly [ofA: Float64Array, ofB: Float64Array]> {
  const ofA = new Float64Array(a.count);
  const ofB = new Float64Array(b.count);
  for (let row = 0; row < a.count; row++) {
    for (let other = 0; other < b.count; other++) {
      const length = Math.sqrt(squaredDistance(a.data, row * width, b.data, other * width, width));
      ofA[row] = (ofA[row] ?? 0) + length / b.count;
      ofB[other] = (ofB[other] ?? 0) + length / a.count;
    }
    await done((row + 1) / a.count);
  }
  return [ofA, ofB];
}

/** Seconds that the distances of so many pairs of rows take on two ordinary cores. */
export function distanceSeconds(pairs: number, width: number): number {
  return pairs * (width * 0.7e-9 + 10e-9);
}
