// The Bernoulli mixture, or latent class model: a row of features that are on or off comes from one of K classes, within which features
// are independent.
//
//   p(x) = sum_k w_k prod_d p_kd^x_d (1 - p_kd)^(1 - x_d)
//
// Fitted by the same expectation and maximisation as Gaussian mixtures, with a Beta prior on the probabilities that keeps them
// from 0 and 1 (Bishop 2006, Pattern Recognition and Machine Learning, section 9.3.3).
import { z } from 'zod';
import type { Conditional, HasJointDensity, JointDensity, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { bernoulli } from './bernoulli.js';
import type { Emission } from './emission.js';
import { MixtureModel } from './mixture-model.js';
import { givenStart, mixtureFields, namedStarts } from './mixture-options.js';

const schema = z.object({
  ...mixtureFields,
  threshold: z.number().default(0.5).describe('a value above it is on, any other off'),
  smoothing: z
    .number()
    .positive()
    .default(1)
    .describe('added to the counts of on and of off of every feature in every component'),
  start: z
    .union([namedStarts, z.strictObject(givenStart)])
    .default('k-means')
    .describe('k-means, k-means++, random, or { means, weights } as numbers'),
});

/** Options of a Bernoulli mixture, defaults filled in. */
export type BernoulliMixtureConfig = z.output<typeof schema>;

/** A mixture of independent features that are on or off, for binary images and tables. `logProb` is of the features, not of the values. */
export class BernoulliMixture extends MixtureModel<BernoulliMixtureConfig> {
  readonly kind = 'bernoulli-mixture';
  readonly isDiscrete = true;

  protected override emission(features: number): Emission {
    return bernoulli(this.config.components, features, this.config);
  }
}

/** A Bernoulli mixture for every class, which can be asked for rows of a class and for the classes of rows. */
export class BernoulliMixturePerClass extends BernoulliMixture implements Conditional, HasJointDensity {
  /** The names of the classes. @throws NotFittedError */
  get labels(): readonly string[] {
    return this.fitted().classes;
  }

  /** log p(x, class) of each row in nats, [rows, classes]. @throws ShapeError, NotFittedError */
  async jointLogProb(x: Samples): Promise<JointDensity> {
    const { values } = await this.joint(x);
    return { values, classes: this.labels };
  }
}

function create(config: Readonly<BernoulliMixtureConfig>): BernoulliMixture {
  return config.perClass ? new BernoulliMixturePerClass(config) : new BernoulliMixture(config);
}

/** The entry of the table of models. */
export const bernoulliMixtureDefinition: ModelDefinition = {
  kind: 'bernoulli-mixture',
  family: 'mixture',
  description: 'Mixture of independent features that are on or off, or one mixture per class.',
  strengths: 'Has exact probabilities of binary rows, and components that can be looked at one by one.',
  weaknesses: 'Takes numbers for independent inside a component, so its images are speckled.',
  paper: 'Juan and Vidal 2004, Bernoulli mixture models for binary images',
  charts: [{ label: 'lower bound (nats per row)', metrics: ['lower bound'] }],
  schema,
  create: (options = {}) => create(parseOptions('bernoulli-mixture', schema, options)),
  restore: (saved) => create(parseOptions('bernoulli-mixture', schema, saved.config)).adopt(saved),
};

/** Options of a Bernoulli mixture; those left out take their defaults. */
export type BernoulliMixtureOptions = z.input<typeof schema>;

/**
 * A mixture of independent features that are on or off; with `perClass: true` one for every class.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = bernoulliMixture({ components: 20 });
 * await model.fit(await mnist(), { seed: 0 });
 * const { data, shape } = await model.sample(16, { seed: 1 });
 */
export function bernoulliMixture(options: BernoulliMixtureOptions & { perClass: true }): BernoulliMixturePerClass;
export function bernoulliMixture(options?: BernoulliMixtureOptions): BernoulliMixture;
export function bernoulliMixture(options: BernoulliMixtureOptions = {}): BernoulliMixture {
  return create(parseOptions('bernoulli-mixture', schema, options));
}
