// The hinge loss (Lim and Ye 2017; Miyato et al. 2018): the discriminator stops caring about rows that it judges right by a margin of 1.
//
//   D: E max(0, 1 - a(x)) + E max(0, 1 + a(G(z)))        G: -E a(G(z))
import { hingeDiscriminator, hingeGenerator } from '../../../nn/losses/hinge.js';
import type { Objective } from './objective.js';

/** Margins around 0. */
export const hinge: Objective = {
  discriminator: (real, fake) => hingeDiscriminator(real, fake),
  generator: (fake) => hingeGenerator(fake),
  hasTargets: false,
  needsBoundedSlope: false,
};
