// The conditional GAN (Mirza and Osindero 2014): both players are told the class. It cures not being able to ask: samples of a class can
// be had, and no class is left out.
//
//   min_G max_D  E log D(x | y) + E log(1 - D(G(z | y) | y))

import type { AdversarialOptions } from './adversarial-options.js';
import type { ConditionalAdversarialModel } from './conditional-adversarial-model.js';
import { labelConditionings } from './conditioning/index.js';
import { adversarialDefinition, createConditional, type Preset } from './preset.js';

const preset: Preset = {
  kind: 'cgan',
  description: 'Conditional GAN: rows of a class that can be asked for; by concatenation, or by projection.',
  strengths: 'Draws rows of the class that is asked for, and leaves no class out.',
  weaknesses: 'Needs labels, has no likelihoods, and may still draw too much alike within a class.',
  paper: 'Mirza and Osindero 2014, Conditional Generative Adversarial Nets',
  defaults: { conditioning: 'concatenation' },
  conditionings: labelConditionings,
};

/** The entry of the table of models. */
export const cganDefinition = adversarialDefinition(preset);

/**
 * A GAN of rows given their classes: convolutional for images from 8x8, dense for other rows. `conditioning: 'projection'` and
 * `labelInput: 'batch-norm'` make it the projection GAN of Miyato and Koyama (2018).
 *
 * @throws ConfigError for options that are unknown, not allowed, or do not go together
 * @example
 * const model = cgan();
 * await model.fit(await mnist(), { epochs: 10, seed: 0 });
 * const sevens = await model.sample(16, { given: { label: '7' } });
 */
export function cgan(options: AdversarialOptions = {}): ConditionalAdversarialModel {
  return createConditional(preset, options);
}
