// Mean absolute error, also called L1: images reconstructed by it are less blurred than by the squared error.
import { abs, subtract } from '../../tensor/index.js';
import type { Tensor, TensorLike } from '../../tensor/tensor.js';
import { checkTarget, type LossOptions, reduceLoss } from './reduction.js';

/** |prediction - target|; its gradient where they are equal is 0. @throws ShapeError where the shapes differ */
export function meanAbsoluteError(prediction: Tensor, target: TensorLike, options: LossOptions = {}): Tensor {
  checkTarget('meanAbsoluteError', prediction, target);
  return reduceLoss(abs(subtract(prediction, target)), options);
}
