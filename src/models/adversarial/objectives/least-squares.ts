// Least squares (Mao et al. 2017, equation 9, with the codes 0 and 1): a sample that is judged right but lies far from the data is still
// pulled towards it, where a logarithm has long gone flat.
//
//   D: 1/2 E (D(x) - 1)^2 + 1/2 E D(G(z))^2        G: 1/2 E (D(G(z)) - 1)^2
import { add, multiply, square, subtract } from '../../../tensor/index.js';
import { mean } from '../../../tensor/operators/reduce.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { Objective } from './objective.js';

const halfMeanSquare = (x: Tensor): Tensor => multiply(mean(square(x)), 0.5);

/** Regression to 1 on data and 0 on samples. */
export const leastSquares: Objective = {
  discriminator: (real, fake, smoothing) => add(halfMeanSquare(subtract(real, 1 - smoothing)), halfMeanSquare(fake)),
  generator: (fake) => halfMeanSquare(subtract(fake, 1)),
  hasTargets: true,
  needsBoundedSlope: false,
};
