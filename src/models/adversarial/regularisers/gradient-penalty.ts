// The gradient penalty (Gulrajani et al. 2017, equation 3): on the way between data and samples an optimal critic has slope 1.
//
//   lambda E (|grad f(y)| - 1)^2,   y = u x + (1 - u) G(z),   u uniform in [0, 1), one for each row
import { add, multiply, sqrt, square, subtract } from '../../../tensor/index.js';
import { mean } from '../../../tensor/operators/reduce.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { squaredInputGradient } from './input-gradient.js';
import type { Penalty } from './penalty.js';

/** Keeps the derivative of the root finite where a critic is flat. */
const epsilon = 1e-12;

/** The penalty of weight `lambda`; the paper's is 10. */
export function gradientPenalty(lambda: number): Penalty {
  return {
    name: 'gradientPenalty',
    loss: ({ real, fake, judge, noise }) => {
      const perRow = real.shape.map((dim, axis) => (axis === 0 ? Number(dim) : 1));
      const between = interpolate(real, fake, noise('interpolation', perRow, 'uniform'));
      const slope = sqrt(add(squaredInputGradient(between, judge), epsilon));
      return multiply(mean(square(subtract(slope, 1))), lambda);
    },
  };
}

/** share a + (1 - share) b */
function interpolate(a: Tensor, b: Tensor, share: Tensor): Tensor {
  return add(b, multiply(subtract(a, b), share));
}
