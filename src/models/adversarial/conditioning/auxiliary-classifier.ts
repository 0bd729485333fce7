// The auxiliary classifier (Odena, Olah and Shlens 2017): the discriminator also tells the class, and both players want it to be right.
//
//   L_C = E log p(class = y | x) + E log p(class = y | G(z, y));   D maximises L_S + weight L_C, G maximises weight L_C - L_S
import { crossEntropyFromLogits } from '../../../nn/losses/cross-entropy.js';
import { multiply } from '../../../tensor/index.js';
import type { AdversarialConfig } from '../adversarial-options.js';
import type { Conditioning } from './conditioning.js';
import { labelInput } from './label-input.js';
import { sideBySide } from './side-by-side.js';

/** A second head tells the class. */
export function auxiliaryClassifier(config: AdversarialConfig, classes: number): Conditioning {
  return {
    ...labelInput(config, classes),
    head: (dense) => ({ heads: sideBySide({ logit: dense(1), class: dense(classes) }) }),
    loss: (logits, labels) => multiply(crossEntropyFromLogits(logits, labels), config.classWeight),
    metrics: (logits, labels) => ({ classLoss: crossEntropyFromLogits(logits, labels) }),
  };
}
