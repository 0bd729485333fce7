// Real-valued non-volume-preserving transformations (Dinh et al. 2017): a bijection between rows and normal noise, made of coupling
// layers, so that densities, samples and codes are all exact.
//
//   log p(x) = log N(f(x); 0, I) + log |det df/dx|,   x = f^-1(z), z ~ N(0, I)
//
// Pixels have levels: noise spreads each over its step (Uria et al. 2013), y = ((levels - 1) x + u) / levels, and the density is told per
// level, log p(y) - D log levels, so that it compares with those of discrete models.
import type { z } from 'zod';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize, isImageShape } from '../../data/dataset.js';
import { sumPerExample } from '../../nn/distributions/distribution.js';
import { standardNormal } from '../../nn/distributions/gaussian.js';
import { freshSeed, random } from '../../runtime/random.js';
import { float32, type Values } from '../../runtime/runtime.js';
import { add, mean, multiply, negative, subtract, type Tensor } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, type Program } from '../../tensor/program.js';
import { type Objective, objectiveProgram } from '../../training/objective.js';
import { adamOf, keptShapes, usedName } from '../adam-options.js';
import type { Bound, HasBound, HasDensity, HasLatent, SampleOptions, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { checkRows, keepInRange } from '../rows.js';
import { interpolateCodes } from '../tools/interpolate-codes.js';
import type { Bijection } from './bijection.js';
import { firstScales } from './first-scales.js';
import { flowOf, type RealNvpConfig, realNvpSchema } from './realnvp-options.js';

export type { RealNvpConfig } from './realnvp-options.js';

const runBatch = 256;

/** A flow of coupling layers, for points, tables and images. */
export class RealNvp extends NeuralModel<RealNvpConfig> implements HasDensity, HasBound, HasLatent {
  readonly kind = 'realnvp';
  override readonly defaultBatchSize = 128;

  /** Numbers in a code: as many as in a row. @throws NotFittedError before fit */
  get latentSize(): number {
    return exampleSize(this.fitted().exampleShape);
  }

  /**
   * log p(x) of rows [N, ...], in nats. Of images, the density in the middle of each pixel's level, per level; its mean over the
   * noise of a level is bounded by {@link logProbBound}.
   */
  async logProb(x: Samples): Promise<Float64Array> {
    return this.#density(x, undefined);
  }

  /**
   * A lower bound on the log-probability of images with levels, in nats: the mean, or for more samples the logarithm of the mean, of
   * the density over the noise that spreads pixels over their levels (Theis et al. 2016; Hoogeboom et al. 2020). Of other rows it is
   * the density itself.
   */
  async logProbBound(
    x: Samples,
    { samples = 1, seed = 0 }: { readonly samples?: number; readonly seed?: number } = {},
  ): Promise<Bound> {
    if (!Number.isInteger(samples) || samples < 1)
      throw new ConfigError(`realnvp: samples is ${samples}; it has to be a whole number from 1.`);
    if (!isImageShape(this.fitted().exampleShape)) return { values: await this.logProb(x), kind: 'exact' };
    const draws: Float64Array[] = [];
    for (let sample = 0; sample < samples; sample++) draws.push(await this.#density(x, random(seed).split(sample)));
    const values = Float64Array.from({ length: draws[0]?.length ?? 0 }, (_, row) => {
      const largest = draws.reduce((most, draw) => Math.max(most, draw[row] ?? 0), Number.NEGATIVE_INFINITY);
      const sum = draws.reduce((total, draw) => total + Math.exp((draw[row] ?? 0) - largest), 0);
      return largest + Math.log(sum / samples);
    });
    return { values, kind: samples === 1 ? 'elbo' : 'importance' };
  }

  /** The noise that rows [N, ...] are made of: [N, latentSize]. @throws NotFittedError, ShapeError, ConfigError */
  async encode(x: Samples): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const count = checkRows(this.kind, x, exampleShape);
    const { z } = await this.runRows('encode', () => this.#encodingProgram(), this.#rows(x, undefined), runBatch);
    return { data: floats(z), shape: [count, this.latentSize] };
  }

  /** Rows from codes z [N, latentSize]. @throws NotFittedError, ShapeError */
  async decode({ data, shape }: Samples): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const { latentSize } = this;
    const [count = 0, size] = shape;
    if (shape.length !== 2 || count < 1 || size !== latentSize || data.length !== count * latentSize)
      throw new ShapeError(
        `realnvp: codes have to be [N, ${latentSize}]; received [${shape.join(', ')}] with ${data.length} numbers.`,
      );
    const { x } = await this.runRows('decode', () => this.#decodingProgram(), { z: float32(data, shape) }, runBatch);
    return { data: keepInRange(floats(x), exampleShape), shape: [count, ...exampleShape] };
  }

  /** decode(encode(x)): the rows again, up to rounding. @throws NotFittedError, ShapeError, ConfigError */
  async reconstruct(x: Samples): Promise<Samples> {
    return this.decode(await this.encode(x));
  }

  /** From rows `a` to rows `b` along great circles between their codes, ends included: [N * steps, ...], path by path. */
  async interpolate(a: Samples, b: Samples, steps: number): Promise<Samples> {
    return this.decode(interpolateCodes(await this.encode(a), await this.encode(b), steps));
  }

  /** Draws noise and decodes it; each row's noise depends on the seed and its place only. */
  async sample(count: number, { seed = freshSeed() }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { latentSize } = this;
    const codes = random(seed)
      .split('codes')
      .normal(count * latentSize);
    return this.decode({ data: codes, shape: [count, latentSize] });
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const { ema, clipNorm } = this.config;
    const { exampleShape } = data;
    const flow = flowOf(this.config, exampleShape);
    const size = exampleSize(exampleShape);
    const isImage = isImageShape(exampleShape);
    const objective: Objective = {
      name: this.kind,
      parameters: flow.parameters,
      exampleShape,
      optimiser: adamOf(this.config),
      clipNorm,
      ema,
      initial: await firstScales(this.config, data),
      remedies: ['lower learningRate', 'lower clipNorm', "use coupling: 'affine'"],
      evaluation: {
        program: { name: 'realnvp-evaluation', results: { loss: negative(this.#logProb(exampleShape)) } },
        noise: isImage ? [{ name: 'spread', shape: [runBatch, ...exampleShape], distribution: 'uniform' }] : [],
        batchSize: runBatch,
        weights: Object.keys(this.weightShapes(exampleShape)),
      },
      loss: ({ rows, weights, noise }) => {
        const x = isImage ? this.#spread(rows, noise('spread', [batchSize, ...exampleShape], 'uniform')) : rows;
        const nats = negative(mean(this.#ofRows(flow, x, weights, exampleShape)));
        return {
          loss: multiply(nats, 1 / size),
          metrics: {
            negativeLogLikelihood: nats,
            ...(isImage ? { bitsPerDimension: multiply(nats, 1 / (size * Math.LN2)) } : {}),
          },
        };
      },
    };
    return { program: objectiveProgram(objective, batchSize, seed) };
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    return keptShapes(this.config, flowOf(this.config, exampleShape).parameters);
  }

  /** Pixels of levels, spread over their steps by numbers in [0, 1). */
  #spread(x: Tensor, uniform: Tensor | number): Tensor {
    const { levels } = this.config;
    return multiply(add(multiply(x, levels - 1), uniform), 1 / levels);
  }

  /** log p of rows that have been spread, [N]. */
  #ofRows(
    flow: Bijection,
    x: Tensor,
    weights: Readonly<Record<string, Tensor>>,
    exampleShape: readonly number[],
  ): Tensor {
    const { value, logDeterminant } = flow.forward(x, weights);
    const logProb = add(sumPerExample(standardNormal([exampleSize(exampleShape)]).logProb(value)), logDeterminant);
    return isImageShape(exampleShape)
      ? subtract(logProb, exampleSize(exampleShape) * Math.log(this.config.levels))
      : logProb;
  }

  #weights(flow: Bijection): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(flow.parameters).map(([name, { shape }]) => [name, input(usedName(this.config, name), shape)]),
    );
  }

  /** Rows as the flow sees them. */
  #inputRows(exampleShape: readonly number[]): Tensor {
    const x = batchInput('x', exampleShape);
    return isImageShape(exampleShape) ? this.#spread(x, batchInput('spread', exampleShape)) : x;
  }

  #logProb(exampleShape: readonly number[]): Tensor {
    const flow = flowOf(this.config, exampleShape);
    return this.#ofRows(flow, this.#inputRows(exampleShape), this.#weights(flow), exampleShape);
  }

  #encodingProgram(): Program {
    const { exampleShape } = this.fitted();
    const flow = flowOf(this.config, exampleShape);
    return {
      name: 'realnvp-encode',
      results: { z: flow.forward(this.#inputRows(exampleShape), this.#weights(flow)).value },
    };
  }

  #decodingProgram(): Program {
    const { exampleShape } = this.fitted();
    const flow = flowOf(this.config, exampleShape);
    const y = flow.inverse(batchInput('z', [exampleSize(exampleShape)]), this.#weights(flow));
    const { levels } = this.config;
    // Back from the middle of a level: x = (levels y - 1/2) / (levels - 1).
    const x = isImageShape(exampleShape) ? multiply(subtract(multiply(y, levels), 0.5), 1 / (levels - 1)) : y;
    return { name: 'realnvp-decode', results: { x } };
  }

  /** What programs are fed of rows: where noise is drawn from, or the middle of every level. */
  #rows({ data, shape }: Samples, stream: ReturnType<typeof random> | undefined): Values {
    const x = float32(data, shape);
    if (!isImageShape(shape.slice(1))) return { x };
    const spread = stream === undefined ? new Float32Array(data.length).fill(0.5) : stream.uniform(data.length);
    return { x, spread: float32(spread, shape) };
  }

  async #density(x: Samples, stream: ReturnType<typeof random> | undefined): Promise<Float64Array> {
    const { exampleShape } = this.fitted();
    checkRows(this.kind, x, exampleShape);
    const { logProb } = await this.runRows(
      'density',
      () => ({ name: 'realnvp-density', results: { logProb: this.#logProb(exampleShape) } }),
      this.#rows(x, stream),
      runBatch,
    );
    return Float64Array.from(logProb?.data ?? [], Number);
  }
}

function floats(value: Values[string] | undefined): Float32Array {
  return value?.data instanceof Float32Array ? value.data : new Float32Array();
}

/** The entry of the table of models. */
export const realNvpDefinition: ModelDefinition = {
  kind: 'realnvp',
  family: 'flow',
  description: 'Flow of coupling layers: exact density, samples and codes, of points, tables and images.',
  paper: 'Dinh et al. 2017, Density Estimation Using Real NVP',
  schema: realNvpSchema,
  charts: [
    { label: 'negative log-likelihood (nats)', metrics: ['negativeLogLikelihood', 'validationLoss'] },
    { label: 'bits per dimension', metrics: ['bitsPerDimension'] },
    { label: 'gradient norm', metrics: ['gradientNorm'] },
  ],
  create: (options = {}) => new RealNvp(parseOptions('realnvp', realNvpSchema, options)),
  restore: (saved) => new RealNvp(parseOptions('realnvp', realNvpSchema, saved.config)).adopt(saved),
};

/**
 * A flow of coupling layers.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = realnvp({ coupling: 'spline' });
 * await model.fit(await openDataset('two-moons'), { steps: 2000, seed: 0 });
 * const logProb = await model.logProb(points);
 */
export function realnvp(options: z.input<typeof realNvpSchema> = {}): RealNvp {
  return new RealNvp(parseOptions('realnvp', realNvpSchema, options));
}
