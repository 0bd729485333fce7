// Mixtures: log sum_k weight_k p_k(x), computed in logarithms.
import { add, subtract } from '../../tensor/index.js';
import { logSumExp } from '../../tensor/operators/reduce.js';
import type { Tensor } from '../../tensor/tensor.js';

/**
 * The log-probability under a mixture: log sum_k softmax(logits)_k exp(componentLogProbs_k).
 *
 * @param logits of the weights, [..., components]
 * @param componentLogProbs of x under each component, [..., components]
 * @returns [...]
 * @example mixtureLogProb(logits, discretisedLogistic({ mean, logScale }).logProb(expandAxis(x, -1)))
 */
export function mixtureLogProb(logits: Tensor, componentLogProbs: Tensor): Tensor {
  const joint = logSumExp(add(logits, componentLogProbs), { axes: -1 });
  return subtract(joint, logSumExp(logits, { axes: -1 }));
}
