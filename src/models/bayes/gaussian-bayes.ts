// Gaussian Bayes: each class is one Gaussian, fitted by maximum likelihood.
//
//   p(x | y) = N(x; mean_y, S_y)        mean_y = average of the rows        S_y = scatter_y / n_y + floor I
//
// Diagonal S is Gaussian naive Bayes; a full one of each class is quadratic discriminant analysis, one that all classes share linear
// discriminant analysis (Fisher 1936). floor = covarianceFloor x the largest variance of any dimension over all rows, as in
// scikit-learn's GaussianNB (var_smoothing): dimensions that do not vary in a class get a density nevertheless.
//
// Where rows of the data are anomalies, the minimum covariance determinant finds the Gaussian of the others (robust-moments.ts).
import { z } from 'zod';
import { ConfigError } from '../../core/errors.js';
import { type Dataset, exampleSize, isImageShape } from '../../data/dataset.js';
import type { Values } from '../../runtime/runtime.js';
import type { FitReport, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import type { WeightShapes } from '../fitted-model.js';
import { bayesFields } from './bayes-fields.js';
import { BayesModel, type ClassDensities, type SummaryOptions } from './bayes-model.js';
import { type ClassMoments, combineMoments, diagonalMoments, type ScatterForm } from './class-moments.js';
import { checkScatterSize, fullScatters, tiedScatter } from './class-scatters.js';
import { float64, float64Data } from './float64.js';
import { type Covariances, covarianceShapes, covariancesOf } from './gaussian-covariances.js';
import { gaussianDensities } from './gaussian-densities.js';
import { gaussianWarnings } from './gaussian-warnings.js';
import { meanLogDeterminant, robustMoments } from './robust-moments.js';

const supportError = 'Give a number from 0.5 to 1, or "auto"';

const schema = z.object({
  covariance: z
    .enum(covarianceShapes)
    .default('diagonal')
    .describe(
      'diagonal (a variance per dimension), spherical (one for all), full (a matrix per class: quadratic discriminant analysis) ' +
        'or tied (one matrix: linear discriminant analysis)',
    ),
  covarianceFloor: z
    .number()
    .min(1e-15)
    .default(1e-9)
    .describe(
      'added to every variance, as a share of the largest variance of any dimension; for images 0.01 to 0.1 classifies far better',
    ),
  estimator: z
    .enum(['likelihood', 'minimum-covariance-determinant'])
    .default('likelihood')
    .describe(
      'likelihood fits all rows; minimum-covariance-determinant, with covariance full or tied, those that are no anomalies, and so ' +
        'withstands nearly half of the rows being some',
    ),
  supportFraction: z
    .union([z.number().min(0.5, { error: supportError }).max(1, { error: supportError }), z.literal('auto')], {
      error: supportError,
    })
    .default('auto')
    .describe(
      'minimum-covariance-determinant: the share of rows whose covariance is made smallest; auto for (N + D + 1) / 2 rows, at most 0.75',
    ),
  ...bayesFields,
});

/** Options of Gaussian Bayes, defaults filled in. */
export type GaussianBayesConfig = z.output<typeof schema>;

/** A Gaussian of each class. Its densities are those of x, in nats. */
export class GaussianBayes extends BayesModel<GaussianBayesConfig, ClassMoments> {
  readonly kind = 'gaussian-bayes';

  /** The mean of each class, [classes, D]. @throws NotFittedError before fit */
  get means(): { readonly data: Float64Array; readonly shape: readonly number[] } {
    const { means, counts } = this.summary();
    return { data: means, shape: [counts.length, means.length / counts.length] };
  }

  /** The covariances as the densities use them, floor included. @throws NotFittedError before fit */
  get covariances(): Covariances {
    return covariancesOf(this.summary(), this.config.covariance, this.config.covarianceFloor);
  }

  /** The mean row of each class, in the rows' shape: for images, the mean image. @throws NotFittedError before fit */
  override classMeans(): Samples {
    const { means, counts, exampleShape, classes } = this.summary();
    const labels = Int32Array.from(counts, (_, label) => label);
    return {
      data: Float32Array.from(means),
      shape: [counts.length, ...exampleShape],
      ...(classes.length === 0 ? {} : { labels }),
    };
  }

  override async summarize(data: Dataset, options?: SummaryOptions): Promise<ClassMoments> {
    this.#checkAdditive();
    return super.summarize(data, options);
  }

  override async fromSummaries(summaries: readonly ClassMoments[]): Promise<FitReport> {
    this.#checkAdditive();
    return super.fromSummaries(summaries);
  }

  override combine(a: ClassMoments, b: ClassMoments): ClassMoments {
    this.#checkAdditive();
    return combineMoments(this.kind, a, b);
  }

  override summary(): ClassMoments {
    const { exampleShape, classes, weights } = this.fitted();
    return {
      form: this.#form,
      exampleShape,
      classes,
      counts: float64Data(weights, 'counts'),
      means: float64Data(weights, 'means'),
      scatters: float64Data(weights, 'scatters'),
    };
  }

  get #isRobust(): boolean {
    return this.config.estimator !== 'likelihood';
  }

  get #form(): ScatterForm {
    return this.config.covariance === 'spherical' ? 'diagonal' : this.config.covariance;
  }

  protected override async summarizeRows(
    data: Dataset,
    classes: readonly string[],
    { signal, seed = 0, ...device }: SummaryOptions,
  ): Promise<ClassMoments> {
    const form = this.#form;
    const matrices = form === 'full' ? Math.max(1, classes.length) : 1;
    if (form !== 'diagonal') checkScatterSize(this.kind, exampleSize(data.exampleShape), matrices);
    const { estimator, supportFraction, covarianceFloor } = this.config;
    if (estimator === 'minimum-covariance-determinant')
      return robustMoments(this.kind, data, classes, { form, supportFraction, covarianceFloor, seed, signal });
    const found = await diagonalMoments(data, classes, signal);
    if (form === 'diagonal') return found.moments;
    const runtime = await this.device.open(device);
    return (form === 'full' ? fullScatters : tiedScatter)(runtime, data, found, signal);
  }

  protected override weightsOf({ exampleShape, classes, counts, means, scatters }: ClassMoments): Values {
    const shapes = this.weightShapes(exampleShape, classes);
    const all = { counts, means, scatters };
    return Object.fromEntries(Object.entries(all).map(([name, data]) => [name, float64(data, shapes[name] ?? [])]));
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    const size = exampleSize(exampleShape);
    const count = Math.max(1, classes.length);
    const scatters = { diagonal: [count, size], full: [count, size, size], tied: [size, size] };
    return { counts: [count], means: [count, size], scatters: scatters[this.#form] };
  }

  protected override densitiesOf(moments: ClassMoments): ClassDensities {
    const { covariance, covarianceFloor } = this.config;
    const densities = gaussianDensities(
      this.kind,
      moments,
      covariancesOf(moments, covariance, covarianceFloor),
      this.scoringDevice,
    );
    return isImageShape(moments.exampleShape) ? withinRange(densities) : densities;
  }

  protected override warningsOf(moments: ClassMoments): readonly string[] {
    return gaussianWarnings(moments, this.config);
  }

  /** Of robust Gaussians the log-determinants: likelihoods of all rows are not what they are fitted by. */
  protected override metricsOf(moments: ClassMoments, densities: ClassDensities): Readonly<Record<string, number>> {
    if (!this.#isRobust) return super.metricsOf(moments, densities);
    return { logDeterminant: meanLogDeterminant(moments, this.covariances) };
  }

  /** @throws ConfigError where statistics of parts are not those of the whole */
  #checkAdditive(): void {
    if (this.#isRobust)
      throw new ConfigError(
        `${this.kind}: estimator '${this.config.estimator}' looks at all rows together, so summaries of parts do not add up. ` +
          "Fit it to all rows, or to a random subset of them, or use estimator 'likelihood'.",
      );
  }
}

/** Options as they are, where they go together. @throws ConfigError where they do not */
function checked(config: Readonly<GaussianBayesConfig>): Readonly<GaussianBayesConfig> {
  const { estimator, covariance } = config;
  if (estimator !== 'likelihood' && covariance !== 'full' && covariance !== 'tied')
    throw new ConfigError(
      `gaussian-bayes: estimator '${estimator}' needs the covariance of all columns, but covariance is '${covariance}'. ` +
        "Set covariance to 'full' or 'tied'.",
    );
  return config;
}

/** Densities whose rows are pixels: what is drawn stays in [0, 1]. */
function withinRange(densities: ClassDensities): ClassDensities {
  return {
    ...densities,
    draw(row, label, stream) {
      densities.draw(row, label, stream);
      for (const [i, value] of row.entries()) row[i] = Math.min(1, Math.max(0, value));
    },
  };
}

/** The entry of the table of models. */
export const gaussianBayesDefinition: ModelDefinition = {
  kind: 'gaussian-bayes',
  family: 'bayes',
  description: 'A Gaussian per class: naive Bayes, linear or quadratic discriminant analysis.',
  strengths: 'Learns in one pass, has exact densities, and classifies far better than its samples look.',
  weaknesses:
    'Has one bell-shaped cloud for each class, so whatever a class does in several ways is averaged into one.',
  paper: 'Fisher 1936, The Use of Multiple Measurements in Taxonomic Problems',
  schema,
  create: (options = {}) => new GaussianBayes(checked(parseOptions('gaussian-bayes', schema, options))),
  restore: (saved) => new GaussianBayes(checked(parseOptions('gaussian-bayes', schema, saved.config))).adopt(saved),
};

/**
 * A Gaussian of each class.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = gaussianBayes({ covarianceFloor: 0.1 });
 * await model.fit(await mnist());
 * const { data, shape } = model.classMeans();
 */
export function gaussianBayes(options: z.input<typeof schema> = {}): GaussianBayes {
  return new GaussianBayes(checked(parseOptions('gaussian-bayes', schema, options)));
}
