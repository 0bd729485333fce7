// Huber's loss (1964): squared for small errors, linear for large ones.
import { abs, minimum, multiply, subtract } from '../../tensor/index.js';
import type { Tensor, TensorLike } from '../../tensor/tensor.js';
import { checkNumber } from '../check.js';
import { checkTarget, type LossOptions, reduceLoss } from './reduction.js';

/** Options of Huber's loss. */
export interface HuberOptions extends LossOptions {
  /** The error from which on the loss is linear. Default 1. */
  readonly delta?: number;
}

/**
 * e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2), for e = prediction - target.
 *
 * @throws ShapeError where the shapes differ, ConfigError for a delta that is not above 0
 */
export function huber(prediction: Tensor, target: TensorLike, { delta = 1, ...options }: HuberOptions = {}): Tensor {
  checkTarget('huber', prediction, target);
  checkNumber('huber', 'delta', delta, 'positive');
  const error = abs(subtract(prediction, target));
  // With s = min(|e|, delta), both cases are s (|e| - s / 2).
  const small = minimum(error, delta);
  return reduceLoss(multiply(small, subtract(error, multiply(small, 0.5))), options);
}
