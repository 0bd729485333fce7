// The Wasserstein GAN with gradient penalty (Gulrajani et al. 2017): instead of clipping weights, the critic's slope is asked to be 1
// between data and samples. It cures what clipping does to the critic, which then learns simple functions only.
//
//   f: E f(G(z)) - E f(x) + lambda E (|grad f(y)| - 1)^2,  y = u x + (1 - u) G(z)        G: -E f(G(z))
import type { AdversarialModel } from './adversarial-model.js';
import type { AdversarialOptions } from './adversarial-options.js';
import { adversarialDefinition, createAdversarial, type Preset } from './preset.js';

const preset: Preset = {
  kind: 'wgan-gp',
  description:
    'Wasserstein GAN with gradient penalty: a smooth critic, without batch norm, for almost any pair of networks.',
  strengths: 'Finds all kinds of rows where other GANs leave some out, and hardly depends on the networks.',
  weaknesses: 'Takes five steps of its critic per step of the generator, each with derivatives of derivatives.',
  paper: 'Gulrajani et al. 2017, Improved Training of Wasserstein GANs',
  defaults: {
    objective: 'wasserstein',
    gradientPenalty: 10,
    discriminatorSteps: 5,
    learningRate: 1e-4,
    beta1: 0,
    beta2: 0.9,
  },
};

/** The entry of the table of models. */
export const wganGpDefinition = adversarialDefinition(preset);

/**
 * A Wasserstein GAN with gradient penalty: convolutional for images from 8x8, dense for other rows.
 *
 * @throws ConfigError for options that are unknown, not allowed, or do not go together
 * @example
 * const model = wganGp({ latentSize: 2, generatorLayers: [128, 128], discriminatorLayers: [128, 128] });
 * await model.fit(await openDataset('eight-gaussians'), { steps: 5000, batchSize: 256, seed: 0 });
 * const points = await model.sample(1000, { seed: 1 });
 */
export function wganGp(options: AdversarialOptions = {}): AdversarialModel {
  return createAdversarial(preset, options);
}
