// The unrolled GAN (Metz et al. 2017): the generator sees how the discriminator would answer over its next K updates, and its gradient
// passes through them. It cures mode collapse: a generator that draws one kind of rows sees at once that the discriminator will find
// it out, and does not wander from kind to kind.
//
//   theta^0 = theta_D,  theta^(k+1) = optimiser step of L_D at theta^k;   G: L_G(theta_G, theta^K(theta_G, theta_D))
import type { AdversarialModel } from './adversarial-model.js';
import type { AdversarialOptions } from './adversarial-options.js';
import { adversarialDefinition, createAdversarial, type Preset } from './preset.js';

const preset: Preset = {
  kind: 'unrolled-gan',
  description: 'GAN whose generator looks K updates of the discriminator ahead, by gradients through the optimiser.',
  strengths:
    'Its generator sees what the discriminator would answer, and has less reason to draw a few kinds of rows only.',
  weaknesses: 'Pays for every look ahead: a step costs about K discriminator steps more, three times over.',
  paper: 'Metz et al. 2017, Unrolled Generative Adversarial Networks',
  defaults: {
    unrolledSteps: 5,
    learningRate: 1e-3,
    discriminatorLearningRate: 1e-4,
  },
};

/** The entry of the table of models. */
export const unrolledGanDefinition = adversarialDefinition(preset);

/**
 * A GAN that looks ahead: convolutional for images from 8x8, dense for other rows.
 *
 * @throws ConfigError for options that are unknown, not allowed, or do not go together
 * @example
 * const layers = [64, 64, 64, 64];
 * const model = unrolledGan({
 *   ...{ latentSize: 2, generatorLayers: layers, discriminatorLayers: layers, unrolledSteps: 3, ema: 0.999 },
 *   ...{ learningRate: 2e-3, discriminatorLearningRate: 5e-3, decaySteps: 24_000 },
 *   ...{ r1: 0.02, instanceNoise: 0.3, instanceNoiseSteps: 2000 },
 * });
 * await model.fit(await openDataset('eight-gaussians'), { steps: 24_000, batchSize: 64, seed: 0 });
 * const points = await model.sample(1000, { seed: 1 });
 */
export function unrolledGan(options: AdversarialOptions = {}): AdversarialModel {
  return createAdversarial(preset, options);
}
