// What losses have in common: a value per prediction, checked shapes, and a reduction.
import { ShapeError } from '../../core/errors.js';
import { lookUp } from '../../core/nearest.js';
import { mean, sum } from '../../tensor/operators/reduce.js';
import { formatShape, sameShape } from '../../tensor/shape.js';
import type { Tensor, TensorLike } from '../../tensor/tensor.js';

const reductions = { mean: (x: Tensor) => mean(x), sum: (x: Tensor) => sum(x), none: (x: Tensor) => x } as const;

/** How the values of a loss become one number: their mean, their sum, or not at all. */
export type Reduction = keyof typeof reductions;

/** Options of every loss. */
export interface LossOptions {
  /** Default `mean`. */
  readonly reduction?: Reduction;
}

/** Reduces the values of a loss. @throws UnknownNameError for a reduction that does not exist */
export function reduceLoss(values: Tensor, { reduction = 'mean' }: LossOptions): Tensor {
  const reduce: (x: Tensor) => Tensor = lookUp('reduction', reductions, reduction);
  return reduce(values);
}

/** A prediction [n] and targets [n, 1] would broadcast to [n, n] without a word, so shapes have to be equal; numbers may stand for all. */
export function checkTarget(loss: string, prediction: Tensor, target: TensorLike): void {
  if (typeof target === 'number' || target.rank === 0 || sameShape(prediction.shape, target.shape)) return;
  throw new ShapeError(
    `${loss}: received predictions ${formatShape(prediction.shape)} and targets ${formatShape(target.shape)}; ` +
      'expected equal shapes, or one number. Reshape one of them.',
  );
}
