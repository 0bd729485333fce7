// The minimum covariance determinant: of all subsets of h of the N rows, the one whose covariance has the smallest determinant, that is
// the half or more of the rows that a Gaussian fits best. Mean and covariance of that subset withstand N - h anomalies, wherever they are.
// Rousseeuw 1984, Least Median of Squares Regression; the algorithm: Rousseeuw and Van Driessen 1999, A Fast Algorithm for the Minimum
// Covariance Determinant Estimator.
//
//   1. two steps of concentration from many starts, and on from the ten best until the determinant falls no more
//   2. consistency at normal rows: c(h/N) S, c(a) = a / F_(D+2)(F_D^-1(a)), F_k the chi-squared distribution (Croux and Haesbroeck 1999)
//   3. reweighting, for precision: mean and c(0.975) S of the rows with d^2 <= F_D^-1(0.975)
import { ConfigError } from '../../core/errors.js';
import type { Random } from '../../runtime/random.js';
import { chiSquaredCdf, chiSquaredQuantile } from './chi-squared.js';
import {
  type Concentration,
  concentrate,
  distancesTo,
  nearestRows,
  type Pause,
  type RowTable,
  subsetGaussian,
} from './concentration.js';
import { randomStarts, robustSpreads, robustStarts, rowsOf } from './robust-starts.js';

/** Random subsets to start from. */
const randomStartCount = 500;
/** Steps from every start, and how many of the best go on. */
const firstSteps = 2;
const bestCount = 10;
/** Of more rows, or more than ten per dimension, the first steps see only so many. */
const firstRows = 600;
const firstRowsPerDimension = 10;
/** The share of normal rows that reweighting keeps. */
const keptShare = 0.975;
/** The most of the rows that are taken by default, where dimensions are too many for half of them (Boudt and others 2020). */
const mostSupport = 0.75;

/** How to estimate. */
export interface RobustOptions {
  /** h / N, from 0.5 to 1. Default: that which withstands the most anomalies, h = (N + D + 1) / 2, and not above 0.75. */
  readonly supportFraction?: number | undefined;
  /** Added to variances, as a share of the largest robust variance of any dimension. */
  readonly covarianceFloor: number;
  readonly stream: Random;
  readonly pause: Pause;
}

/** A mean and a covariance that anomalies among the rows do not sway. */
export interface RobustGaussian {
  /** [size], reweighted. */
  readonly mean: Float64Array;
  /** [size, size], reweighted and consistent at normal rows; without the floor. */
  readonly covariance: Float64Array;
  /** Of the h rows with the smallest determinant found, as they are. */
  readonly rawMean: Float64Array;
  readonly rawCovariance: Float64Array;
  /** The numbers of these rows, rising. */
  readonly support: Uint32Array;
  /** log det (S + floor I) after each step that led there, never rising. */
  readonly logDeterminants: readonly number[];
}

/**
 * The minimum covariance determinant of rows, at least 2.
 *
 * @throws ConfigError where every subset's covariance is singular in spite of the floor; what `pause` throws
 */
export async function minimumCovarianceDeterminant(table: RowTable, options: RobustOptions): Promise<RobustGaussian> {
  const { count, size } = table;
  const floor = floorOf(table, options.covarianceFloor);
  const best = await smallestDeterminant(table, floor, options);
  if (best === undefined)
    throw new ConfigError(
      `No subset of the ${count} rows has a covariance of ${size} columns that is positive definite to the precision of float64. ` +
        'Raise covarianceFloor, leave columns out, or use principal components.',
    );
  const { gaussian: raw, logDeterminants } = best;
  const dimensions = Math.max(1, varyingColumns(table));
  const limit = consistency(raw.rows.length / count, dimensions) * chiSquaredQuantile(keptShare, dimensions);
  const distances = distancesTo(table, raw);
  const within = distances.reduce((number, distance) => number + Number(distance <= limit), 0);
  // The support's mean distance is at most D, so some are within; a floor that rounding needs may still be missing.
  const kept = subsetGaussian(table, nearestRows(distances, within), floor) ?? raw;
  const scale = consistency(keptShare, dimensions);
  return {
    mean: kept.mean,
    covariance: kept.covariance.map((value) => value * scale),
    rawMean: raw.mean,
    rawCovariance: raw.covariance,
    support: raw.rows,
    logDeterminants,
  };
}

/** h, for a number of rows and dimensions. */
export function supportOf(count: number, size: number, fraction?: number): number {
  const least = Math.ceil(count / 2);
  if (fraction !== undefined) return Math.max(least, Math.floor(fraction * count));
  return Math.max(least, Math.min(Math.floor((count + size + 1) / 2), Math.ceil(mostSupport * count)));
}

/** What makes the covariance of the share of normal rows that lie nearest to their mean that of all. */
export function consistency(share: number, dimensions: number): number {
  return share / chiSquaredCdf(chiSquaredQuantile(share, dimensions), dimensions + 2);
}

async function smallestDeterminant(
  table: RowTable,
  floor: number,
  { supportFraction, stream, pause }: RobustOptions,
): Promise<Concentration | undefined> {
  const { count, size } = table;
  const sample = sampled(table, Math.max(firstRows, firstRowsPerDimension * size), stream.split('rows'));
  const first = { support: supportOf(sample.count, size, supportFraction), floor, steps: firstSteps, pause };
  const found: Concentration[] = [];
  for (const starts of [robustStarts(sample), randomStarts(sample, randomStartCount, stream.split('starts'))])
    for (const start of starts) {
      const end = await concentrate(sample, start, first);
      if (end !== undefined) found.push(end);
      if (found.length > bestCount) found.sort(byDeterminant).pop();
    }
  const all = { support: supportOf(count, size, supportFraction), floor, pause };
  const ends: Concentration[] = [];
  for (const { gaussian } of found.sort(byDeterminant)) {
    // The rows of a sample are not those of the table; their Gaussian is.
    const start = nearestRows(distancesTo(table, gaussian), all.support);
    const end = await concentrate(table, start, all);
    if (end !== undefined) ends.push(end);
  }
  return ends.sort(byDeterminant)[0];
}

function byDeterminant(a: Concentration, b: Concentration): number {
  return a.gaussian.factors.logDeterminant - b.gaussian.factors.logDeterminant;
}

function sampled(table: RowTable, most: number, stream: Random): RowTable {
  return table.count <= most ? table : rowsOf(table, stream.permutation(table.count).subarray(0, most));
}

/** The floor of all subsets alike. Where most rows are equal in every dimension, the share is taken of 1. */
function floorOf(table: RowTable, share: number): number {
  const largest = robustSpreads(table).reduce((most, { scale }) => Math.max(most, scale ** 2), 0);
  return share * (largest === 0 ? 1 : largest);
}

/** Columns that are constant in all rows have no part in distances. */
function varyingColumns({ values, count, size }: RowTable): number {
  let varying = 0;
  for (let i = 0; i < size; i++) {
    let row = 1;
    while (row < count && values[row * size + i] === values[i]) row++;
    if (row < count) varying++;
  }
  return varying;
}
