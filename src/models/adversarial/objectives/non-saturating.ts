// The objective of Goodfellow et al. 2014, section 3: the same fixed point as minimax, with strong gradients early on.
//
//   D: -E log D(x) - E log(1 - D(G(z)))        G: -E log D(G(z))
import { negative, softplus } from '../../../tensor/index.js';
import { mean } from '../../../tensor/operators/reduce.js';
import { logistic } from './cross-entropy.js';
import type { Objective } from './objective.js';

/** The generator minimises -mean log D(G(z)). */
export const nonSaturating: Objective = { ...logistic, generator: (fake) => mean(softplus(negative(fake))) };
