// The conditional GAN (Mirza and Osindero 2014): both players see the class beside their input.
//
//   min_G max_D  E log D(x | y) + E log(1 - D(G(z | y) | y))
import type { AdversarialConfig } from '../adversarial-options.js';
import { conditionInput } from './condition-input.js';
import type { Conditioning } from './conditioning.js';
import { labelInput } from './label-input.js';

/** Classes beside the rows that are judged: as further numbers, or as further planes of images. */
export function concatenation(config: AdversarialConfig, classes: number): Conditioning {
  return {
    ...labelInput(config, classes),
    discriminatorFront: conditionInput(classes),
    head: (dense) => ({ logit: dense(1) }),
  };
}
