// Naive Bayes: every dimension is independent of the others, given the class where there are classes. Learning is counting.
//
//   p(x | y) = prod_i theta_{i, x_i}        theta_il = (n_il + alpha) / (N + alpha L_i)
//
// n_il of the N rows have category l of L_i in dimension i; alpha counts every category alpha times before the first row, so that
// nothing unseen is impossible (Laplace 1814, Lidstone 1920). Bernoulli is the case of two categories, above a threshold or not.
import { z } from 'zod';
import { ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { freshSeed } from '../../runtime/random.js';
import type { Values } from '../../runtime/runtime.js';
import type { SampleOptions, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import type { WeightShapes } from '../fitted-model.js';
import type { SavedModel } from '../saved-model.js';
import { bayesFields } from './bayes-fields.js';
import { BayesModel, type ClassDensities, type SummaryOptions } from './bayes-model.js';
import { type CategoryCounts, combineCounts, countCategories, startsOf } from './category-counts.js';
import { categoryDensities, frequencies } from './category-densities.js';
import { list } from './class-warnings.js';
import { float64, float64Data } from './float64.js';

const schema = z.object({
  distribution: z
    .enum(['bernoulli', 'categorical'])
    .default('bernoulli')
    .describe('of each dimension: bernoulli for on or off, categorical for whole numbers from 0'),
  alpha: z
    .number()
    .nonnegative()
    .default(1)
    .describe('additive smoothing: rows that every category counts for beforehand; 0 is maximum likelihood'),
  threshold: z
    .number()
    .default(0.5)
    .describe('bernoulli: values above it are 1, all others 0, in learning and in scoring'),
  categories: z
    .int()
    .positive()
    .default(1)
    .describe('categorical: the least number of categories of a column; more where the data has higher ones'),
  ...bayesFields,
});

/** Options of naive Bayes, defaults filled in. */
export type NaiveBayesConfig = z.output<typeof schema>;

/** How to draw from naive Bayes. */
export interface NaiveBayesSampleOptions extends SampleOptions {
  /** Gives each dimension's mean, such as the probability of a pixel, instead of drawing it. Default false. */
  readonly means?: boolean;
}

/**
 * Naive Bayes of binary or categorical dimensions. Its densities are probabilities of the rows after the threshold: of x > threshold
 * for Bernoulli dimensions, of x itself for categorical ones. A category beyond those known is scored like a known one without
 * rows, alpha / (N + alpha L).
 */
export class NaiveBayes extends BayesModel<NaiveBayesConfig, CategoryCounts> {
  readonly kind = 'naive-bayes';
  readonly isDiscrete = true;
  /** The categories of all columns together in a saved model, which only its data decided. */
  #savedCategories: number | undefined;

  /** The mean of each dimension in each class, [classes, ...]: for Bernoulli images, the probability of each pixel. @throws NotFittedError */
  override classMeans(): Samples {
    const { exampleShape, classes, categories, counts } = this.summary();
    const size = exampleSize(exampleShape);
    const starts = startsOf(categories);
    const theta = this.probabilities().data;
    const perClass = theta.length / counts.length;
    const data = Float32Array.from({ length: counts.length * size }, (_, i) => {
      const column = i % size;
      const start = Math.floor(i / size) * perClass + starts[column]!;
      return theta.subarray(start, start + categories[column]!).reduce((mean, p, category) => mean + p * category, 0);
    });
    const labels = Int32Array.from(counts, (_, label) => label);
    return { data, shape: [counts.length, ...exampleShape], ...(classes.length === 0 ? {} : { labels }) };
  }

  /** theta [classes, sum of categories]: in each class, the probabilities of one column's categories after the other's. @throws NotFittedError */
  probabilities(): { readonly data: Float64Array; readonly shape: readonly number[] } {
    const summary = this.summary();
    const data = frequencies(summary, this.config.alpha);
    return { data, shape: [summary.counts.length, data.length / summary.counts.length] };
  }

  override async sample(count: number, options: NaiveBayesSampleOptions = {}): Promise<Samples> {
    const { means = false, seed = freshSeed(), ...others } = options;
    const drawn = await super.sample(count, { ...others, seed });
    if (!means) return drawn;
    const { data } = this.classMeans();
    const size = drawn.data.length / count;
    for (let row = 0; row < count; row++) {
      const label = drawn.labels?.[row] ?? 0;
      drawn.data.set(data.subarray(label * size, (label + 1) * size), row * size);
    }
    return drawn;
  }

  override adopt(saved: SavedModel): this {
    this.#savedCategories = saved.weights.categoryCounts?.shape[1];
    super.adopt(saved);
    const { categories, categoryCounts, counts } = this.summary();
    const needed = categories.reduce((sum, count) => sum + count, 0) * counts.length;
    if (needed !== categoryCounts.length)
      throw new ShapeError(
        `The weight "categoryCounts" has ${categoryCounts.length} numbers, not the ${needed} of its categories.`,
      );
    return this;
  }

  override combine(a: CategoryCounts, b: CategoryCounts): CategoryCounts {
    return combineCounts(this.kind, a, b);
  }

  override summary(): CategoryCounts {
    const { exampleShape, classes, weights } = this.fitted();
    return {
      exampleShape,
      classes,
      counts: float64Data(weights, 'counts'),
      categories: this.#isBinary
        ? new Float64Array(exampleSize(exampleShape)).fill(2)
        : float64Data(weights, 'categories'),
      categoryCounts: float64Data(weights, 'categoryCounts'),
    };
  }

  get #isBinary(): boolean {
    return this.config.distribution === 'bernoulli';
  }

  get #threshold(): number | undefined {
    return this.#isBinary ? this.config.threshold : undefined;
  }

  protected override summarizeRows(
    data: Dataset,
    classes: readonly string[],
    { signal }: SummaryOptions,
  ): Promise<CategoryCounts> {
    return countCategories(this.kind, data, classes, {
      threshold: this.#threshold,
      leastCategories: this.config.categories,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  protected override weightsOf({ counts, categories, categoryCounts }: CategoryCounts): Values {
    return {
      counts: float64(counts, [counts.length]),
      ...(this.#isBinary ? {} : { categories: float64(categories, [categories.length]) }),
      categoryCounts: float64(categoryCounts, [counts.length, categoryCounts.length / counts.length]),
    };
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    const size = exampleSize(exampleShape);
    const counts = [Math.max(1, classes.length)];
    if (this.#isBinary) return { counts, categoryCounts: [...counts, 2 * size] };
    return { counts, categories: [size], categoryCounts: [...counts, this.#savedCategories ?? 0] };
  }

  protected override densitiesOf(summary: CategoryCounts): ClassDensities {
    const { alpha } = this.config;
    return categoryDensities(this.kind, summary, { alpha, threshold: this.#threshold });
  }

  protected override warningsOf(summary: CategoryCounts): readonly string[] {
    const constant = constantColumns(summary);
    const columns = summary.categories.length;
    if (constant.length === 0) return [];
    if (constant.length === columns && this.#isBinary)
      return [
        `Not one column of the data varies: every value is on the same side of the threshold ${this.config.threshold}. ` +
          'Set threshold between the values that mean off and on.',
      ];
    return [
      `${constant.length} of ${columns} columns never vary${this.#isBinary ? ' after the threshold' : ''} (${list(constant)}); ` +
        'they tell nothing of the class, and rows that differ there get a low probability by the smoothing alone. Leave them out if that is not meant.',
    ];
  }
}

/** The columns that have one category in all rows. */
function constantColumns({ categories, categoryCounts, counts }: CategoryCounts): number[] {
  const perClass = categoryCounts.length / counts.length;
  const starts = startsOf(categories);
  return Array.from(categories, (values, column) => {
    const seen = new Set<number>();
    for (let label = 0; label < counts.length; label++)
      for (let category = 0; category < values; category++)
        if (categoryCounts[label * perClass + starts[column]! + category]! > 0) seen.add(category);
    return seen.size <= 1 ? [column] : [];
  }).flat();
}

/** The entry of the table of models. */
export const naiveBayesDefinition: ModelDefinition = {
  kind: 'naive-bayes',
  family: 'bayes',
  description: 'Independent dimensions per class, on or off or of categories, learnt by counting with smoothing.',
  paper: 'Maron 1961, Automatic Indexing: An Experimental Inquiry',
  schema,
  create: (options = {}) => new NaiveBayes(parseOptions('naive-bayes', schema, options)),
  restore: (saved) => new NaiveBayes(parseOptions('naive-bayes', schema, saved.config)).adopt(saved),
};

/**
 * Naive Bayes of binary or categorical dimensions.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = naiveBayes({ distribution: 'bernoulli', alpha: 1 });
 * await model.fit(await mnist());
 * const { data, shape } = await model.sample(16, { seed: 1, given: { label: '7' } });
 */
export function naiveBayes(options: z.input<typeof schema> = {}): NaiveBayes {
  return new NaiveBayes(parseOptions('naive-bayes', schema, options));
}
