// The Wasserstein GAN (Arjovsky, Chintala and Bottou 2017): a critic estimates the distance between data and samples, which falls
// smoothly even where the two do not overlap. It cures losses that mean nothing and gradients that vanish; clipped weights keep the
// critic's slope bounded, five steps of it per step of the generator keep its estimate good.
//
//   f: E f(G(z)) - E f(x), weights of f in [-clip, clip]        G: -E f(G(z))
import type { AdversarialModel } from './adversarial-model.js';
import type { AdversarialOptions } from './adversarial-options.js';
import { adversarialDefinition, createAdversarial, type Preset } from './preset.js';

const preset: Preset = {
  kind: 'wgan',
  description:
    'Wasserstein GAN with clipped weights: a critic whose loss, its sign changed, says how far samples are from the data.',
  strengths: 'Reports a loss that rises towards 0 as samples get better, and seldom leaves kinds of rows out.',
  weaknesses: 'Learns slowly: clipping makes a crude critic, and every step of the generator takes five of it.',
  paper: 'Arjovsky, Chintala and Bottou 2017, Wasserstein Generative Adversarial Networks',
  defaults: {
    objective: 'wasserstein',
    clip: 0.01,
    discriminatorSteps: 5,
    optimiser: 'rms-prop',
    learningRate: 5e-5,
  },
};

/** The entry of the table of models. */
export const wganDefinition = adversarialDefinition(preset);

/**
 * A Wasserstein GAN with clipped weights: convolutional for images from 8x8, dense for other rows.
 *
 * @throws ConfigError for options that are unknown, not allowed, or do not go together
 * @example
 * const model = wgan();
 * const { history } = await model.fit(await mnist(), { epochs: 20, seed: 0 });
 * const distance = -(history.at(-1)?.metrics.discriminatorLoss ?? 0);
 */
export function wgan(options: AdversarialOptions = {}): AdversarialModel {
  return createAdversarial(preset, options);
}
