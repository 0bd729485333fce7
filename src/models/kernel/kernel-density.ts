// Kernel density estimation: every row of the data carries a small bump of density, and the density is the mean of the bumps. To draw is
// to pick a row and to add noise of the bump's shape.
//
//   p(x) = 1 / (N h^d c) sum_n K(|x - x_n| / h),  c the integral of K          Rosenblatt 1956, Parzen 1962
import { z } from 'zod';
import { ConfigError, DatasetError, ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, exampleSize, gatherAll } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import type { Runtime, Values } from '../../runtime/runtime.js';
import type { FitOptions, FitReport, HasDensity, SampleOptions, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, FittedModel, type WeightShapes } from '../fitted-model.js';
import { fitInOnePass, type OnePassResult } from '../one-pass-fit.js';
import { checkRows, keepInRange } from '../rows.js';
import type { SavedModel } from '../saved-model.js';
import { bandwidthRules, bestTrial, crossValidate, edgeOf } from './bandwidth.js';
import { columnSpread, spreadWarnings } from './columns.js';
import { KernelSums } from './kernel-sums.js';
import { type Kernel, type KernelName, kernels } from './kernels.js';

const bandwidthError = 'Give a number above 0, "scott", "silverman" or "cross-validated"';

const schema = z.object({
  kernel: z
    .enum(['gaussian', 'tophat', 'epanechnikov', 'exponential', 'linear', 'cosine'])
    .default('gaussian')
    .describe(
      'the shape of the bump at every row; tophat, epanechnikov, linear and cosine end at the bandwidth, which is quick for many rows of at ' +
        'most 8 columns',
    ),
  bandwidth: z
    .union([z.number().positive({ error: bandwidthError }), z.enum(['scott', 'silverman', 'cross-validated'])], {
      error: bandwidthError,
    })
    .default('scott')
    .describe(
      'the width of the bumps: a number, a rule by the spread of the columns, or that of the likeliest held-out rows',
    ),
  folds: z.int().min(2).default(5).describe('cross-validated: parts that are held out in turn'),
  maxValidationRows: z
    .int()
    .positive()
    .default(5000)
    .describe('cross-validated: rows that take part; the bandwidth of a part is scaled to that of all rows'),
});

/** Options of a kernel density, defaults filled in. */
export type KernelDensityConfig = z.output<typeof schema>;

/** A kernel density estimate. It keeps all rows of the data. */
export class KernelDensity extends FittedModel<KernelDensityConfig> implements HasDensity {
  readonly kind = 'kernel-density';
  #rowCount = 0;
  #sums: { readonly weights: Values; readonly runtime: Runtime; readonly sums: Promise<KernelSums> } | undefined;

  /** The bandwidth h in use, as given or as chosen. @throws NotFittedError before fit */
  get bandwidth(): number {
    return Number(this.fitted().weights.bandwidth?.data[0]);
  }

  protected override async learn(data: Dataset, options: FitOptions): Promise<FitReport> {
    random(options.seed ?? 0);
    const runtime = await this.device.open(present({ device: options.device, threads: options.threads }));
    return fitInOnePass(
      options,
      data.length,
      () => this.#take(runtime, data, options),
      () => this.fitted().weights,
    );
  }

