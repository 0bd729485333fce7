// Categorical cross-entropy of logits: minus the log-probability of the right classes, in nats.
import { ShapeError } from '../../core/errors.js';
import { multiply, subtract } from '../../tensor/index.js';
import { oneHot } from '../../tensor/operators/gather.js';
import { logSumExp, sum } from '../../tensor/operators/reduce.js';
import { formatShape, sameShape, staticDim } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type LossOptions, reduceLoss } from './reduction.js';

/**
 * -sum_k t_k log softmax(x)_k for logits x over the last axis.
 *
 * @param logits [..., classes]
 * @param target int64 classes [...], or probabilities [..., classes] such as one-hot rows
 * @returns with reduction `none`, [...]; `mean` is over rows
 * @throws ShapeError where the shapes do not fit
 */
export function crossEntropyFromLogits(logits: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const rows = logits.shape.slice(0, -1);
  const expected = target.dtype === 'int64' ? rows : logits.shape;
  if (logits.rank === 0 || !sameShape(target.shape, expected))
    throw new ShapeError(
      `crossEntropyFromLogits: received logits ${formatShape(logits.shape)} and ${target}; ` +
        `expected int64 classes ${formatShape(rows)} or probabilities ${formatShape(logits.shape)}.`,
    );
  if (target.dtype !== 'int64') {
    const logProbabilities = subtract(logits, logSumExp(logits, { axes: -1, keepAxes: true }));
    return reduceLoss(multiply(sum(multiply(target, logProbabilities), { axes: -1 }), -1), options);
  }
  const chosen = oneHot(target, staticDim(logits.dim(-1), 'The number of classes'));
  return reduceLoss(subtract(logSumExp(logits, { axes: -1 }), sum(multiply(logits, chosen), { axes: -1 })), options);
}
