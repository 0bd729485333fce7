// Categorical: class k with probability softmax(logits)_k.
import { exp, log, multiply, negative, subtract } from '../../tensor/index.js';
import { argMax, logSumExp, sum } from '../../tensor/operators/reduce.js';
import type { Tensor } from '../../tensor/tensor.js';
import { crossEntropyFromLogits } from '../losses/cross-entropy.js';
import type { Distribution, HasEntropy } from './distribution.js';

/**
 * Independent classes with logits over the last axis, [..., classes]. Values are int64 classes [...]; samples are drawn by
 * Gumbel's trick: the largest of logit - log(-log(uniform)) (Gumbel 1954).
 */
export function categorical(logits: Tensor): Distribution & HasEntropy {
  const logProbabilities = subtract(logits, logSumExp(logits, { axes: -1, keepAxes: true }));
  const mean = exp(logProbabilities);
  return {
    kind: 'categorical',
    mean,
    logProb: (x) => negative(crossEntropyFromLogits(logits, x, { reduction: 'none' })),
    entropy: () => negative(sum(multiply(mean, logProbabilities), { axes: -1 })),
    noise: { shape: logits.shape, distribution: 'uniform' },
    sample: (noise) => argMax(subtract(logits, log(negative(log(noise)))), -1),
  };
}
