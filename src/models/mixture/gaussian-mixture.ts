// The Gaussian mixture: a row comes from one of K Gaussians, drawn with the probabilities w.
//
//   p(x) = sum_k w_k N(x | m_k, S_k)
//
// Fitted by expectation and maximisation (Dempster, Laird and Rubin 1977) from k-means or other starts.
import { z } from 'zod';
import { ConfigError } from '../../core/errors.js';
import type { Value } from '../../runtime/runtime.js';
import type { Conditional, GenerativeModel, HasJointDensity, JointDensity, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { diagonalGaussian, sphericalGaussian } from './covariance-diagonal.js';
import { fullGaussian, tiedGaussian } from './covariance-full.js';
import { lowRankCovariances, lowRankGaussian, rankFor } from './covariance-low-rank.js';
import type { Emission } from './emission.js';
import { MixtureModel } from './mixture-model.js';
import { givenStart, mixtureFields, type NestedNumbers, namedStarts } from './mixture-options.js';

const nestedNumbers: z.ZodType<NestedNumbers> = z.lazy(() => z.array(z.union([z.number(), nestedNumbers])));

const startNumbers = z.strictObject({
  ...givenStart,
  covariances: nestedNumbers.optional(),
  loadings: nestedNumbers.optional(),
  noiseVariances: nestedNumbers.optional(),
});

const schema = z.object({
  ...mixtureFields,
  covariance: z
    .enum(['full', 'tied', 'diagonal', 'spherical', 'low-rank'])
    .default('full')
    .describe(
      'a matrix for each component, one for all, independent features, one variance for each component, or for each component a few ' +
        'latent dimensions and noise (factor analysers)',
    ),
  covarianceFloor: z
    .number()
    .min(0)
    .default(1e-6)
    .describe("added to the variances, so that none vanishes; with low-rank the noise's least variance"),
  rank: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe(
      'low-rank: latent dimensions of each component, fewer than features; null for 10, or for fewer where features are few',
    ),
  noise: z
    .enum(['diagonal', 'isotropic'])
    .default('diagonal')
    .describe(
      'low-rank: a variance for every feature (factor analysis), or one for all (probabilistic principal components)',
    ),
  start: z
    .union([namedStarts, startNumbers])
    .default('k-means')
    .describe(
      'k-means, k-means++, random, or { means, weights, covariances } as numbers; low-rank: { means, weights, loadings, noiseVariances }',
    ),
});

/** Options of a Gaussian mixture, defaults filled in. */
export type GaussianMixtureConfig = z.output<typeof schema>;

type Kind = (components: number, features: number, config: Readonly<GaussianMixtureConfig>) => Emission;

const kinds: Readonly<Record<GaussianMixtureConfig['covariance'], Kind>> = {
  full: (components, features, { covarianceFloor }) => fullGaussian(components, features, covarianceFloor),
  tied: (components, features, { covarianceFloor }) => tiedGaussian(components, features, covarianceFloor),
  diagonal: (components, features, { covarianceFloor }) => diagonalGaussian(components, features, covarianceFloor),
  spherical: (components, features, { covarianceFloor }) => sphericalGaussian(components, features, covarianceFloor),
  'low-rank': (components, features, { covarianceFloor, noise, rank }) =>
    lowRankGaussian(components, features, { covarianceFloor, noise, rank: rankFor(features, rank) }),
};

/** A mixture of Gaussians, for points, tables and images. */
export class GaussianMixture extends MixtureModel<GaussianMixtureConfig> {
  readonly kind = 'gaussian-mixture';

  /**
   * What varies around the means: full [components, features, features], tied [features, features], diagonal
   * [components, features], spherical [components]; with perClass under a first axis of classes. Of low-rank they are computed, as large
   * as those of full: W W^T + diag(v), W the loadings and v the variances of the noise. @throws NotFittedError
   */
  get covariances(): Value {
    return this.config.covariance === 'low-rank'
      ? lowRankCovariances(this.loadings, this.noiseVariances)
      : this.weight('covariances');
  }

  /** Of low-rank the loadings W, [components, features, rank]; with perClass under a first axis. @throws NotFittedError, ConfigError */
  get loadings(): Value {
    return this.weight('loadings');
  }

  /**
   * Of low-rank the variances v of the noise, diagonal [components, features], isotropic [components]; with perClass under a first axis
   * of classes. @throws NotFittedError, ConfigError
   */
  get noiseVariances(): Value {
    return this.weight('noiseVariances');
  }

  protected override emission(features: number): Emission {
    return kinds[this.config.covariance](this.config.components, features, this.config);
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
  const { covariance, rank, noise } = config;
  if (covariance !== 'low-rank' && (rank !== null || noise !== 'diagonal'))
    throw new ConfigError(
      `gaussian-mixture: ${rank === null ? 'option "noise"' : `option "rank" is ${rank}, which`} says something about covariance ` +
        `'low-rank' only; received covariance '${covariance}'. Ask for covariance: 'low-rank', or leave it out.`,
    );
  return config.perClass ? new GaussianMixturePerClass(config) : new GaussianMixture(config);
}

/** The entry of the table of models. */
export const gaussianMixtureDefinition: ModelDefinition<GenerativeModel> = {
  kind: 'gaussian-mixture',
  family: 'mixture',
  description:
    'Mixture of Gaussians with full, tied, diagonal, spherical or low-rank covariances (factor analysers), or one mixture per class.',
  strengths: 'Has exact densities, fits data that fall into groups, and is quick where columns are few.',
  weaknesses:
    'Follows curved shapes only with many components, and every image that it draws is a mean image with noise.',
  paper:
    'Dempster, Laird and Rubin 1977, Maximum likelihood from incomplete data via the EM algorithm; Ghahramani and Hinton 1996, The EM ' +
    'Algorithm for Mixtures of Factor Analyzers',
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
 * // Factor analysers know how pixels vary together, and can tell digits apart by Bayes' rule.
 * const digits = gaussianMixture({ components: 16, covariance: 'low-rank', rank: 20, covarianceFloor: 0.05, perClass: true });
 */
export function gaussianMixture(options: GaussianMixtureOptions & { perClass: true }): GaussianMixturePerClass;
export function gaussianMixture(options?: GaussianMixtureOptions): GaussianMixture;
export function gaussianMixture(options: GaussianMixtureOptions = {}): GaussianMixture {
  return create(parseOptions('gaussian-mixture', schema, options));
}
