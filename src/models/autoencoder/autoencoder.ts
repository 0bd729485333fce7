// The autoencoder: an encoder presses a row into a code of a few numbers, a decoder makes the row of it again, and both learn to lose
// as little as possible (Hinton and Salakhutdinov 2006). Linear ones find the principal components; denoising ones (Vincent et al. 2008)
// see corrupted rows, sparse ones are to use few numbers of the code.
//
//   minimise E |x - decoder(encoder(x))|^2, or the cross-entropy
//
// Codes follow no law, so that new rows need one: decoding N(0, I) mostly shows what the decoder never saw; Gaussians fitted to the codes
// (Ghosh et al. 2020) do better.
import { ConfigError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import type { Dataset } from '../../data/dataset.js';
import { freshSeed } from '../../runtime/random.js';
import { float32 } from '../../runtime/runtime.js';
import { objectiveProgram } from '../../training/objective.js';
import type {
  FitOptions,
  FitReport,
  HasDecoder,
  HasLatent,
  HasPortraits,
  Portrait,
  SampleOptions,
  Samples,
} from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { latentGridPortrait } from '../pictures/latent-grid.js';
import { checkRows } from '../rows.js';
import { interpolateRows } from '../subspace/interpolate.js';
import { survey } from '../survey.js';
import { activeUnitsOf } from './active-units.js';
import { AutoencoderNetworks, autoencoderObjective } from './autoencoder-networks.js';
import { type AutoencoderConfig, type AutoencoderOptions, autoencoderSchema } from './autoencoder-options.js';
import { drawCodes, fitPrior, priorMoments } from './code-prior.js';
import { floatsOf } from './numbers.js';
import { outputBias } from './output-bias.js';
import { checkCodes, checkMemory, checkRange, evenlySpaced, scaleWarnings } from './rows-and-codes.js';

/** Codes that the prior is fitted to, at most. */
const priorRows = 20_000;

/** An autoencoder for images, tables and points. */
export class Autoencoder extends NeuralModel<AutoencoderConfig> implements HasLatent, HasDecoder, HasPortraits {
  readonly kind = 'autoencoder';
  override readonly defaultBatchSize = 100;

  get latentSize(): number {
    return this.config.latentSize;
  }

  /** The codes [N, latentSize] of rows [N, ...]. @throws NotFittedError, ShapeError, ConfigError */
  async encode(x: Samples): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const count = checkRows(this.kind, x, exampleShape);
    const { z } = await this.runRows('encode', this.#networks(exampleShape).programs().encode, {
      x: float32(x.data, x.shape),
    });
    return { data: floatsOf(z), shape: [count, this.latentSize], ...present({ labels: x.labels }) };
  }

  /** Rows [N, ...] of codes [N, latentSize]. @throws NotFittedError, ShapeError, ConfigError */
  async decode({ data, shape, labels }: Samples): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const count = checkCodes(this.kind, { data, shape }, this.latentSize);
    checkMemory(this.kind, count, exampleShape, this.latentSize);
    const { x } = await this.runRows('decode', this.#networks(exampleShape).programs().decode, {
      z: float32(data, shape),
    });
    return { data: floatsOf(x), shape: [count, ...exampleShape], ...present({ labels }) };
  }

  /** decode(encode(x)). @throws NotFittedError, ShapeError, ConfigError */
  async reconstruct(x: Samples): Promise<Samples> {
    return this.decode(await this.encode(x));
  }

  /**
   * From rows `a` to rows `b`, both [N, ...], in `steps` equal steps between their codes, ends included: [N * steps, ...], way by way.
   *
   * @throws NotFittedError, ShapeError, ConfigError
   */
  async interpolate(a: Samples, b: Samples, steps: number): Promise<Samples> {
    return this.decode(interpolateRows(this.kind, await this.encode(a), await this.encode(b), steps));
  }

  /** Draws codes from the prior and decodes them. While the model is being trained, from N(0, I). @throws NotFittedError before fit */
  async sample(count: number, { seed = freshSeed() }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape, weights } = this.fitted();
    checkMemory(this.kind, count, exampleShape, this.latentSize);
    return this.decode(await drawCodes(weights, this.latentSize, count, seed));
  }

  /** Images over the plane of codes, where these have two numbers: where the prior's codes lie. @throws NotFittedError before fit */
  async portraits(): Promise<readonly Portrait[]> {
    const { exampleShape, weights } = this.fitted();
    return latentGridPortrait(this, exampleShape, priorMoments(weights, this.latentSize));
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const { loss, prior, priorComponents } = this.config;
    if (prior === 'mixture' && data.length < priorComponents)
      throw new ConfigError(
        `${this.kind}: a prior of ${priorComponents} components needs at least as many rows; ${data.name} has ${data.length}. ` +
          'Lower priorComponents.',
      );
    const networks = this.#networks(data.exampleShape);
    const seen = await survey(this.kind, data);
    if (loss === 'cross-entropy') checkRange(this.kind, data, seen, 'cross-entropy takes them as probabilities');
    const { means } = seen;
    const start = Float32Array.from(means, loss === 'cross-entropy' ? logitOf : Number);
    const warnings = scaleWarnings(data, seen);
    const objective = autoencoderObjective(this.config, networks, data.exampleShape, batchSize);
    return {
      program: objectiveProgram(
        {
          ...objective,
          initial: outputBias(networks.parameters, [start]),
          remedies: [...warnings, ...objective.remedies],
        },
        batchSize,
        seed,
      ),
      warnings: () => warnings,
    };
  }

  protected override async learn(data: Dataset, options: FitOptions = {}): Promise<FitReport> {
    const report = await super.learn(data, options);
    if (report.iterations === 0) return report;
    const codes = await this.encode(await evenlySpaced(data, priorRows));
    const warnings = [...report.warnings, ...constantWarnings(activeUnitsOf(codes, unusedVariance).active)];
    if (this.config.prior === 'standard-normal') return { ...report, warnings };
    const components = this.config.prior === 'mixture' ? this.config.priorComponents : 1;
    const prior = await fitPrior(codes, components, present({ seed: options.seed, threads: options.threads }));
    const fitted = this.fitted();
    await this.keep({ ...fitted, weights: { ...fitted.weights, ...prior.weights } });
    return { ...report, warnings: [...warnings, ...prior.warnings] };
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    return Object.fromEntries(
      Object.entries(this.#networks(exampleShape).parameters).map(([name, { shape }]) => [name, shape]),
    );
  }

  #networks(exampleShape: readonly number[]): AutoencoderNetworks {
    return new AutoencoderNetworks(this.config, exampleShape);
  }
}

