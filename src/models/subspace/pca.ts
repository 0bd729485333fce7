// Principal component analysis: the orthogonal directions along which rows vary most. With the noise around them it is a generative
// model, probabilistic PCA, with an exact density (probabilistic-pca.ts).
//
//   z = W (x - m),  W the leading eigenvectors of the covariance          Pearson 1901, Hotelling 1933; Tipping and Bishop 1999
import type { z } from 'zod';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import { float32, type Value, type Values } from '../../runtime/runtime.js';
import type {
  FitOptions,
  FitReport,
  HasDecoder,
  HasDensity,
  HasLatent,
  HasPortraits,
  Portrait,
  SampleOptions,
  Samples,
} from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, FittedModel, type WeightShapes } from '../fitted-model.js';
import { fitInOnePass, type OnePassResult, onePassReport } from '../one-pass-fit.js';
import { componentsPortrait } from '../pictures/portrait.js';
import { checkRows, keepInRange } from '../rows.js';
import type { SavedModel } from '../saved-model.js';
import { batchValues, inBatches } from './batches.js';
import { interpolateRows } from './interpolate.js';
import { type PcaConfig, pcaSchema } from './pca-options.js';
import { explainedBy, noiseOf, scalar, weightsOf } from './pca-weights.js';
import {
  decodingProgram,
  densityProgram,
  encodingProgram,
  flatnessWarnings,
  meanLogProb,
  type PcaSizes,
} from './probabilistic-pca.js';
import { combineScatter, numbers, type ScatterSummary, summarizeScatter } from './scatter.js';
import { checkCovarianceSize, solveSpectrum } from './solve-spectrum.js';
import { type Spectrum, spectrumOfScatter } from './spectrum.js';

/** Principal component analysis with the density of probabilistic PCA. */
export class Pca extends FittedModel<PcaConfig> implements HasDensity, HasLatent, HasDecoder, HasPortraits {
  readonly kind = 'pca';
  /** The number of components of a saved model, where its options leave that to the data. */
  #savedComponents: number | undefined;

  /** Numbers of a code: the components. @throws NotFittedError before fit where their number depends on the data */
  get latentSize(): number {
    const { components } = this.config;
    return typeof components === 'number' && components >= 1 ? components : this.explainedVariance.length;
  }

  /** The orthonormal directions W [components, features], in the order of variance. @throws NotFittedError */
  get components(): { readonly data: Float64Array; readonly shape: readonly number[] } {
    const components = this.#weight('components');
    return { data: numbers(components), shape: components.shape };
  }

