// NADE, the neural autoregressive distribution estimator (Larochelle and Murray 2011; Uria et al. 2016): every number has a hidden layer of
// its own that sees the earlier ones, and all of them share their weights.
//
//   p(x) = prod_d p(x_d | x_earlier),   p(x_d = 1 | x_earlier) = sigmoid(b_d + V_d g(c + sum_{i<d} W_i x_i))
import { z } from 'zod';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { autoregressiveCharts } from './autoregressive-charts.js';
import { AutoregressiveModel } from './autoregressive-model.js';
import { autoregressiveFields, orderField, orderSeedField } from './autoregressive-options.js';
import { orderOf } from './connectivity.js';
import { nadeNetwork, nadeUnits } from './nade-network.js';
import type { AutoregressiveNetwork } from './network.js';
import { reordered } from './reordered.js';

const schema = z.object({
  hiddenUnits: z.int().positive().default(500).describe('units of each hidden layer'),
  activation: z.enum(nadeUnits).default('sigmoid').describe('of hidden units'),
  order: orderField,
  orderSeed: orderSeedField,
  ...autoregressiveFields,
});

/** Options of a NADE, defaults filled in. */
export type NadeConfig = z.output<typeof schema>;

/** A NADE over binary numbers. */
export class Nade extends AutoregressiveModel<NadeConfig> {
  readonly kind = 'nade';
  protected override readonly isBinary = true;

  override networkFor(size: number, classes: number): AutoregressiveNetwork {
    const { hiddenUnits, activation, order, orderSeed } = this.config;
    return reordered(orderOf(size, order, orderSeed), nadeNetwork({ size, hiddenUnits, activation, classes }));
  }
}

/** The entry of the table of models. */
export const nadeDefinition: ModelDefinition = {
  kind: 'nade',
  family: 'autoregressive',
  description:
    'Neural autoregressive distribution estimator of binary rows: a hidden layer per number, with shared weights.',
  strengths: 'Has exact probabilities of binary rows with hidden units that all conditionals share.',
  weaknesses: 'Draws number by number in a fixed order, and does not know which pixels are neighbours.',
  paper: 'Larochelle and Murray 2011, The Neural Autoregressive Distribution Estimator',
  schema,
  charts: autoregressiveCharts,
  create: (options = {}) => new Nade(parseOptions('nade', schema, options)),
  restore: (saved) => new Nade(parseOptions('nade', schema, saved.config)).adopt(saved),
};

/**
 * A neural autoregressive distribution estimator: exact probabilities of binary rows.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = nade({ hiddenUnits: 500 });
 * await model.fit(binarise(await mnist()), { epochs: 10, seed: 0 });
 * const nats = await model.logProb(await model.sample(16, { seed: 1 }));
 */
export function nade(options: z.input<typeof schema> = {}): Nade {
  return new Nade(parseOptions('nade', schema, options));
}
