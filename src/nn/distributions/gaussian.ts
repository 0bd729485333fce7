// Normal distribution: log p(x) = -(x - mean)^2 / (2 variance) - log(2 pi variance) / 2

import { add, divide, exp, log, multiply, square, subtract } from '../../tensor/index.js';
import { broadcastTo } from '../../tensor/operators/broadcast.js';
import { full } from '../../tensor/operators/gather.js';
import type { Shape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkTarget } from '../losses/reduction.js';
import type { Distribution, HasEntropy } from './distribution.js';

/** The parameters: a mean, and log variances, as networks give them, or standard deviations: one for each mean or one for all. */
export type GaussianParameters =
  | { readonly mean: Tensor; readonly logVariance: Tensor }
  | { readonly mean: Tensor; readonly scale: Tensor };

/** Independent normal variables. */
export interface Gaussian extends Distribution, HasEntropy {
  readonly logVariance: Tensor;
}

/**
 * Independent normal variables; samples are mean + scale * noise, so that gradients flow to both (Kingma and Welling 2014).
 *
 * @throws ShapeError where mean and spread differ in shape
 * @example const posterior = gaussian({ mean, logVariance });
 */
export function gaussian(parameters: GaussianParameters): Gaussian {
  const { mean } = parameters;
  checkTarget('gaussian', mean, 'scale' in parameters ? parameters.scale : parameters.logVariance);
  const logVariance = broadcastTo(
    'scale' in parameters ? multiply(log(parameters.scale), 2) : parameters.logVariance,
    mean.shape,
  );
  const scale = 'scale' in parameters ? parameters.scale : exp(multiply(logVariance, 0.5));
  return {
    kind: 'gaussian',
    mean,
    logVariance,
    logProb: (x) => {
      const distance = square(divide(subtract(x, mean), scale));
      return multiply(add(add(distance, logVariance), Math.log(2 * Math.PI)), -0.5);
    },
    entropy: () => multiply(add(logVariance, Math.log(2 * Math.PI * Math.E)), 0.5),
    noise: { shape: mean.shape, distribution: 'normal' },
    sample: (noise) => add(mean, multiply(scale, noise)),
  };
}

/** Independent N(0, 1) variables: the usual prior of latent codes. */
export function standardNormal(shape: Shape): Gaussian {
  return gaussian({ mean: full(shape, 0), logVariance: full(shape, 0) });
}

/**
 * The Kullback-Leibler divergence KL(p || q) of each variable, in nats:
 * (log q.variance - log p.variance + (p.variance + (p.mean - q.mean)^2) / q.variance - 1) / 2.
 */
export function gaussianKl(p: Gaussian, q: Gaussian): Tensor {
  const logRatio = subtract(p.logVariance, q.logVariance);
  const distance = multiply(square(subtract(p.mean, q.mean)), exp(multiply(q.logVariance, -1)));
  return multiply(subtract(add(subtract(exp(logRatio), logRatio), distance), 1), 0.5);
}

/** KL(p || N(0, 1)) of each variable, in nats: (variance + mean^2 - 1 - log variance) / 2. */
export function klFromStandardNormal({ mean, logVariance }: Gaussian): Tensor {
  return multiply(subtract(add(subtract(exp(logVariance), logVariance), square(mean)), 1), 0.5);
}
