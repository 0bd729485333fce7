// Mean squared error: up to constants, minus the log-probability of a normal distribution around the prediction.
import { square, subtract } from '../../tensor/index.js';
import type { Tensor, TensorLike } from '../../tensor/tensor.js';
import { checkTarget, type LossOptions, reduceLoss } from './reduction.js';

/** (prediction - target)^2. @throws ShapeError where the shapes differ */
export function meanSquaredError(prediction: Tensor, target: TensorLike, options: LossOptions = {}): Tensor {
  checkTarget('meanSquaredError', prediction, target);
  return reduceLoss(square(subtract(prediction, target)), options);
}
