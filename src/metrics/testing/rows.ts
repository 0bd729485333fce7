// Rows for tests of metrics: written out, drawn from Gaussians, or of formulas that Python repeats.
import { random } from '../../runtime/random.js';
import type { FeatureRows } from '../metric.js';
import { someRows } from '../some-rows.js';

/** Rows written out. */
export function rowsOf(rows: readonly (readonly number[])[]): FeatureRows {
  return { data: Float64Array.from(rows.flat()), rows: rows.length, width: rows[0]?.length ?? 0 };
}

/** Rows of `width` numbers, one after the other. */
export function rowsOfWidth(width: number, data: ArrayLike<number>): FeatureRows {
  return { data: Float64Array.from(data), rows: data.length / width, width };
}

/** Independent normal numbers, each row the same whatever the number of rows. */
export function gaussianRows(
  rows: number,
  width: number,
  {
    seed = 0,
    mean = 0,
    deviation = 1,
  }: { readonly seed?: number; readonly mean?: number; readonly deviation?: number } = {},
): FeatureRows {
  return { data: Float64Array.from(random(seed).normal(rows * width, mean, deviation)), rows, width };
}

/**
 * The rows that values of other libraries are recorded for, in Python:
 *
 *     i, k = np.arange(60)[:, None], np.arange(8)[None, :]
 *     x = np.sin(1.3 * i + 0.7 * k * k + 0.01 * i * k)
 *     y = 0.8 * np.sin(1.7 * i + 0.9 * k * k + 1) + 0.1 * np.cos(i * k)
 */
export function recordedRows(): { readonly real: FeatureRows; readonly samples: FeatureRows } {
  const grid = (rows: number, value: (i: number, k: number) => number): FeatureRows => ({
    data: Float64Array.from({ length: rows * 8 }, (_, at) => value(Math.floor(at / 8), at % 8)),
    rows,
    width: 8,
  });
  return {
    real: grid(60, (i, k) => Math.sin(1.3 * i + 0.7 * k * k + 0.01 * i * k)),
    samples: grid(60, (i, k) => 0.8 * Math.sin(1.7 * i + 0.9 * k * k + 1) + 0.1 * Math.cos(i * k)),
  };
}

/** The rows in another order. */
export function shuffled(rows: FeatureRows, seed: number): FeatureRows {
  return someRows(rows, random(seed).permutation(rows.rows));
}

/** X'X [width, width] of rows: positive semi-definite, singular where there are fewer of them than columns. */
export function crossProducts({ data, rows, width }: FeatureRows): Float64Array {
  const result = new Float64Array(width * width);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++)
        result[i * width + j] = result[i * width + j]! + data[row * width + i]! * data[row * width + j]!;
  return result;
}
