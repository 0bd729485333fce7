// Zeros and ones: p(x_d = 1 | earlier) = sigmoid(value).
import { absoluteSoftplus, multiply, subtract } from '../../tensor/index.js';
import type { Output } from './output.js';
import { sigmoidOf } from './units.js';

/** Bernoulli conditionals: the value is the logit. */
export const bernoulliOutput: Output = {
  parameters: 1,
  standardises: false,
  logProb: (logits, x) => subtract(multiply(logits, x), absoluteSoftplus(logits)),
  draw: ([logit = 0], stream) => Number(stream.next() < sigmoidOf(logit)),
  // As if every number had been seen once more half on: the logits of numbers that never change stay finite.
  initial: ({ means }, rows) =>
    Float32Array.from(means, (mean) => {
      const on = (mean * rows + 0.5) / (rows + 1);
      return Math.log(on / (1 - on));
    }),
};
