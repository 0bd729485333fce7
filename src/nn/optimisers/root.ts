// Square roots of mean squares, through which gradients may pass: a generator that looks ahead differentiates optimisers' steps.
import { divide, maximum, multiply, sqrt } from '../../tensor/index.js';
import { customGradient } from '../../tensor/operators/custom-gradient.js';
import type { Tensor } from '../../tensor/tensor.js';

/** Below this a root counts as zero in the derivative. */
const tiny = 1e-18;

/**
 * sqrt(x) for x >= 0, whose derivative 1 / (2 sqrt x) stays finite at 0. There the square that x was made of has the derivative 0, and 0
 * times infinity would be no number: parameters that have had no gradient yet must not spoil all others.
 */
export function differentiableRoot(x: Tensor): Tensor {
  return customGradient(sqrt(x), [x], ([square = x], dy) => [divide(multiply(dy, 0.5), maximum(sqrt(square), tiny))]);
}
