// The discriminator of the first GAN paper: logistic regression of data against samples, D(x) = sigmoid(a(x)). Everything is computed
// from logits, so that no logarithm sees a zero:  -log D = softplus(-a),  -log(1 - D) = softplus(a).
import { add, multiply, negative, sigmoid, softplus } from '../../../tensor/index.js';
import { mean } from '../../../tensor/operators/reduce.js';
import type { Tensor } from '../../../tensor/tensor.js';

/**
 * What the discriminator minimises: -mean log D(x) - mean log(1 - D(G(z))). With smoothing s the target on data is 1 - s instead of 1
 * (one-sided label smoothing, Salimans et al. 2016).
 */
export function crossEntropy(real: Tensor, fake: Tensor, smoothing: number): Tensor {
  const onData = mean(softplus(negative(real)));
  const onSamples = mean(softplus(fake));
  if (smoothing === 0) return add(onData, onSamples);
  const smoothed = add(multiply(onData, 1 - smoothing), multiply(mean(softplus(real)), smoothing));
  return add(smoothed, onSamples);
}

/** What all games have in common whose discriminator is trained by {@link crossEntropy}. */
export const logistic = {
  discriminator: crossEntropy,
  probabilities: (real: Tensor, fake: Tensor) => [mean(sigmoid(real)), mean(sigmoid(fake))] as const,
  hasTargets: true,
  needsBoundedSlope: false,
};
