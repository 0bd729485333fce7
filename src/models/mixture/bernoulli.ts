// Bernoulli components: every feature is on with a probability of its own, p(x | k) = prod_d p_kd^x_d (1 - p_kd)^(1 - x_d).
// The logarithm is one matrix product: x (log p - log(1 - p)) + sum_d log(1 - p_kd).
import { add } from '../../tensor/operators/arithmetic.js';
import { cast } from '../../tensor/operators/cast.js';
import { greater } from '../../tensor/operators/comparison.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { scalar } from '../../tensor/operators/source.js';
import { at, type Emission } from './emission.js';
import { given, largestSum } from './gaussian.js';

/** How values become features that are on or off, and what is added to their counts. */
export interface BernoulliOptions {
  /** A value above it is on. */
  readonly threshold: number;
  /** What is added to the counts of on and of off: a Beta(1 + smoothing, 1 + smoothing) prior. */
  readonly smoothing: number;
}

/** Bernoulli components of `features` features. */
export function bernoulli(components: number, features: number, { threshold, smoothing }: BernoulliOptions): Emission {
  return {
    shapes: { means: [components, features] },
    feedShapes: { linear: [features, components], constant: [components] },
    freeParameters: components * features,
    feeds({ means }) {
      const linear = new Float64Array(features * components);
      const constant = new Float64Array(components);
      for (let k = 0; k < components; k++)
        for (let d = 0; d < features; d++) {
          const mean = at(means, k * features + d);
          linear[d * components + k] = Math.log(mean) - Math.log1p(-mean);
          constant[k] = at(constant, k) + Math.log1p(-mean);
        }
      return { linear, constant };
    },
    // Rows of zeros and ones are exact: what is added up is as large as the log-odds.
    cancellation: ({ linear }) => largestSum(components, features, (k, d) => Math.abs(at(linear, d * components + k))),
    transform: (x) => cast(greater(x, scalar(threshold, x.dtype)), x.dtype),
    logDensities: (x, { linear, constant }) => add(matmul(x, given(linear)), given(constant)),
    statistics: (x, responsibilities) => ({ sums: matmul(responsibilities, x, { transposeA: true }) }),
    unknown: () => ({ means: new Float64Array(components * features).fill(0.5) }),
    maximise: ({ sums, counts }) => ({
      means: Float64Array.from(
        sums.sums ?? [],
        (sum, index) => (sum + smoothing) / (at(counts, Math.floor(index / features)) + 2 * smoothing),
      ),
    }),
    logPrior: ({ means }) =>
      smoothing * (means ?? new Float64Array()).reduce((total, mean) => total + Math.log(mean) + Math.log1p(-mean), 0),
    sampler:
      ({ means }) =>
      (component, stream) =>
        Float64Array.from({ length: features }, (_, d) =>
          stream.next() < at(means, component * features + d) ? 1 : 0,
        ),
  };
}
