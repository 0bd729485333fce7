// The covariances of Gaussians from their moments: scatter / n, with the floor added to every variance.
import { ConfigError } from '../../core/errors.js';
import { exampleSize } from '../../data/dataset.js';
import { type ClassMoments, totalVariances } from './class-moments.js';

/** The shapes that a covariance may have. */
export const covarianceShapes = ['diagonal', 'spherical', 'full', 'tied'] as const;
/** The shape of the covariances: a variance per dimension, one for all, a matrix per class, or one for all classes. */
export type CovarianceShape = (typeof covarianceShapes)[number];

/** Covariances as the densities use them. */
export interface Covariances {
  readonly covariance: CovarianceShape;
  /** [classes, D] for diagonal, [classes] for spherical, [classes, D, D] for full, [D, D] for tied. */
  readonly data: Float64Array;
  readonly shape: readonly number[];
  /** What was added to every variance. */
  readonly floor: number;
}

/** The covariances of some moments. @param share the floor as a share of the largest variance of any dimension */
export function covariancesOf(moments: ClassMoments, covariance: CovarianceShape, share: number): Covariances {
  const { exampleShape, counts, scatters, form } = moments;
  if ((covariance === 'spherical' ? 'diagonal' : covariance) !== form)
    throw new ConfigError(`The summary holds ${form} scatters, which covariance '${covariance}' cannot be made from.`);
  const size = exampleSize(exampleShape);
  const floor = varianceFloor(moments, share);
  const rowsOf = (label: number): number => Math.max(1, counts[label]!);
  const classes = counts.length;
  if (covariance === 'spherical') {
    const data = counts.map((_, label) => {
      const sum = scatters.subarray(label * size, (label + 1) * size).reduce((total, scatter) => total + scatter, 0);
      return sum / size / rowsOf(label) + floor;
    });
    return { covariance, data, shape: [classes], floor };
  }
  if (covariance === 'diagonal') {
    const data = scatters.map((scatter, i) => scatter / rowsOf(Math.floor(i / size)) + floor);
    return { covariance, data, shape: [classes, size], floor };
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const square = size * size;
  const data = scatters.map((scatter, i) => {
    const variance = scatter / (covariance === 'tied' ? total : rowsOf(Math.floor(i / square)));
    return (i % square) % (size + 1) === 0 ? variance + floor : variance;
  });
  return { covariance, data, shape: covariance === 'tied' ? [size, size] : [classes, size, size], floor };
}

/** The floor that is added to every variance. Where no dimension varies, the share is taken of 1. */
export function varianceFloor(moments: ClassMoments, share: number): number {
  const largest = totalVariances(moments).reduce((most, variance) => Math.max(most, variance), 0);
  return share * (largest === 0 ? 1 : largest);
}
