// The fully visible sigmoid belief network (Frey 1998): the logistic regression of every number on those before it.
//
//   p(x) = prod_d p(x_d | x_earlier),   p(x_d = 1 | x_earlier) = sigmoid(b_d + sum_{i<d} A_id x_i)
//
// All of them together are one product with a strictly triangular matrix: a masked network without hidden layers.
import { z } from 'zod';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { autoregressiveCharts } from './autoregressive-charts.js';
import { AutoregressiveModel } from './autoregressive-model.js';
import { autoregressiveFields, orderField, orderSeedField } from './autoregressive-options.js';
import { bernoulliOutput } from './bernoulli-output.js';
import { inverse, orderOf } from './connectivity.js';
import { maskedNetwork } from './masked-network.js';
import type { AutoregressiveNetwork } from './network.js';

const schema = z.object({ order: orderField, orderSeed: orderSeedField, ...autoregressiveFields });

/** Options of a fully visible sigmoid belief network, defaults filled in. */
export type FvsbnConfig = z.output<typeof schema>;

/** A fully visible sigmoid belief network over binary numbers. */
export class Fvsbn extends AutoregressiveModel<FvsbnConfig> {
  readonly kind = 'fvsbn';
  protected override readonly isBinary = true;

  override networkFor(size: number, classes: number): AutoregressiveNetwork {
    const order = orderOf(size, this.config.order, this.config.orderSeed);
    return maskedNetwork({
      size,
      hiddenLayers: [],
      activation: 'relu',
      directConnections: true,
      classes,
      output: bernoulliOutput,
      connectivities: [{ order, places: inverse(order), degrees: [] }],
    });
  }
}

/** The entry of the table of models. */
export const fvsbnDefinition: ModelDefinition = {
  kind: 'fvsbn',
  family: 'autoregressive',
  description:
    'Fully visible sigmoid belief network of binary rows: the logistic regression of every number on the earlier ones.',
  strengths: 'Has exact probabilities of binary rows from logistic regressions alone, after seconds of training.',
  weaknesses: 'Has no hidden units, so a number can only be a weighted vote of the earlier ones.',
  paper: 'Frey 1998, Graphical Models for Machine Learning and Digital Communication',
  schema,
  charts: autoregressiveCharts,
  create: (options = {}) => new Fvsbn(parseOptions('fvsbn', schema, options)),
  restore: (saved) => new Fvsbn(parseOptions('fvsbn', schema, saved.config)).adopt(saved),
};

/**
 * A fully visible sigmoid belief network: exact probabilities of binary rows by the simplest autoregressive model.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = fvsbn();
 * await model.fit(binarise(await mnist()), { epochs: 10, seed: 0 });
 * const nats = await model.logProb(await model.sample(16, { seed: 1 }));
 */
export function fvsbn(options: z.input<typeof schema> = {}): Fvsbn {
  return new Fvsbn(parseOptions('fvsbn', schema, options));
}
