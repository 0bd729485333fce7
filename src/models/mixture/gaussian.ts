// What the Gaussian components of all covariance kinds share.
import { ConfigError } from '../../core/errors.js';
import { subtract } from '../../tensor/operators/arithmetic.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { DataMoments } from './emission.js';

export const log2Pi = Math.log(2 * Math.PI);

/** Below this part of a feature's variance lies the rounding of float64 sums. */
const roundingShare = 1e-12;

/**
 * What is added to the variance of each feature, [features]: the floor asked for, and at least what rounding takes away from features on
 * a large scale. Features that never change get a share of the others' variance, so that no variance is zero.
 */
export function floorsOf({ variances }: DataMoments, covarianceFloor: number): Float64Array {
  const mean = variances.reduce((a, b) => a + b, 0) / variances.length;
  const least = mean > 0 ? mean : 1;
  return variances.map((variance) => Math.max(covarianceFloor, roundingShare * (variance > 0 ? variance : least)));
}

/** The largest over the components of the sums over the features; NaN where one is. */
export function largestSum(
  components: number,
  features: number,
  term: (component: number, feature: number) => number,
): number {
  let largest = 0;
  for (let k = 0; k < components; k++) {
    let sum = 0;
    for (let d = 0; d < features; d++) sum += term(k, d);
    largest = Math.max(largest, sum);
  }
  return largest;
}

/** Rows moved to where the data is. */
export function subtractShift(x: Tensor, shift: Tensor): Tensor {
  return subtract(x, shift);
}

/** A tensor that the caller has promised. */
export function given(tensor: Tensor | undefined): Tensor {
  if (tensor === undefined) throw new ConfigError('A parameter of the mixture was not fed.');
  return tensor;
}