  /** The mean m of the rows [features]. @throws NotFittedError */
  get mean(): Float64Array {
    return numbers(this.#weight('mean'));
  }

  /** The variance along each component, n - 1 in the denominator. @throws NotFittedError */
  get explainedVariance(): Float64Array {
    return numbers(this.#weight('explainedVariance'));
  }

  /** Each component's share of the variance of all columns. @throws NotFittedError */
  get explainedVarianceRatio(): Float64Array {
    const total = this.#scalar('totalVariance');
    return this.explainedVariance.map((variance) => variance / total);
  }

  /** The singular values of the centred rows that belong to the components. @throws NotFittedError */
  get singularValues(): Float64Array {
    const count = this.#scalar('count');
    return this.explainedVariance.map((variance) => Math.sqrt(variance * (count - 1)));
  }

  /** The variance of the noise around the components: the mean of the variances left out. @throws NotFittedError */
  get noiseVariance(): number {
    return this.#scalar('noiseVariance');
  }

  /**
   * The additive statistics of rows: those of parts, combined, are those of the whole.
   *
   * @example await model.fromSummaries([await model.summarize(partA), await model.summarize(partB)])
   */
  async summarize(
    data: Dataset,
    { device, threads }: Pick<FitOptions, 'device' | 'threads'> = {},
  ): Promise<ScatterSummary> {
    checkCovarianceSize(exampleSize(data.exampleShape));
    return summarizeScatter(await this.device.open(present({ device, threads })), data);
  }

  /** The statistics of two parts together. @throws ShapeError for rows of different shapes */
  combine(a: ScatterSummary, b: ScatterSummary): ScatterSummary {
    return combineScatter(a, b);
  }

  /** Learns from the statistics of parts as from their rows. @throws ConfigError for no parts, ShapeError for parts of different data */
  async fromSummaries(summaries: readonly ScatterSummary[]): Promise<FitReport> {
    const [first, ...others] = summaries;
    if (first === undefined) throw new ConfigError('pca: no summaries were given; at least one is needed.');
    const { components } = this.config;
    const summary = others.reduce(combineScatter, first);
    return onePassReport(await this.#take(await spectrumOfScatter(await this.device.open(), summary, components)));
  }

  protected override async learn(data: Dataset, options: FitOptions): Promise<FitReport> {
    const { device, threads, seed = 0, signal } = options;
    random(seed);
    const runtime = await this.device.open(present({ device, threads }));
    return fitInOnePass(
      options,
      data.length,
      async () => this.#take(await solveSpectrum(runtime, data, { ...this.config, seed, signal })),
      () => this.fitted().weights,
    );
  }

  /** The log-density of rows [N, ...] under probabilistic PCA, in nats. @throws NotFittedError, ShapeError, ConfigError */
  async logProb(x: Samples): Promise<Float64Array> {
    const { exampleShape } = this.fitted();
    const count = checkRows(this.kind, x, exampleShape);
    const result = new Float64Array(count);
    await inBatches(x.data, count, this.#sizes.features, 1, async (part, rows, first) => {
      const { logProb } = await this.run('density', () => densityProgram(this.#sizes), {
        x: float32(part, [rows, this.#sizes.features]),
        varianceFloor: scalar(this.#floor),
      });
      result.set(numbers(logProb), first);
    });
    return result;
  }

  /** The codes [N, components] of rows [N, ...]. @throws NotFittedError, ShapeError, ConfigError */
  async encode(x: Samples): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const { features, components } = this.#sizes;
    const count = checkRows(this.kind, x, exampleShape);
    const codes = new Float32Array(count * components);
    await inBatches(x.data, count, features, components, async (part, rows, first) => {
      const { z: result } = await this.run('encode', () => encodingProgram(this.#sizes, this.config.whiten), {
        x: float32(part, [rows, features]),
        ...this.#whitening,
      });
      if (result?.data instanceof Float32Array) codes.set(result.data, first * components);
    });
    return { data: codes, shape: [count, components] };
  }

  /** Rows of codes [N, components]: m + W^T z. Images are kept in [0, 1]. @throws NotFittedError, ShapeError */
  async decode({ data, shape }: Samples): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const { components } = this.#sizes;
    const [count = 0, size] = shape;
    if (shape.length !== 2 || count < 1 || size !== components || data.length !== count * components)
      throw new ShapeError(
        `pca: codes have to be [N, ${components}]; received [${shape.join(', ')}] with ${data.length} numbers.`,
      );
    return { data: keepInRange(await this.#project(data, count), exampleShape), shape: [count, ...exampleShape] };
  }

  /** The rows [N, ...] as their components see them: decode(encode(x)). @throws NotFittedError, ShapeError, ConfigError */
  async reconstruct(x: Samples): Promise<Samples> {
    return this.decode(await this.encode(x));
  }

  /**
   * From rows `a` to rows `b`, both [N, ...], in `steps` equal steps between their codes, ends included: [N * steps, ...], path by path.
   *
   * @throws NotFittedError, ShapeError, ConfigError
   */
  async interpolate(a: Samples, b: Samples, steps: number): Promise<Samples> {
    return this.decode(interpolateRows(this.kind, await this.encode(a), await this.encode(b), steps));
  }

  /** Draws codes, and noise around what they stand for. Images are kept in [0, 1]. @throws NotFittedError before fit */
  async sample(count: number, { seed = freshSeed() }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape } = this.fitted();
    const { features, components } = this.#sizes;
    const noise = this.noiseVariance;
    const floor = this.#floor;
    const scales = this.explainedVariance.map(
      (variance) =>
        Math.sqrt(Math.max(0, variance - noise)) / (this.config.whiten ? Math.sqrt(Math.max(variance, floor)) : 1),
    );
    const codes = random(seed)
      .split('codes')
      .normal(count * components);
    for (let i = 0; i < codes.length; i++) codes[i] = codes[i]! * scales[i % components]!;
    const data = await this.#project(codes, count);
    const noises = random(seed).split('noise');
    if (noise > 0 && components < features) {
      const deviation = Math.sqrt(noise);
      // In parts of even length, which the pairs of normal numbers make equal to one long draw.
      for (let start = 0; start < data.length; start += batchValues) {
        const part = noises.normal(Math.min(batchValues, data.length - start), 0, deviation);
        for (let i = 0; i < part.length; i++) data[start + i] = data[start + i]! + part[i]!;
      }
    }
    return { data: keepInRange(data, exampleShape), shape: [count, ...exampleShape] };
  }

  /** Of images, their mean and the first components. @throws NotFittedError */
  async portraits(): Promise<readonly Portrait[]> {
    return componentsPortrait(this.mean, this.components.data, this.explainedVarianceRatio, this.fitted().exampleShape);
  }

  override adopt(saved: SavedModel): this {
    this.#savedComponents = saved.weights.explainedVariance?.shape[0];
    return super.adopt(saved);
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    const features = exampleSize(exampleShape);
    const { components } = this.config;
    const count = typeof components === 'number' && components >= 1 ? components : (this.#savedComponents ?? features);
    return {
      mean: [features],
      components: [count, features],
      explainedVariance: [count],
      noiseVariance: [],
      totalVariance: [],
      count: [],
    };
  }

  get #sizes(): PcaSizes {
    const [components = 0, features = 0] = this.#weight('components').shape;
    return { features, components };
  }

  /** The least variance of a direction in the density. */
  get #floor(): number {
    return this.config.covarianceFloor * this.explainedVariance[0]!;
  }

  /** What encoding and decoding need beside the weights. */
  get #whitening(): Values {
    return this.config.whiten ? { varianceFloor: scalar(this.#floor) } : {};
  }

  #weight(name: string): Value {
    const weight = this.fitted().weights[name];
    if (weight === undefined) throw new ShapeError(`This pca has no weight "${name}".`);
    return weight;
  }

  #scalar(name: string): number {
    return numbers(this.#weight(name))[0]!;
  }

  /** m + W^T z for codes z, not kept in the range of pixels. */
  async #project(codes: Float32Array, count: number): Promise<Float32Array> {
    const { features, components } = this.#sizes;
    const rows = new Float32Array(count * features);
    await inBatches(codes, count, components, features, async (part, length, first) => {
      const { x } = await this.run('decode', () => decodingProgram(this.#sizes, this.config.whiten), {
        z: float32(part, [length, components]),
        ...this.#whitening,
      });
      if (x?.data instanceof Float32Array) rows.set(x.data, first * features);
    });
    return rows;
  }

  /** Keeps the components, and says what they explain. */
  async #take(spectrum: Spectrum): Promise<OnePassResult> {
    const { exampleShape, count, mean, variances, totalVariance } = spectrum;
    const sizes = { features: mean.length, components: variances.length };
    const noise = noiseOf(spectrum);
    // The number of components is part of the programs.
    if (this.#savedComponents !== sizes.components) await this.device.forget();
    this.#savedComponents = sizes.components;
    await this.keep({ exampleShape, classes: [], weights: weightsOf(spectrum, noise) });
    const metrics = {
      explainedVariance: explainedBy(variances) / totalVariance,
      logProb: meanLogProb(sizes, count, variances, noise, totalVariance, this.#floor),
    };
    const isPart = sizes.components < sizes.features;
    return { metrics, warnings: flatnessWarnings(variances, isPart ? noise : undefined, this.#floor) };
  }
}

/** The entry of the table of models. */
export const pcaDefinition: ModelDefinition = {
  kind: 'pca',
  family: 'subspace',
  description: 'Principal component analysis with the density of probabilistic PCA.',
  strengths: 'Finds the best linear code there is, without training by gradients, and puts an exact density on top.',
  weaknesses: 'Knows only straight directions, so its samples are ghostly overlays of many images.',
  paper: 'Tipping and Bishop 1999, Probabilistic Principal Component Analysis',
  schema: pcaSchema,
  create: (options = {}) => new Pca(parseOptions('pca', pcaSchema, options)),
  restore: (saved) => new Pca(parseOptions('pca', pcaSchema, saved.config)).adopt(saved),
};

/**
 * Principal component analysis.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = pca({ components: 50 });
 * await model.fit(await mnist());
 * const { data, shape } = await model.encode(images);     // [N, 50]
 */
export function pca(options: z.input<typeof pcaSchema> = {}): Pca {
  return new Pca(parseOptions('pca', pcaSchema, options));
}
