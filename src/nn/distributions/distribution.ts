// Distributions as expressions: log-probabilities, entropies and samples that programs are made of.
import { sum } from '../../tensor/operators/reduce.js';
import type { Shape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { NoiseDistribution } from '../layer.js';

/** A distribution of arrays of independent variables. All quantities in nats, one per variable. */
export interface Distribution {
  readonly kind: string;
  /** The expected value of each variable; for classes, the probability of each. */
  readonly mean: Tensor;
  /** The log-probability, or its density, of each variable. */
  logProb(x: Tensor): Tensor;
  /** What noise {@link sample} takes, to be fed. */
  readonly noise: { readonly shape: Shape; readonly distribution: NoiseDistribution };
  /** A sample made of noise; where variables are continuous, gradients flow through it to the parameters. */
  sample(noise: Tensor): Tensor;
}

/** A distribution whose entropy is known in closed form. */
export interface HasEntropy {
  /** The entropy of each variable; for densities, the differential one. */
  entropy(): Tensor;
}

/** The sum over all axes but the first: what independent variables have per example. [N, ...] -> [N] */
export function sumPerExample(x: Tensor): Tensor {
  return sum(x, { axes: Array.from({ length: x.rank - 1 }, (_, axis) => axis + 1) });
}
