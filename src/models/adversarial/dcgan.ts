// The deep convolutional GAN (Radford, Metz and Chintala 2016): the game of the GAN played by convolutional networks, with the
// paper's recipe: strides instead of pooling, batch norm, ReLU in the generator, LeakyReLU in the discriminator, weights from
// N(0, 0.02^2), Adam with beta1 = 0.5. It cures the GAN's inability to paint: shapes that dense layers cannot learn. The loss is the
// GAN's.
//
//   D: -E log D(x) - E log(1 - D(G(z)))        G: -E log D(G(z))
import type { AdversarialModel } from './adversarial-model.js';
import type { AdversarialOptions } from './adversarial-options.js';
import { adversarialDefinition, createAdversarial, type Preset } from './preset.js';

const preset: Preset = {
  kind: 'dcgan',
  description: 'Deep convolutional GAN for images of any size and number of channels.',
  strengths: 'Draws crisp images after minutes of training, thousands in a second.',
  weaknesses:
    'Has no likelihoods, and codes of images have to be searched for; its two networks have to be kept in balance, and it may leave kinds of images out.',
  paper: 'Radford, Metz and Chintala 2016, Unsupervised Representation Learning with Deep Convolutional GANs',
  defaults: { backbone: 'dcgan' },
};

/** The entry of the table of models. */
export const dcganDefinition = adversarialDefinition(preset);

/**
 * A deep convolutional generative adversarial network.
 *
 * @throws ConfigError for options that are unknown, not allowed, or do not go together
 * @example
 * const model = dcgan();
 * await model.fit(await mnist(), { epochs: 5, seed: 0 });
 * const digits = await model.sample(64, { seed: 1 });   // [64, 28, 28, 1] in [0, 1]
 */
export function dcgan(options: AdversarialOptions = {}): AdversarialModel {
  return createAdversarial(preset, options);
}
