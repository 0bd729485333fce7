// InfoGAN (Chen et al. 2016): some numbers of the code have to be readable from the sample, so that they come to mean something: the
// digit, its slant, its width. It cures codes without a meaning, and needs no labels for that.
//
//   min_{G,Q} max_D  V(D, G) - lambda (H(c) + E log Q(c | G(z, c)))
import type { AdversarialModel } from './adversarial-model.js';
import type { AdversarialOptions } from './adversarial-options.js';
import { adversarialDefinition, createAdversarial, type Preset } from './preset.js';

const preset: Preset = {
  kind: 'infogan',
  description:
    'GAN that discovers what rows differ in: categorical and continuous codes with a meaning, without labels.',
  strengths: 'Finds kinds and continuous traits of rows by itself; each code can be turned like a knob.',
  weaknesses: 'Has no likelihoods; which trait a code comes to mean differs from seed to seed.',
  paper:
    'Chen et al. 2016, InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets',
  defaults: {
    conditioning: 'codes',
    latentSize: 62,
    learningRate: 1e-3,
    discriminatorLearningRate: 2e-4,
  },
  conditionings: ['codes'],
};

/** The entry of the table of models. */
export const infoganDefinition = adversarialDefinition(preset);

/**
 * A GAN with discovered codes: convolutional for images from 8x8, dense for other rows.
 *
 * @throws ConfigError for options that are unknown, not allowed, or do not go together
 * @example
 * const model = infogan({ categoricalCodes: [10], continuousCodes: 2 });
 * await model.fit(await mnist(), { epochs: 10, seed: 0 });
 * const { noise, categories, continuous } = model.codeLayout;   // 62, [10], 2: the numbers of a code in their order
 */
export function infogan(options: AdversarialOptions = {}): AdversarialModel {
  return createAdversarial(preset, options);
}
