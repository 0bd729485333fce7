// The Wasserstein distance (Arjovsky, Chintala and Bottou 2017): over all functions f whose slope is at most 1,
//
//   W(p_data, p_G) = max_f E f(x) - E f(G(z))
//
// which falls smoothly as samples move towards the data, even where the two do not overlap at all. The discriminator becomes a critic f:
//
//   f: E f(G(z)) - E f(x)        G: -E f(G(z))
//
// Something has to bound the slope: clipped weights, a gradient penalty, or spectral norms.
import { negative, subtract } from '../../../tensor/index.js';
import { mean } from '../../../tensor/operators/reduce.js';
import type { Objective } from './objective.js';

/** The critic's loss is minus its estimate of the distance. */
export const wasserstein: Objective = {
  discriminator: (real, fake) => subtract(mean(fake), mean(real)),
  generator: (fake) => negative(mean(fake)),
  hasTargets: false,
  needsBoundedSlope: true,
};
