// Conditioning by projection (cGANs with projection discriminator, Miyato and Koyama 2018).
import type { AdversarialConfig } from '../adversarial-options.js';
import type { Conditioning } from './conditioning.js';
import { labelInput } from './label-input.js';
import { projectionHead } from './projection-head.js';

/** The discriminator compares its features with a vector of the class. */
export function projection(config: AdversarialConfig, classes: number): Conditioning {
  return {
    ...labelInput(config, classes),
    head: (dense) => ({ logit: projectionHead(dense(1), classes) }),
  };
}