  /** The log-density of rows [N, ...], in nats; minus infinity beyond the reach of every bump. @throws NotFittedError, ShapeError, ConfigError */
  async logProb(x: Samples): Promise<Float64Array> {
    const { exampleShape } = this.fitted();
    checkRows(this.kind, x, exampleShape);
    const features = exampleSize(exampleShape);
    const { bandwidth } = this;
    const sums = await this.#openSums();
    const logNormaliser =
      Math.log(this.#rowCount) + this.#kernel.logIntegral(features) + features * Math.log(bandwidth);
    return (await sums.logSums(x.data, bandwidth)).map((value) => value - logNormaliser);
  }

  /** Rows of the data with noise of the kernel's shape. Images are kept in [0, 1]. @throws NotFittedError before fit */
  async sample(count: number, { seed = freshSeed() }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape } = this.fitted();
    const rows = this.#rows();
    const features = exampleSize(exampleShape);
    const { bandwidth } = this;
    const chosen = random(seed).split('rows').integers(count, 0, this.#rowCount);
    const [radii, directions] = [random(seed).split('radii'), random(seed).split('directions')];
    const data = new Float32Array(count * features);
    for (let i = 0; i < count; i++) {
      // A direction is a normal vector, whatever its length; an odd number of numbers is drawn with one to spare.
      const direction = directions.normal(features);
      const length = Math.hypot(...direction) || 1;
      const radius = (bandwidth * this.#kernel.radius(features, radii)) / length;
      for (let j = 0; j < features; j++)
        data[i * features + j] = rows[chosen[i]! * features + j]! + radius * direction[j]!;
    }
    return { data: keepInRange(data, exampleShape), shape: [count, ...exampleShape] };
  }

  override adopt(saved: SavedModel): this {
    const { rows, bandwidth } = saved.weights;
    this.#rowCount = rows?.shape[0] ?? 0;
    const width = Number(bandwidth?.data[0]);
    const { bandwidth: wanted } = this.config;
    if (!(width > 0) || (typeof wanted === 'number' && wanted !== width))
      throw new ShapeError(`The saved bandwidth is ${width}, which the options (${wanted}) do not allow.`);
    if (rows?.dtype !== 'float32' || this.#rowCount < 1)
      throw new ShapeError(
        `The weight "rows" has to hold float32 rows of the data; it is ${rows?.dtype ?? 'missing'}.`,
      );
    return super.adopt(saved);
  }

  override async dispose(): Promise<void> {
    this.#sums = undefined;
    await super.dispose();
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    return { rows: [this.#rowCount, exampleSize(exampleShape)], bandwidth: [] };
  }

  get #kernel(): Kernel {
    const name: KernelName = this.config.kernel;
    return kernels[name];
  }

  #rows(): Float32Array {
    const rows = this.fitted().weights.rows?.data;
    if (!(rows instanceof Float32Array)) throw new ShapeError('The weight "rows" has to be float32.');
    return rows;
  }

  /** The rows on the device, handed over when first needed there. */
  async #openSums(): Promise<KernelSums> {
    const { exampleShape, weights } = this.fitted();
    const runtime = await this.device.open();
    if (this.#sums?.weights !== weights || this.#sums.runtime !== runtime) {
      const before = this.#sums;
      const rows = { x: this.#rows(), count: this.#rowCount, features: exampleSize(exampleShape) };
      const sums = KernelSums.open(runtime, this.#kernel, rows);
      this.#sums = { weights, runtime, sums };
      if (before?.runtime === runtime) await (await before.sums.catch(() => undefined))?.dispose();
    }
    return this.#sums.sums;
  }

  /** Keeps the rows, and chooses the bandwidth. @throws ConfigError, DatasetError */
  async #take(runtime: Runtime, data: Dataset, { seed = 0, signal }: FitOptions): Promise<OnePassResult> {
    const features = exampleSize(data.exampleShape);
    const { bandwidth: wanted, folds, maxValidationRows } = this.config;
    const { x } = await gatherAll(data);
    const spread = columnSpread(x, features);
    const warnings = [...spreadWarnings(spread)];
    let bandwidth = typeof wanted === 'number' ? wanted : 0;
    let history: readonly Readonly<Record<string, number>>[] | undefined;
    if (typeof wanted !== 'number') {
      if (!(spread.pooled > 0))
        throw new DatasetError(
          `kernel-density: all rows are equal, so no bandwidth follows from their spread. Give bandwidth as a number.`,
        );
      const rule = bandwidthRules[wanted === 'silverman' ? 'silverman' : 'scott'];
      bandwidth = spread.pooled * rule(data.length, features);
      if (wanted === 'cross-validated') {
        const count = Math.min(data.length, maxValidationRows);
        if (count < folds)
          throw new ConfigError(
            `kernel-density: ${count} rows cannot be divided into ${folds} folds. Use fewer folds, more rows, or bandwidth "scott".`,
          );
        const around = spread.pooled * rule(count, features);
        const trials = await crossValidate(runtime, {
          kernel: this.#kernel,
          x: chooseRows(x, features, count, seed),
          ...{ count, features, folds, seed, around, signal },
        });
        const best = bestTrial(trials);
        warnings.push(...edgeWarnings(edgeOf(best, around), best.logProb));
        // The best bandwidth shrinks with the number of rows as the rules' does.
        bandwidth = best.bandwidth * (rule(data.length, features) / rule(count, features));
        history = trials
          .filter(({ logProb }) => Number.isFinite(logProb))
          .map(({ bandwidth: tried, logProb }) => ({ bandwidth: tried, heldOutLogProb: logProb }));
      }
    }
    this.#rowCount = data.length;
    await this.keep({
      exampleShape: data.exampleShape,
      classes: [],
      weights: {
        rows: { dtype: 'float32', shape: [data.length, features], data: x },
        bandwidth: { dtype: 'float64', shape: [], data: Float64Array.of(bandwidth) },
      },
    });
    return { metrics: { bandwidth }, warnings, ...present({ history }) };
  }
}

/** Some of the rows, chosen by the seed. */
function chooseRows(x: Float32Array, features: number, count: number, seed: number): Float32Array {
  if (count * features === x.length) return x;
  const order = random(seed)
    .split('validation')
    .permutation(x.length / features);
  const chosen = new Float32Array(count * features);
  for (let i = 0; i < count; i++) {
    const row = order[i]! * features;
    chosen.set(x.subarray(row, row + features), i * features);
  }
  return chosen;
}

function edgeWarnings(edge: 'lowest' | 'highest' | undefined, logProb: number): readonly string[] {
  if (logProb === Number.NEGATIVE_INFINITY)
    return [
      'Some held-out row had no neighbour at any bandwidth tried, so cross-validation could not tell them apart. Remove outliers, or use ' +
        'the kernel "gaussian".',
    ];
  if (edge === undefined) return [];
  return [
    edge === 'lowest'
      ? 'The held-out rows are likeliest at the lowest bandwidth tried, as where rows repeat. Remove duplicates, or give a bandwidth.'
      : 'The held-out rows are likeliest at the highest bandwidth tried. Remove outliers, or give a bandwidth.',
  ];
}

/** The entry of the table of models. */
export const kernelDensityDefinition: ModelDefinition = {
  kind: 'kernel-density',
  family: 'kernel',
  description: 'Kernel density estimate: a bump of density at every row of the data.',
  strengths: 'Follows a density of any shape in a few columns, with nothing to train.',
  weaknesses: 'Keeps all its rows, and what it draws is one of them with noise: in many columns it copies.',
  paper: 'Parzen 1962, On Estimation of a Probability Density Function and Mode',
  schema,
  create: (options = {}) => new KernelDensity(parseOptions('kernel-density', schema, options)),
  restore: (saved) => new KernelDensity(parseOptions('kernel-density', schema, saved.config)).adopt(saved),
};

/**
 * A kernel density estimate.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = kernelDensity({ bandwidth: 'cross-validated' });
 * await model.fit(points, { seed: 0 });
 * const density = await model.logProb(grid);               // nats, one value per row
 */
export function kernelDensity(options: z.input<typeof schema> = {}): KernelDensity {
  return new KernelDensity(parseOptions('kernel-density', schema, options));
}
