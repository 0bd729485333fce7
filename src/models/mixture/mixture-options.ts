// The options that all mixtures share, and starts that are given as numbers.
import { z } from 'zod';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import type { DataMoments, Emission } from './emission.js';
import type { Precision } from './expectation.js';
import type { Mixture } from './mixture-values.js';

/** Names of starts. */
export const namedStarts = z.enum(['k-means', 'k-means++', 'random']);

/** What a start given as numbers has in every mixture. */
export const givenStart = {
  means: z.array(z.array(z.number())).min(1),
  weights: z.array(z.number().positive()).optional(),
};

/** Fields of the schemas. */
export const mixtureFields = {
  components: z.int().positive().default(8).describe('how many components, of each class where perClass is true'),
  restarts: z.int().positive().default(1).describe('starts to try; the one with the highest bound is kept'),
  tolerance: z
    .number()
    .min(0)
    .default(1e-3)
    .describe('converged when the mean log-likelihood per row changes by less, in nats'),
  maxIterations: z.int().positive().default(100).describe('iterations of each start at most'),
  warmStart: z.boolean().default(false).describe('whether a second fit starts where the first one ended'),
  perClass: z.boolean().default(false).describe('whether every class of labelled data gets a mixture of its own'),
  precision: z
    .enum(['auto', 'float64', 'float32'])
    .default('auto')
    .describe(
      'of products while fitting: float32 is twice as fast, and auto takes it for large data where it loses nothing',
    ),
} as const;

/** Options of any mixture, defaults filled in. */
export interface MixtureOptions {
  readonly components: number;
  readonly start: z.output<typeof namedStarts> | GivenStart;
  readonly restarts: number;
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly warmStart: boolean;
  readonly perClass: boolean;
  readonly precision: Precision;
}

/** A start given as numbers. */
export interface GivenStart {
  readonly means: readonly (readonly number[])[];
  readonly weights?: readonly number[] | undefined;
  readonly covariances?: NestedNumbers | undefined;
  readonly loadings?: NestedNumbers | undefined;
  readonly noiseVariances?: NestedNumbers | undefined;
}

/** Numbers in arrays of any depth. */
export type NestedNumbers = readonly (number | NestedNumbers)[];

/** The means of a given start, [components, features]. @throws ShapeError for another number of components or features */
export function givenCentres({ means }: GivenStart, components: number, features: number): Float64Array {
  if (means.length !== components || means.some((mean) => mean.length !== features))
    throw new ShapeError(
      `The start has ${means.length} means of ${[...new Set(means.map((mean) => mean.length))].join(' or ')} numbers; ` +
        `${components} components of rows of ${features} numbers need as many means of as many numbers.`,
    );
  return Float64Array.from(means.flat());
}

/**
 * A start of centres with what was given in place of what the data says.
 *
 * @throws ShapeError, ConfigError for weights or covariances that do not fit
 */
export function withGiven(start: GivenStart, mixture: Mixture, emission: Emission, moments: DataMoments): Mixture {
  const components = mixture.weights.length;
  const means = Float64Array.from(start.means.flat());
  const weights = start.weights === undefined ? mixture.weights : Float64Array.from(start.weights);
  const total = weights.reduce((a, b) => a + b, 0);
  if (weights.length !== components || Math.abs(total - 1) > 1e-6)
    throw new ConfigError(
      `The start has ${weights.length} weights that add up to ${total}; ${components} components need as many that add up to 1.`,
    );
  const parameters = { ...mixture.parameters, means };
  const { covariances, loadings, noiseVariances } = start;
  for (const [name, numbers] of Object.entries(present({ covariances, loadings, noiseVariances }))) {
    const shape = emission.shapes[name];
    if (shape === undefined)
      throw new ConfigError(
        `The start has ${name}, which this covariance is not made of; it takes ${['weights', ...Object.keys(emission.shapes)].join(', ')}.`,
      );
    const values = Float64Array.from(flatten(numbers));
    if (values.length !== shape.reduce((a, b) => a * b, 1))
      throw new ShapeError(`The start has ${values.length} numbers of ${name}; they have to be [${shape.join(', ')}].`);
    Object.assign(parameters, { [name]: values });
  }
  // Parameters that are no density are refused before the first iteration.
  const feeds = emission.feeds(parameters, moments.shift);
  if (!Object.values(feeds).every((values) => values.every(Number.isFinite)))
    throw new ConfigError(
      'The start is no density: variances have to be above 0, and probabilities between 0 and 1, both excluded.',
    );
  return { weights: weights.map((weight) => weight / total), parameters };
}

function flatten(numbers: NestedNumbers): number[] {
  return numbers.flatMap((part) => (typeof part === 'number' ? [part] : flatten(part)));
}
