// log(1 + e^x) where it is summed up: right to 1e-7 in absolute terms, not in relative ones.
//
//   max(x, 0) - log sigmoid(|x|)
//
// Five passes of vector instructions take a quarter of the time of the operator Softplus, which is right in relative terms as well.
import { abs, customGradient, log, multiply, relu, sigmoid, subtract } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';

/** log(1 + e^x) with an absolute error of about 1e-7; its gradient is the sigmoid. */
export function absoluteSoftplus(x: Tensor): Tensor {
  const value = subtract(relu(x), log(sigmoid(abs(x))));
  return customGradient(value, [x], (_, gradient) => [multiply(gradient, sigmoid(x))]);
}
