// How fast the discriminator's output changes with the row that it judges: grad_x a(x), row by row.
import { gradients } from '../../../tensor/gradient.js';
import { square } from '../../../tensor/index.js';
import { sum } from '../../../tensor/operators/reduce.js';
import type { Tensor } from '../../../tensor/tensor.js';

/**
 * |grad_x a(x)|^2 of each row [N], for rows x [N, ...] that are judged one by one: then the gradient of the sum of all outputs holds
 * each row's own gradient. It is an expression, so that the discriminator's weights can be learnt from it.
 */
export function squaredInputGradient(x: Tensor, judge: (x: Tensor) => Tensor): Tensor {
  const [slope = x] = gradients(sum(judge(x)), [x]);
  return sum(square(slope), { axes: slope.shape.slice(1).map((_, axis) => axis + 1) });
}
