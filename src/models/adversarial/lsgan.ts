// The least-squares GAN (Mao et al. 2017): the discriminator regresses to 1 on data and 0 on samples. It cures vanishing gradients: a
// sample that is judged right but lies far from the data is still pulled towards it.
//
//   D: 1/2 E (D(x) - 1)^2 + 1/2 E D(G(z))^2        G: 1/2 E (D(G(z)) - 1)^2
import type { AdversarialModel } from './adversarial-model.js';
import type { AdversarialOptions } from './adversarial-options.js';
import { adversarialDefinition, createAdversarial, type Preset } from './preset.js';

const preset: Preset = {
  kind: 'lsgan',
  description: 'GAN by least squares: samples are drawn towards the data even where the discriminator is sure.',
  strengths: 'Trains more steadily than a GAN of logarithms, at the same price.',
  weaknesses: 'Has no likelihoods; its discriminator tells no probabilities, and it may still leave kinds of rows out.',
  paper: 'Mao et al. 2017, Least Squares Generative Adversarial Networks',
  defaults: { objective: 'least-squares' },
};

/** The entry of the table of models. */
export const lsganDefinition = adversarialDefinition(preset);

/**
 * A GAN by least squares: convolutional for images from 8x8, dense for other rows.
 *
 * @throws ConfigError for options that are unknown, not allowed, or do not go together
 * @example
 * const model = lsgan({ ema: 0.999 });
 * await model.fit(await mnist(), { epochs: 5, seed: 0 });
 * const digits = await model.sample(64, { seed: 1 });
 */
export function lsgan(options: AdversarialOptions = {}): AdversarialModel {
  return createAdversarial(preset, options);
}
