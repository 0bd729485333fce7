// The histogram as a density: a grid of equal bins, the density constant in each. To draw is to pick a bin by its share of the rows, and
// a place in it uniformly.
//
//   p(x) = (n_b + a) / ((N + a B) v),  b the bin of x, v its volume, B bins in all, a the smoothing           Pearson 1895
import { z } from 'zod';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import type { Value } from '../../runtime/runtime.js';
import type { FitOptions, FitReport, HasDensity, SampleOptions, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, FittedModel, type WeightShapes } from '../fitted-model.js';
import { fitInOnePass, type OnePassResult, onePassReport } from '../one-pass-fit.js';
import { checkRows, keepInRange } from '../rows.js';
import type { SavedModel } from '../saved-model.js';
import { binCount, binOf, logBinVolume } from './grid.js';
import { combineCounts, countRows, firstAbove, type HistogramSummary } from './histogram-summary.js';

const binsError = 'Give a whole number from 1, one for each column, "freedman-diaconis" or "scott"';
const rangeError = 'Give "data", or [low, high] with low < high for each column';

const schema = z.object({
  bins: z
    .union(
      [
        z.int({ error: binsError }).positive({ error: binsError }),
        z.array(z.int().positive()).min(1),
        z.enum(['freedman-diaconis', 'scott']),
      ],
      { error: binsError },
    )
    .default('freedman-diaconis')
    .describe('bins along every column: a number, one for each column, or a rule'),
  range: z
    .union(
      [
        z.literal('data'),
        z
          .array(z.array(z.number()).length(2))
          .min(1)
          .refine((pairs) => pairs.every(([low = 0, high = 0]) => low < high), { error: rangeError }),
      ],
      { error: rangeError },
    )
    .default('data')
    .describe('where the bins are: between the least and the largest values, or [[low, high], ...] for each column'),
  smoothing: z
    .number()
    .nonnegative()
    .default(0)
    .describe('rows that every bin counts beforehand, so that none is empty'),
  floor: z
    .number()
    .nonnegative()
    .default(0)
    .describe('density given instead of less, also outside: scores stay finite, but no longer integrate to 1'),
});

/** Options of a histogram, defaults filled in. */
export type HistogramConfig = z.output<typeof schema>;

/** A histogram density for rows of a few columns. */
export class Histogram extends FittedModel<HistogramConfig> implements HasDensity {
  readonly kind = 'histogram';
  #savedBins = 0;

  /** The counts and where the bins are. @throws NotFittedError before fit */
  summary(): HistogramSummary {
    const { exampleShape } = this.fitted();
    return {
      exampleShape,
      low: this.#numbers('low'),
      high: this.#numbers('high'),
      bins: this.#numbers('bins'),
      counts: this.#numbers('counts'),
      outside: this.#numbers('outside')[0]!,
    };
  }

  /**
   * The additive statistics of rows: those of parts, combined, are those of the whole where `bins` and `range` are given as numbers.
   *
   * @throws ConfigError for ranges and bins that do not fit the rows
   */
  async summarize(data: Dataset): Promise<HistogramSummary> {
    return (await countRows(data, this.config)).summary;
  }

  /** The statistics of two parts together. @throws ShapeError for parts whose bins are not the same */
  combine(a: HistogramSummary, b: HistogramSummary): HistogramSummary {
    return combineCounts(a, b);
  }

