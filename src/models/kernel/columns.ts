// How the columns of rows spread.
import { DatasetError } from '../../core/errors.js';

/** Means and standard deviations of columns, and what is to be said about them. */
export interface ColumnSpread {
  readonly means: Float64Array;
  /** With n in the denominator. */
  readonly deviations: Float64Array;
  /** The root of the mean variance of the columns. */
  readonly pooled: number;
}

/** The spread of rows [count, features]. @throws DatasetError for numbers that are not finite */
export function columnSpread(x: Float32Array, features: number): ColumnSpread {
  const count = x.length / features;
  const means = new Float64Array(features);
  for (let i = 0; i < x.length; i++) means[i % features] = means[i % features]! + (x[i]! - x[i % features]!) / count;
  // Relative to the first row, so that a constant column has exactly no spread.
  for (let i = 0; i < features; i++) means[i] = means[i]! + x[i]!;
  const variances = new Float64Array(features);
  for (let i = 0; i < x.length; i++) {
    const deviation = x[i]! - means[i % features]!;
    variances[i % features] = variances[i % features]! + (deviation * deviation) / count;
  }
  const pooled = Math.sqrt(variances.reduce((sum, value) => sum + value, 0) / features);
  if (!Number.isFinite(pooled))
    throw new DatasetError(
      'The rows hold numbers that are not finite, or too large to be squared. Fill missing values in, leave such rows out, or scale columns down.',
    );
  return { means, deviations: variances.map(Math.sqrt), pooled };
}

/** How many times wider than another a column may be before one bandwidth no longer serves both. */
const mostRatio = 10;

/** Warnings about columns that one bandwidth does not suit. */
export function spreadWarnings({ deviations }: ColumnSpread): readonly string[] {
  const columns = Array.from(deviations.keys());
  const constant = columns.filter((column) => deviations[column] === 0);
  const varying = columns.filter((column) => deviations[column]! > 0);
  const narrowest = varying.reduce((least, i) => (deviations[i]! < deviations[least]! ? i : least), varying[0] ?? 0);
  const widest = varying.reduce((most, i) => (deviations[i]! > deviations[most]! ? i : most), varying[0] ?? 0);
  const [least, most] = [deviations[narrowest]!, deviations[widest]!];
  const warnings: string[] = [];
  if (constant.length > 0)
    warnings.push(
      `${constant.length === 1 ? `Column ${constant[0]} is` : `${constant.length} columns, the first of them ${constant[0]}, are`} ` +
        'constant, so the density there shows the bandwidth, not the data. Leave constant columns out.',
    );
  if (varying.length > 1 && most > mostRatio * least)
    warnings.push(
      `The columns spread very differently: the standard deviation of column ${narrowest} is ${least.toPrecision(3)}, that of column ` +
        `${widest} is ${most.toPrecision(3)}, and one bandwidth serves all. Standardise the columns first.`,
    );
  return warnings;
}
