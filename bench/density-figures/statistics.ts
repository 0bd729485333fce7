// Means over test rows with their standard errors.

/** A mean over the test rows. */
export interface Estimate {
  readonly value: number;
  /** How far the mean of other test rows of the same kind would be from it. */
  readonly standardError: number;
}

/** The mean of one number per row. */
export function estimateOf(values: Float64Array): Estimate {
  return { value: meanOf(values), standardError: Math.sqrt(varianceOf(values) / values.length) };
}

/**
 * The mean over all rows of what is known for some rows drawn at random, corrected by something similar that is known for all:
 *
 *   mean over all of b  +  mean over some of (a - b)
 *
 * without bias, and with the small spread of a - b instead of that of a in the part that is drawn.
 *
 * @param some a of the drawn rows
 * @param similar b of all rows
 * @param drawn the numbers of the drawn rows, in the order of `some`
 */
export function corrected(some: Float64Array, similar: Float64Array, drawn: ArrayLike<number>): Estimate {
  const gap = some.map((value, i) => value - (similar[drawn[i] ?? 0] ?? Number.NaN));
  return {
    value: meanOf(similar) + meanOf(gap),
    standardError: Math.sqrt(varianceOf(similar) / similar.length + varianceOf(gap) / gap.length),
  };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: Float64Array): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
}
