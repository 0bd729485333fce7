// The value of the game itself (Goodfellow et al. 2014, equation 1):
//
//   min_G max_D  E log D(x) + E log(1 - D(G(z)))
//
// It is what the theory is about; its gradient vanishes when the discriminator is sure.
import { negative, softplus } from '../../../tensor/index.js';
import { mean } from '../../../tensor/operators/reduce.js';
import { logistic } from './cross-entropy.js';
import type { Objective } from './objective.js';

/** The generator minimises mean log(1 - D(G(z))). */
export const minimax: Objective = { ...logistic, generator: (fake) => negative(mean(softplus(fake))) };
