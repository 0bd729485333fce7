// Bernoulli: 1 with probability sigmoid(logit), else 0.
import { cast, less, multiply, negative, sigmoid, softplus, subtract } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { binaryCrossEntropyFromLogits } from '../losses/binary-cross-entropy.js';
import type { Distribution, HasEntropy } from './distribution.js';

/**
 * Independent Bernoulli variables. With p = sigmoid(logits): log p(x) = x log p + (1 - x) log(1 - p); the entropy is
 * softplus(logit) - p logit. Values between 0 and 1 are taken as probabilities of ones.
 */
export function bernoulli(logits: Tensor): Distribution & HasEntropy {
  const mean = sigmoid(logits);
  return {
    kind: 'bernoulli',
    mean,
    logProb: (x) => negative(binaryCrossEntropyFromLogits(logits, x, { reduction: 'none' })),
    entropy: () => subtract(softplus(logits), multiply(mean, logits)),
    noise: { shape: logits.shape, distribution: 'uniform' },
    sample: (noise) => cast(less(noise, mean), logits.dtype),
  };
}
