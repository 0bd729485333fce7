// Binary cross-entropy of logits: minus the log-probability of Bernoulli targets, in nats.
import { absoluteSoftplus, multiply, subtract } from '../../tensor/index.js';
import type { Tensor, TensorLike } from '../../tensor/tensor.js';
import { checkTarget, type LossOptions, reduceLoss } from './reduction.js';

/**
 * -t log sigmoid(x) - (1 - t) log(1 - sigmoid(x)) = absoluteSoftplus(x) - x t, without overflow, for logits x and targets t in [0, 1].
 *
 * @param logits of any shape
 * @param target of the same shape, or one number for all, such as 1 for "real"
 * @throws ShapeError where the shapes differ
 * @example binaryCrossEntropyFromLogits(discriminator(fake), 0)
 */
export function binaryCrossEntropyFromLogits(logits: Tensor, target: TensorLike, options: LossOptions = {}): Tensor {
  checkTarget('binaryCrossEntropyFromLogits', logits, target);
  return reduceLoss(subtract(absoluteSoftplus(logits), multiply(logits, target)), options);
}
