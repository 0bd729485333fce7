// The spectrally normalised GAN (Miyato et al. 2018): the discriminator's weights are divided by their largest singular values, which
// bounds its slope layer by layer for next to nothing. Residual networks, the hinge loss. It cures discriminators that win outright.
//
//   D: E max(0, 1 - a(x)) + E max(0, 1 + a(G(z))), each weight W of a as W / sigma(W)        G: -E a(G(z))
import type { AdversarialModel } from './adversarial-model.js';
import type { AdversarialOptions } from './adversarial-options.js';
import { adversarialDefinition, createAdversarial, type Preset } from './preset.js';

const preset: Preset = {
  kind: 'sngan',
  description:
    'GAN with spectral normalisation and residual networks, for images whose sides are multiples of 4 from 16.',
  strengths: 'Made for images in colour and of many kinds: its discriminator stays smooth, and never wins outright.',
  weaknesses:
    'Needs many steps and a fast machine: residual networks, and five steps of the discriminator per step of the generator.',
  paper: 'Miyato et al. 2018, Spectral Normalization for Generative Adversarial Networks',
  defaults: {
    backbone: 'residual',
    objective: 'hinge',
    spectralNorm: true,
    latentSize: 128,
    discriminatorSteps: 5,
    beta1: 0,
    beta2: 0.9,
  },
};

/** The entry of the table of models. */
export const snganDefinition = adversarialDefinition(preset);

/**
 * A GAN with spectral normalisation, of residual networks for images.
 *
 * @throws ConfigError for options that are unknown, not allowed, or do not go together
 * @example
 * const model = sngan({ ema: 0.9999 });
 * await model.fit(await cifar10(), { epochs: 20, seed: 0 });
 * const images = await model.sample(64, { seed: 1 });   // [64, 32, 32, 3]
 */
export function sngan(options: AdversarialOptions = {}): AdversarialModel {
  return createAdversarial(preset, options);
}
