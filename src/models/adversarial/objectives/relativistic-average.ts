// The relativistic average objective (Jolicoeur-Martineau 2019, equations 7 and 8): how much more like data is a row than the average
// row of the other kind? Samples that get better make data look worse, which the generator is told as well.
//
//   R(x) = a(x) - E a(G(z)),   S(z) = a(G(z)) - E a(x),   D = sigmoid
//   D: -E log D(R) - E log(1 - D(S))        G: -E log D(S) - E log(1 - D(R))
import { subtract } from '../../../tensor/index.js';
import { mean } from '../../../tensor/operators/reduce.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { crossEntropy, logistic } from './cross-entropy.js';
import type { Objective } from './objective.js';

const compared = (real: Tensor, fake: Tensor): readonly [Tensor, Tensor] => [
  subtract(real, mean(fake)),
  subtract(fake, mean(real)),
];

/** Both players compare data with samples. */
export const relativisticAverage: Objective = {
  ...logistic,
  discriminator: (real, fake, smoothing) => crossEntropy(...compared(real, fake), smoothing),
  generator: (fake, real) => {
    const [onData, onSamples] = compared(real(), fake);
    return crossEntropy(onSamples, onData, 0);
  },
  probabilities: (real, fake) => logistic.probabilities(...compared(real, fake)),
};
