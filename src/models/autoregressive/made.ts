// MADE, the masked autoencoder for distribution estimation (Germain et al. 2015): one network gives the conditionals of all numbers at
// once, because masks let each see only those before it in an order.
//
//   p(x) = prod_d p(x_d | x_earlier),   the conditionals of zeros and ones sigmoid(b_d + sum_h V_hd h_h), of real numbers Gaussian mixtures
//
// Several masks (how hidden units see) and orders take turns in training, and their densities are averaged.
import { z } from 'zod';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { autoregressiveCharts } from './autoregressive-charts.js';
import { AutoregressiveModel } from './autoregressive-model.js';
import { autoregressiveFields, orderField } from './autoregressive-options.js';
import { bernoulliOutput } from './bernoulli-output.js';
import { connectivities } from './connectivity.js';
import { gaussianOutput } from './gaussian-output.js';
import { maskedNetwork } from './masked-network.js';
import type { AutoregressiveNetwork } from './network.js';
import { unitNames } from './units.js';

const schema = z
  .object({
    hiddenLayers: z.array(z.int().positive()).default([500]).describe('units of the hidden layers'),
    activation: z.enum(unitNames).default('relu').describe('of hidden units'),
    masks: z
      .int()
      .positive()
      .default(1)
      .describe('sets of masks that take turns; the density is the mean of theirs, and costs as many passes'),
    orderings: z
      .int()
      .positive()
      .default(1)
      .describe('different orders of the numbers among the masks; the first is set by order, others are random'),
    order: orderField,
    maskSeed: z.int().default(0).describe('what masks and random orders are drawn by'),
    directConnections: z
      .boolean()
      .default(false)
      .describe('whether numbers also act on the later ones directly, past the hidden layers'),
    output: z
      .enum(['bernoulli', 'gaussian'])
      .default('bernoulli')
      .describe('of each number given the earlier ones: bernoulli for zeros and ones, gaussian for real numbers'),
    components: z.int().positive().default(1).describe('gaussian: Gaussians that are mixed for each number'),
    ...autoregressiveFields,
  })
  .refine(({ masks, orderings }) => orderings <= masks, {
    path: ['orderings'],
    error: 'Every order needs a set of masks of its own: set masks to at least as many',
  })
  .refine(({ output, components }) => output === 'gaussian' || components === 1, {
    path: ['components'],
    error: 'Only Gaussians are mixed: set output to gaussian, or leave components out',
  });

/** Options of a MADE, defaults filled in. */
export type MadeConfig = z.output<typeof schema>;

/** A masked network over binary or real numbers. */
export class Made extends AutoregressiveModel<MadeConfig> {
  readonly kind = 'made';

  protected override get isBinary(): boolean {
    return this.config.output === 'bernoulli';
  }

  override networkFor(size: number, classes: number): AutoregressiveNetwork {
    const { hiddenLayers, activation, masks, orderings, order, maskSeed, directConnections, output, components } =
      this.config;
    return maskedNetwork({
      size,
      hiddenLayers,
      activation,
      directConnections,
      classes,
      output: output === 'bernoulli' ? bernoulliOutput : gaussianOutput(components),
      connectivities: connectivities({ size, hiddenLayers, masks, orderings, order, seed: maskSeed }),
    });
  }
}

/** The entry of the table of models. */
export const madeDefinition: ModelDefinition = {
  kind: 'made',
  family: 'autoregressive',
  description:
    'Masked network that gives the conditionals of all numbers in one pass, for binary rows, tables and points.',
  strengths:
    'Computes all conditionals of a row in one pass, so exact likelihoods are quick to train and among the best.',
  weaknesses: 'Needs a pass for each number that it draws, and does not know which pixels are neighbours.',
  paper: 'Germain et al. 2015, MADE: Masked Autoencoder for Distribution Estimation',
  schema,
  charts: autoregressiveCharts,
  create: (options = {}) => new Made(parseOptions('made', schema, options)),
  restore: (saved) => new Made(parseOptions('made', schema, saved.config)).adopt(saved),
};

/**
 * A masked autoencoder for distribution estimation: exact densities of binary images, tables and points.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = made({ hiddenLayers: [500], masks: 8 });
 * await model.fit(binarise(await mnist()), { epochs: 20, seed: 0 });
 * const nats = await model.logProb(await model.sample(16, { seed: 1 }));
 */
export function made(options: z.input<typeof schema> = {}): Made {
  return new Made(parseOptions('made', schema, options));
}
