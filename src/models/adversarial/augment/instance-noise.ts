// Instance noise (Sonderby et al. 2017; Arjovsky and Bottou 2017): normal noise on what the discriminator sees, real and generated,
// makes the two distributions overlap, so that its gradient exists before the generator has found the data. It falls on a line to 0:
//
//   x + sigma_t n,  n ~ N(0, I),  sigma_t = deviation (1 - min(t / decaySteps, 1))
import { checkNumber } from '../../../nn/check.js';
import { add, divide, minimum, multiply, subtract } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/tensor.js';

/** Options of instance noise. */
export interface InstanceNoiseOptions {
  /** The noise's standard deviation at the start, in the units of x. */
  readonly deviation: number;
  /** The number of steps after which there is no noise. */
  readonly decaySteps: number;
}

/** The noise's standard deviation when `step` steps, a scalar counted from 0, are done. @throws ConfigError for numbers out of range */
export function instanceNoiseDeviation(step: Tensor, { deviation, decaySteps }: InstanceNoiseOptions): Tensor {
  checkNumber('instanceNoise', 'deviation', deviation, 'notNegative');
  checkNumber('instanceNoise', 'decaySteps', decaySteps, 'positiveInteger');
  return multiply(subtract(1, minimum(divide(step, decaySteps), 1)), deviation);
}

/**
 * Rows with noise that falls to 0.
 *
 * @param x rows [N, ...]
 * @param noise numbers from N(0, 1), of x's shape; real and generated rows need their own
 * @param step how many steps are done, a scalar
 * @throws ConfigError for numbers out of range
 * @example instanceNoise(real, input('instanceNoise/real', real.shape), step, { deviation: 0.1, decaySteps: 2000 })
 */
export function instanceNoise(x: Tensor, noise: Tensor, step: Tensor, options: InstanceNoiseOptions): Tensor {
  return add(x, multiply(noise, instanceNoiseDeviation(step, options)));
}