/** The variance over the data below which a number of the code is the same for all rows. */
const unusedVariance = 1e-8;

function constantWarnings(active: number): string[] {
  return active > 0
    ? []
    : [
        'The code is the same for all rows, so every reconstruction is the average row. Train longer, lower sparsityWeight or ' +
          'weightDecay, or change learningRate.',
      ];
}

/** log(p / (1 - p)), kept finite. */
function logitOf(mean: number): number {
  const kept = Math.min(0.999, Math.max(0.001, mean));
  return Math.log(kept / (1 - kept));
}

/** The entry of the table of models. */
export const autoencoderDefinition: ModelDefinition = {
  kind: 'autoencoder',
  family: 'autoencoder',
  description:
    'Autoencoder: dense or convolutional, plain, denoising or sparse; samples from Gaussians fitted to its codes.',
  paper: 'Hinton and Salakhutdinov 2006, Reducing the Dimensionality of Data with Neural Networks',
  schema: autoencoderSchema,
  charts: [{ label: 'loss per row', metrics: ['loss', 'reconstruction', 'validationLoss'] }],
  create: (options = {}) => new Autoencoder(parseOptions('autoencoder', autoencoderSchema, options)),
  restore: (saved) => new Autoencoder(parseOptions('autoencoder', autoencoderSchema, saved.config)).adopt(saved),
};

/**
 * An autoencoder.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = autoencoder({ latentSize: 2 });
 * await model.fit(await mnist(), { epochs: 10, seed: 0 });
 * const { data } = await model.encode(images);     // [N, 2]
 */
export function autoencoder(options: AutoencoderOptions = {}): Autoencoder {
  return new Autoencoder(parseOptions('autoencoder', autoencoderSchema, options));
}
