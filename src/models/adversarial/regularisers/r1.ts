// R1 (Mescheder, Geiger and Nowozin 2018, equation 9): a discriminator that is flat on the data leaves samples alone that have arrived
// there, which makes the game converge near its solution.
//
//   gamma / 2  E |grad a(x)|^2   over data x
import { multiply } from '../../../tensor/index.js';
import { mean } from '../../../tensor/operators/reduce.js';
import { squaredInputGradient } from './input-gradient.js';
import type { Penalty } from './penalty.js';

/** The penalty of weight `gamma`; the paper's is 10. */
export function r1(gamma: number): Penalty {
  return {
    name: 'r1',
    loss: ({ real, judge }) => multiply(mean(squaredInputGradient(real, judge)), gamma / 2),
  };
}
