// Scaling and shifting (Dinh et al. 2017):  z = x exp(s) + t,  s = 2 tanh(a / 2), which keeps scales within e^-2 and e^2.
import { sumPerExample } from '../../nn/distributions/distribution.js';
import { add, exp, multiply, negative, subtract, type Tensor, tanh } from '../../tensor/index.js';
import type { Transformer } from './coupling.js';

/** z = x exp(s) + t. */
export const affineTransformer: Transformer = {
  size: 2,
  forward(x, parameters) {
    const s = logScale(parameters(0));
    return { value: add(multiply(x, exp(s)), parameters(1)), logDeterminant: sumPerExample(s) };
  },
  inverse: (z, parameters) => multiply(subtract(z, parameters(1)), exp(negative(logScale(parameters(0))))),
};

function logScale(a: Tensor): Tensor {
  return multiply(tanh(multiply(a, 0.5)), 2);
}
