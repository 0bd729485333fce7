// The generative adversarial network (Goodfellow et al. 2014): a generator turns noise into samples, a discriminator learns to
// tell them from data, and each is trained against the other by Algorithm 1 of the paper.
//
//   min_G max_D  E_x log D(x) + E_z log(1 - D(G(z)))
//
// At the optimum p_G = p_data and D = 1/2 everywhere. The density is implicit: the model draws, but assigns no likelihood.
import type { AdversarialModel } from './adversarial-model.js';
import type { AdversarialOptions } from './adversarial-options.js';
import { adversarialDefinition, createAdversarial, type Preset } from './preset.js';

const preset: Preset = {
  kind: 'gan',
  description: 'Generative adversarial network of dense layers: Algorithm 1 of the first GAN paper.',
  strengths: 'Draws in one pass, and its samples look as sharp as the data because a second network judges them.',
  weaknesses:
    'Has no likelihoods, and codes of rows have to be searched for; its training may swing, or leave whole kinds of rows out unnoticed.',
  paper: 'Goodfellow et al. 2014, Generative Adversarial Networks',
  defaults: { backbone: 'dense' },
};

/** The entry of the table of models. */
export const ganDefinition = adversarialDefinition(preset);

/**
 * A generative adversarial network of dense layers.
 *
 * @throws ConfigError for options that are unknown, not allowed, or do not go together
 * @example
 * const model = gan({ latentSize: 64 });
 * await model.fit(await mnist(), { epochs: 5, seed: 0 });
 * const { data, shape } = await model.sample(16, { seed: 1 });
 */
export function gan(options: AdversarialOptions = {}): AdversarialModel {
  return createAdversarial(preset, options);
}