  /** Learns from the statistics of parts as from their rows. @throws ConfigError for no parts, ShapeError for parts of different bins */
  async fromSummaries(summaries: readonly HistogramSummary[]): Promise<FitReport> {
    const [first, ...others] = summaries;
    if (first === undefined) throw new ConfigError('histogram: no summaries were given; at least one is needed.');
    return onePassReport(
      await this.#take(
        others.reduce((sum, other) => this.combine(sum, other), first),
        [],
      ),
    );
  }

  protected override async learn(data: Dataset, options: FitOptions): Promise<FitReport> {
    random(options.seed ?? 0);
    return fitInOnePass(
      options,
      data.length,
      async () => {
        const { summary, warnings } = await countRows(data, this.config);
        options.signal?.throwIfAborted();
        return this.#take(summary, warnings);
      },
      () => this.fitted().weights,
    );
  }

  /**
   * The log-density of rows [N, ...], in nats: minus infinity outside the range and in empty bins, or the logarithm of `floor`.
   *
   * @throws NotFittedError, ShapeError, ConfigError
   */
  async logProb(x: Samples): Promise<Float64Array> {
    const { exampleShape } = this.fitted();
    const count = checkRows(this.kind, x, exampleShape);
    const features = exampleSize(exampleShape);
    const summary = this.summary();
    const density = this.#densities(summary);
    const floor = Math.log(this.config.floor);
    return Float64Array.from({ length: count }, (_, row) => {
      const bin = binOf(summary, x.data, row * features);
      return Math.max(floor, bin < 0 ? Number.NEGATIVE_INFINITY : density(bin));
    });
  }

  /** Rows uniform in bins that are picked by their share. Images are kept in [0, 1]. @throws NotFittedError before fit */
  async sample(count: number, { seed = freshSeed() }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape } = this.fitted();
    const features = exampleSize(exampleShape);
    const summary = this.summary();
    const { low, high, bins, counts } = summary;
    let total = 0;
    const ends = counts.map((rows) => {
      total += rows + this.config.smoothing;
      return total;
    });
    const [choices, places] = [random(seed).split('bins'), random(seed).split('places')];
    const data = new Float32Array(count * features);
    for (let row = 0; row < count; row++) {
      const bin = firstAbove(ends, choices.next() * total);
      // Rounding to float32 may carry a place near an edge over it, into a bin that may be empty.
      for (let attempt = 0; attempt < 16; attempt++) {
        let rest = bin;
        for (let i = features - 1; i >= 0; i--) {
          const place = rest % bins[i]!;
          rest = Math.floor(rest / bins[i]!);
          data[row * features + i] = low[i]! + ((place + places.next()) * (high[i]! - low[i]!)) / bins[i]!;
        }
        if (binOf(summary, data, row * features) === bin) break;
      }
    }
    return { data: keepInRange(data, exampleShape), shape: [count, ...exampleShape] };
  }

  override adopt(saved: SavedModel): this {
    this.#savedBins = saved.weights.counts?.shape[0] ?? 0;
    super.adopt(saved);
    const summary = this.summary();
    const { bins } = this.config;
    const asked =
      typeof bins === 'string' ? [] : summary.bins.map((_, i) => (typeof bins === 'number' ? bins : bins[i]!));
    // A constant column has one bin, whatever was asked for.
    if (binCount(summary) !== this.#savedBins || asked.some((count, i) => ![1, count].includes(summary.bins[i]!)))
      throw new ShapeError(
        `The saved histogram has ${summary.bins.join(' x ')} bins, which its counts or options do not.`,
      );
    return this;
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    const features = exampleSize(exampleShape);
    return { low: [features], high: [features], bins: [features], counts: [this.#savedBins], outside: [] };
  }

  async #take(summary: HistogramSummary, gridWarnings: readonly string[]): Promise<OnePassResult> {
    const { exampleShape, low, high, bins, counts, outside } = summary;
    const inside = counts.reduce((sum, count) => sum + count, 0);
    if (inside === 0)
      throw new ConfigError('histogram: no row is within the range. Give a range that the rows are in, or "data".');
    const empty = counts.filter((count) => count === 0).length;
    const warnings = [...gridWarnings];
    if (outside > 0)
      warnings.push(
        `${outside} of ${inside + outside} rows are outside the range and were left out. Give a wider range, or "data".`,
      );
    if (this.config.smoothing === 0 && this.config.floor === 0 && counts.length > inside)
      warnings.push(
        `${empty} of ${counts.length} bins are empty, more bins than the ${inside} rows can fill: rows there have density 0. Use fewer bins, ` +
          'smoothing, or another model, such as kernel-density.',
      );
    const features = bins.length;
    this.#savedBins = counts.length;
    await this.keep({
      exampleShape,
      classes: [],
      weights: {
        low: float64(low, [features]),
        high: float64(high, [features]),
        bins: float64(bins, [features]),
        counts: float64(counts, [counts.length]),
        outside: float64(Float64Array.of(outside), []),
      },
    });
    const density = this.#densities(summary);
    const logProb = counts.reduce((sum, count, bin) => (count === 0 ? sum : sum + (count / inside) * density(bin)), 0);
    return { metrics: { bins: counts.length, logProb }, warnings };
  }

  /** The log-density of a bin. */
  #densities(summary: HistogramSummary): (bin: number) => number {
    const { counts } = summary;
    const { smoothing } = this.config;
    const total = counts.reduce((sum, count) => sum + count, 0) + smoothing * counts.length;
    const logNormaliser = Math.log(total) + logBinVolume(summary);
    return (bin) => Math.log(counts[bin]! + smoothing) - logNormaliser;
  }

  #numbers(name: string): Float64Array {
    const data = this.fitted().weights[name]?.data;
    if (!(data instanceof Float64Array)) throw new ShapeError(`The weight "${name}" has to be float64.`);
    return data;
  }
}

function float64(data: Float64Array, shape: readonly number[]): Value {
  return { dtype: 'float64', shape, data };
}

/** The entry of the table of models. */
export const histogramDefinition: ModelDefinition = {
  kind: 'histogram',
  family: 'kernel',
  description: 'Histogram density: constant in the bins of a grid.',
  strengths: 'Is a density that everybody can read, and the quickest of all to fit and to ask.',
  weaknesses: 'Needs exponentially many bins in the number of columns, so it is for a few of them only.',
  paper: 'Freedman and Diaconis 1981, On the Histogram as a Density Estimator',
  schema,
  create: (options = {}) => new Histogram(parseOptions('histogram', schema, options)),
  restore: (saved) => new Histogram(parseOptions('histogram', schema, saved.config)).adopt(saved),
};

/**
 * A histogram density.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = histogram({ bins: 40 });
 * await model.fit(points);
 * const density = await model.logProb(grid);               // nats, one value per row
 */
export function histogram(options: z.input<typeof schema> = {}): Histogram {
  return new Histogram(parseOptions('histogram', schema, options));
}
