// The variational autoencoder (Kingma and Welling 2014; Rezende et al. 2014): a code z ~ N(0, I) is drawn, then a row x ~ p(x | z) by a
// decoder network; an encoder network says which codes a row may come from, q(z | x) = N(m(x), s(x)^2).
//
//   log p(x) >= E_q log p(x | z) - KL(q(z | x) || p(z)),  KL = -1/2 sum_j (1 + log s_j^2 - m_j^2 - s_j^2) >= 0
//
// Both terms can be weighted (beta-VAE, Higgins et al. 2017), or the tighter importance-weighted bound be trained for (Burda et al.
// 2016). Decoders for binary, real and 8-bit numbers; dense and convolutional networks; p(x | class) where there are labels.
import { type ModelDefinition, parseOptions } from '../definition.js';
import { ConditionalVae } from './conditional-vae.js';
import { Vae } from './vae-model.js';
import { checkVae, type VaeConfig, type VaeOptions, vaeSchema } from './vae-options.js';

function create(options: object): Vae {
  const config: Readonly<VaeConfig> = parseOptions('vae', vaeSchema, options);
  checkVae(config);
  return config.conditional ? new ConditionalVae(config) : new Vae(config);
}

/** The entry of the table of models. */
export const vaeDefinition: ModelDefinition = {
  kind: 'vae',
  family: 'autoencoder',
  description:
    'Variational autoencoder: dense or convolutional, for binary, real or 8-bit numbers, importance-weighted or class-conditional.',
  strengths:
    'Is stable to train and does everything: codes, smooth ways between rows, samples, a bound on the likelihood.',
  weaknesses: 'Hedges between what a code may mean, so its images are soft.',
  paper: 'Kingma and Welling 2014, Auto-Encoding Variational Bayes',
  schema: vaeSchema,
  charts: [{ label: 'nats per row', metrics: ['loss', 'reconstruction', 'kl', 'validationLoss'] }],
  create: (options = {}) => create(options),
  restore: (saved) => create(saved.config).adopt(saved),
};

/**
 * A variational autoencoder; with `conditional: true` of rows given their classes.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = vae();
 * await model.fit(binarise(await mnist()), { epochs: 20, seed: 0 });
 * const { values, kind } = await model.logProbBound(images, { samples: 100 });   // nats per row, 'importance'
 */
export function vae(options: VaeOptions & { conditional: true }): ConditionalVae;
export function vae(options?: VaeOptions): Vae;
export function vae(options: VaeOptions = {}): Vae {
  return create(options);
}
