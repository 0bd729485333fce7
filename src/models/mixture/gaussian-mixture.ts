// The Gaussian mixture: a row comes from one of K Gaussians, drawn with the probabilities w.
//
//   p(x) = sum_k w_k N(x | m_k, S_k)
//
// Fitted by expectation and maximisation (Dempster, Laird and Rubin 1977) from k-means or other starts.
import { z } from 'zod';
import type { Value } from '../../runtime/runtime.js';
import type { Conditional, HasJointDensity, JointDensity, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { diagonalGaussian, sphericalGaussian } from './covariance-diagonal.js';
import { fullGaussian, tiedGaussian } from './covariance-full.js';
import type { Emission } from './emission.js';
import { MixtureModel } from './mixture-model.js';
import { givenStart, mixtureFields, type NestedNumbers, namedStarts } from './mixture-options.js';

const nestedNumbers: z.ZodType<NestedNumbers> = z.lazy(() => z.array(z.union([z.number(), nestedNumbers])));

const schema = z.object({
  ...mixtureFields,
  covariance: z
    .enum(['full', 'tied', 'diagonal', 'spherical'])
    .default('full')
    .describe('a matrix for each component, one for all, independent features, or one variance for each component'),
  covarianceFloor: z.number().min(0).default(1e-6).describe('added to the variances, so that none vanishes'),
  start: z
    .union([namedStarts, z.strictObject({ ...givenStart, covariances: nestedNumbers.optional() })])
    .default('k-means')
    .describe('k-means, k-means++, random, or { means, weights, covariances } as numbers'),
});

/** Options of a Gaussian mixture, defaults filled in. */
export type GaussianMixtureConfig = z.output<typeof schema>;

const emissions: Readonly<
  Record<GaussianMixtureConfig['covariance'], (components: number, features: number, floor: number) => Emission>
> = { full: fullGaussian, tied: tiedGaussian, diagonal: diagonalGaussian, spherical: sphericalGaussian };

/** A mixture of Gaussians, for points, tables and images. */
export class GaussianMixture extends MixtureModel<GaussianMixtureConfig> {
  readonly kind = 'gaussian-mixture';

  /**
   * What varies around the means: full [components, features, features], tied [features, features], diagonal
   * [components, features], spherical [components]; with perClass under a first axis of classes. @throws NotFittedError
   */
  get covariances(): Value {
    return this.weight('covariances');
  }

  protected override emission(features: number): Emission {
    const { components, covariance, covarianceFloor } = this.config;
    return emissions[covariance](components, features, covarianceFloor);
  }
}

/** A Gaussian mixture for every class, which can be asked for rows of a class and for the classes of rows. */
export class GaussianMixturePerClass extends GaussianMixture implements Conditional, HasJointDensity {
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

function create(config: Readonly<GaussianMixtureConfig>): GaussianMixture {
  return config.perClass ? new GaussianMixturePerClass(config) : new GaussianMixture(config);
}

/** The entry of the table of models. */
export const gaussianMixtureDefinition: ModelDefinition = {
  kind: 'gaussian-mixture',
  family: 'mixture',
  description: 'Mixture of Gaussians with full, tied, diagonal or spherical covariances, or one mixture per class.',
  paper: 'Dempster, Laird and Rubin 1977, Maximum likelihood from incomplete data via the EM algorithm',
  charts: [{ label: 'lower bound (nats per row)', metrics: ['lower bound'] }],
  schema,
  create: (options = {}) => create(parseOptions('gaussian-mixture', schema, options)),
  restore: (saved) => create(parseOptions('gaussian-mixture', schema, saved.config)).adopt(saved),
};

/** Options of a Gaussian mixture; those left out take their defaults. */
export type GaussianMixtureOptions = z.input<typeof schema>;

/**
 * A mixture of Gaussians; with `perClass: true` one for every class.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = gaussianMixture({ components: 10, covariance: 'diagonal' });
 * const { converged } = await model.fit(await mnist(), { seed: 0 });
 * const { data, labels } = await model.sample(16, { seed: 1 });
 */
export function gaussianMixture(options: GaussianMixtureOptions & { perClass: true }): GaussianMixturePerClass;
export function gaussianMixture(options?: GaussianMixtureOptions): GaussianMixture;
export function gaussianMixture(options: GaussianMixtureOptions = {}): GaussianMixture {
  return create(parseOptions('gaussian-mixture', schema, options));
}
