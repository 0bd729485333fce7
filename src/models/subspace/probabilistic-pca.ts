// Probabilistic PCA (Tipping and Bishop 1999): a code z ~ N(0, I) is mapped linearly into the space of the rows, and isotropic noise
// is added,
//
//   x = m + W^T diag(sqrt(l - s2)) z + e,  e ~ N(0, s2 I)         x ~ N(m, W^T diag(l - s2) W + s2 I)
//
// W are the components, l the variances along them, and s2 the mean of the variances left out. With the code W (x - m) = z and what
// it leaves, r = x - m - W^T z, the density needs no large matrix:
//
//   -2 log p(x) = sum_i z_i^2 / l_i + |r|^2 / s2 + sum_i log l_i + (d - k) log s2 + d log 2 pi

import {
  add,
  divide,
  input,
  log,
  matmul,
  maximum,
  multiply,
  square,
  subtract,
  sum,
  type Tensor,
} from '../../tensor/index.js';
import { sqrt } from '../../tensor/operators/arithmetic.js';
import { cast } from '../../tensor/operators/cast.js';
import { batchInput, type Program } from '../../tensor/program.js';

/** The sizes of a model. */
export interface PcaSizes {
  readonly features: number;
  readonly components: number;
}

interface Weights {
  readonly mean: Tensor;
  readonly components: Tensor;
  /** [components] and [], at least the floor. */
  readonly variances: Tensor;
  readonly noise: Tensor;
}

function weights({ features, components }: PcaSizes): Weights {
  const floor = input('varianceFloor', [], 'float64');
  return {
    mean: input('mean', [features], 'float64'),
    components: input('components', [components, features], 'float64'),
    variances: maximum(input('explainedVariance', [components], 'float64'), floor),
    noise: maximum(input('noiseVariance', [], 'float64'), floor),
  };
}

/** x [N, features] -> logProb [N], in nats. */
export function densityProgram(sizes: PcaSizes): Program {
  const { features, components: count } = sizes;
  const { mean, components, variances, noise } = weights(sizes);
  const deviation = subtract(cast(batchInput('x', [features]), 'float64'), mean);
  const codes = matmul(deviation, components, { transposeB: true });
  const within = sum(divide(square(codes), variances), { axes: 1 });
  const logDeterminant = sum(log(variances));
  const constantTerm = features * Math.log(2 * Math.PI);
  if (count === features)
    return {
      name: 'pca-density',
      results: { logProb: multiply(add(add(within, logDeterminant), constantTerm), -0.5) },
    };
  const rest = subtract(deviation, matmul(codes, components));
  const beside = divide(sum(square(rest), { axes: 1 }), noise);
  const normaliser = add(add(logDeterminant, multiply(log(noise), features - count)), constantTerm);
  return { name: 'pca-density', results: { logProb: multiply(add(add(within, beside), normaliser), -0.5) } };
}

/** x [N, features] -> codes z [N, components], float32; whitened codes have variance 1. */
export function encodingProgram(sizes: PcaSizes, whiten: boolean): Program {
  const { mean, components, variances } = weights(sizes);
  const deviation = subtract(cast(batchInput('x', [sizes.features]), 'float64'), mean);
  const codes = matmul(deviation, components, { transposeB: true });
  return { name: 'pca-encode', results: { z: cast(whiten ? divide(codes, sqrt(variances)) : codes, 'float32') } };
}

/** codes z [N, components] -> x [N, features], float32. */
export function decodingProgram(sizes: PcaSizes, whiten: boolean): Program {
  const { mean, components, variances } = weights(sizes);
  const codes = cast(batchInput('z', [sizes.components]), 'float64');
  const x = add(matmul(whiten ? multiply(codes, sqrt(variances)) : codes, components), mean);
  return { name: 'pca-decode', results: { x: cast(x, 'float32') } };
}

/** What an observation's log-density is on average over the rows that were learnt from, n of them. */
export function meanLogProb(
  { features, components }: PcaSizes,
  count: number,
  explained: Float64Array,
  noise: number,
  totalVariance: number,
  floor: number,
): number {
  // Sums of squares are n - 1 times a variance, and averaged over n rows.
  const share = (count - 1) / count;
  let sumOfLogs = 0;
  let quadratic = 0;
  let within = 0;
  for (const variance of explained) {
    const kept = Math.max(variance, floor);
    sumOfLogs += Math.log(kept);
    quadratic += (share * variance) / kept;
    within += variance;
  }
  if (components < features) {
    const kept = Math.max(noise, floor);
    sumOfLogs += (features - components) * Math.log(kept);
    quadratic += (share * Math.max(0, totalVariance - within)) / kept;
  }
  return -0.5 * (quadratic + sumOfLogs + features * Math.log(2 * Math.PI));
}

/** Says where the density rests on the floor instead of on the rows; `noise` is undefined where nothing is left out. */
export function flatnessWarnings(explained: Float64Array, noise: number | undefined, floor: number): readonly string[] {
  const flat = explained.filter((variance) => variance < floor).length;
  const places = [
    ...(flat === 0 ? [] : [`${flat} of the ${explained.length} components`]),
    ...(noise === undefined || noise >= floor ? [] : ['the directions left out']),
  ];
  if (places.length === 0) return [];
  return [
    `The rows hardly vary in ${places.join(' and ')}, so the density takes a variance of ${floor.toExponential(1)} there ` +
      '(covarianceFloor times the largest). Scale the columns to similar spreads, ask for fewer components, or change covarianceFloor.',
  ];
}
