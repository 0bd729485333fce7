// The auxiliary-classifier GAN (Odena, Olah and Shlens 2017): the discriminator also tells the class of what it sees, and both players
// want it to be right. It cures conditional samples that ignore what was asked for.
//
//   L_C = E log p(y | x) + E log p(y | G(z, y));   D maximises L_S + L_C, G maximises L_C - L_S

import type { AdversarialOptions } from './adversarial-options.js';
import type { ConditionalAdversarialModel } from './conditional-adversarial-model.js';
import { adversarialDefinition, createConditional, type Preset } from './preset.js';

const preset: Preset = {
  kind: 'acgan',
  description: 'Conditional GAN whose discriminator is a classifier as well, so that samples show what was asked for.',
  strengths: 'Draws rows whose class is plain to see.',
  weaknesses: 'Needs labels, and prefers rows that are easy to classify, so that a class may lose variety.',
  paper: 'Odena, Olah and Shlens 2017, Conditional Image Synthesis with Auxiliary Classifier GANs',
  defaults: { conditioning: 'auxiliary-classifier' },
  conditionings: ['auxiliary-classifier'],
};

/** The entry of the table of models. */
export const acganDefinition = adversarialDefinition(preset);

/**
 * A GAN of rows given their classes, with an auxiliary classifier: convolutional for images from 8x8, dense for other rows.
 *
 * @throws ConfigError for options that are unknown, not allowed, or do not go together
 * @example
 * const model = acgan();
 * await model.fit(await mnist(), { epochs: 10, seed: 0 });
 * const sevens = await model.sample(16, { given: { label: '7' } });
 */
export function acgan(options: AdversarialOptions = {}): ConditionalAdversarialModel {
  return createConditional(preset, options);
}
