// A generator without an adversary: a network learns to make each row of a random vector of its own, by squared error alone.
//
//   minimise E_i |x_i - G(z_i)|^2,  z_i ~ N(0, I) fixed, or learnt inside the unit ball (GLO, Bojanowski et al. 2018)
//
// Squared error is least at the mean of all rows that a code may stand for, so that what is drawn is blurred: compare a GAN. With fixed
// vectors nothing says that near ones should give like rows; learnt ones arrange themselves so that they do.
import { ConfigError, ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, isImageShape } from '../../data/dataset.js';
import { type Initialiser, initialisers } from '../../nn/initialisers.js';
import { type ParameterSpecs, weight } from '../../nn/layer.js';
import type { Network } from '../../nn/network.js';
import { adam } from '../../nn/optimisers/adam.js';
import { freshSeed } from '../../runtime/random.js';
import { float32, type Value } from '../../runtime/runtime.js';
import { clip, constant, flatten, gather, mean, multiply, reshape, square, subtract, sum } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, type Program } from '../../tensor/program.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type LossContext, objectiveProgram } from '../../training/objective.js';
import type { FitOptions, FitReport, HasDecoder, HasPortraits, Portrait, SampleOptions, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, type Fitted, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { latentGridPortrait } from '../pictures/latent-grid.js';
import type { SavedModel } from '../saved-model.js';
import { survey } from '../survey.js';
import { drawCodes, fitPrior, priorMoments, priorParameters } from './code-prior.js';
import { decoderNetwork } from './coder-networks.js';
import { type GeneratorNetworkConfig, type GeneratorNetworkOptions, generatorSchema } from './generator-options.js';
import { floatsOf } from './numbers.js';
import { outputBias } from './output-bias.js';
import { firstCodes, inUnitBall, numbered, projected } from './row-codes.js';
import { checkCodes, checkMemory, scaleWarnings } from './rows-and-codes.js';

/** The name of the codes of the training rows, [rows, latentSize]. */
const codesName = 'codes';
/** The most numbers of all codes together: with adam's averages three quarters of a gigabyte. */
const mostCodeNumbers = 2 ** 26;

/** A generator that learns rows from a vector of each. */
export class GeneratorNetwork extends NeuralModel<GeneratorNetworkConfig> implements HasDecoder, HasPortraits {
  readonly kind = 'generator-network';
  override readonly defaultBatchSize = 100;
  /** The training rows, and what codes are where they are not learnt. */
  #rows = 0;
  #fixedCodes: Value | undefined;

  get latentSize(): number {
    return this.config.latentSize;
  }

  /** The codes of the training rows, [rows, latentSize]: decode them to see what was learnt. @throws NotFittedError */
  get codes(): Samples {
    const codes = this.fitted().weights[codesName];
    return { data: floatsOf(codes), shape: codes?.shape ?? [] };
  }

  /** G(z) [N, ...] for codes z [N, latentSize]; images are kept in [0, 1]. @throws NotFittedError, ShapeError, ConfigError */
  async decode({ data, shape }: Samples): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const count = checkCodes(this.kind, { data, shape }, this.latentSize);
    checkMemory(this.kind, count, exampleShape, this.latentSize);
    const { x } = await this.runRows('decode', () => this.decodingProgram(), { z: float32(data, shape) });
    return { data: floatsOf(x), shape: [count, ...exampleShape] };
  }

  /**
   * Decodes new codes: from N(0, I) where the rows' codes are fixed, otherwise from a Gaussian fitted to the learnt ones, inside the unit
   * ball as they are. The same seed and count give the same rows. @throws NotFittedError before fit
   */
  async sample(count: number, { seed = freshSeed() }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape, weights } = this.fitted();
    checkMemory(this.kind, count, exampleShape, this.latentSize);
    const { data, shape } = await drawCodes(weights, this.latentSize, count, seed);
    return this.decode({ data: this.config.learnCodes ? projected(data, this.latentSize, 1) : data, shape });
  }

  /** Images over the plane of codes, where these have two numbers. @throws NotFittedError before fit */
  async portraits(): Promise<readonly Portrait[]> {
    const { exampleShape, weights } = this.fitted();
    return latentGridPortrait(this, exampleShape, priorMoments(weights, this.latentSize));
  }

  /** The program z -> x, for running and for explaining. @throws NotFittedError before fit */
  decodingProgram(): Program {
    const { exampleShape } = this.fitted();
    const generator = this.#generator(exampleShape);
    const z = batchInput('z', [this.latentSize]);
    const rows = reshape(flatten(generator.apply(z, generator.inputs()).output), [z.dim(0), ...exampleShape]);
    return { name: 'generator-network-decode', results: { x: isImageShape(exampleShape) ? clip(rows, 0, 1) : rows } };
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const { learningRate, learnCodes } = this.config;
    const generator = this.#generator(data.exampleShape);
    const seen = await survey(this.kind, data);
    const warnings = scaleWarnings(data, seen);
    const first = firstCodes(seed, data.length, this.latentSize, learnCodes);
    const fixed = learnCodes ? undefined : float32(first, [data.length, this.latentSize]);
    this.#fixedCodes = fixed;
    const parameters = this.#parameters(generator, data.length, () => first.map((value) => value / this.#codeScale));
    const program = objectiveProgram(
      {
        name: this.kind,
        parameters,
        exampleShape: data.exampleShape,
        wantsLabels: true,
        optimiser: adam({ learningRate }),
        initial: outputBias(parameters, [Float32Array.from(seen.means)]),
        remedies: [
          ...warnings,
          `lower learningRate from ${learningRate} to, say, ${Number((learningRate / 10).toPrecision(1))}`,
        ],
        loss: (context) => {
          const z = this.#codesOf(context, fixed);
          const output = flatten(context.apply(generator, z));
          const loss = mean(sum(square(subtract(output, flatten(context.rows))), { axes: [1] }));
          return { loss, metrics: { loss } };
        },
      },
      batchSize,
      seed,
    );
    return { program, warnings: () => warnings };
  }

  protected override async learn(data: Dataset, options: FitOptions = {}): Promise<FitReport> {
    if (data.length * this.latentSize > mostCodeNumbers)
      throw new ConfigError(
        `${this.kind}: ${data.length} rows with codes of ${this.latentSize} numbers are more than it holds; at most ` +
          `${Math.floor(mostCodeNumbers / this.latentSize)} rows can be learnt. Give fewer rows, or lower latentSize.`,
      );
    this.#rows = data.length;
    const report = await super.learn(numbered(data), options);
    if (!this.config.learnCodes || report.iterations === 0) return report;
    const prior = await fitPrior(this.codes, 1, present({ seed: options.seed, threads: options.threads }));
    const fitted = this.fitted();
    await super.keep({ ...fitted, weights: { ...fitted.weights, ...prior.weights } });
    return { ...report, warnings: [...report.warnings, ...prior.warnings] };
  }

  /** Takes what training made: codes as they are used. */
  protected override async keep(fitted: Fitted): Promise<void> {
    const learnt = fitted.weights[codesName];
    const codes =
      learnt === undefined
        ? this.#fixedCodes
        : float32(projected(Float32Array.from(floatsOf(learnt)), this.latentSize, this.#codeScale), learnt.shape);
    await super.keep({
      ...fitted,
      weights: { ...fitted.weights, ...(codes === undefined ? {} : { [codesName]: codes }) },
    });
  }

  override adopt(saved: SavedModel): this {
    this.#rows = saved.weights[codesName]?.shape[0] ?? 0;
    return super.adopt(saved);
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    const parameters = this.#parameters(this.#generator(exampleShape), this.#rows, initialisers.zeros());
    const shapes = Object.entries(parameters).map(([name, { shape }]) => [name, shape] as const);
    return { ...Object.fromEntries(shapes), [codesName]: [this.#rows, this.latentSize] };
  }

  /** Codes are kept divided by this, so that one optimiser takes steps of another size for them. */
  get #codeScale(): number {
    return this.config.codeLearningRate / this.config.learningRate;
  }

  /** The codes of a batch, [batch, latentSize]. */
  #codesOf({ labels, weights }: LossContext, fixed: Value | undefined): Tensor {
    if (labels === undefined) throw new ConfigError(`${this.kind} learns from numbered rows.`);
    if (fixed !== undefined) return gather(constant(floatsOf(fixed), fixed.shape), labels);
    return inUnitBall(multiply(gather(weights[codesName] ?? input(codesName, []), labels), this.#codeScale));
  }

  #parameters(generator: Network, rows: number, first: Initialiser): ParameterSpecs {
    const { learnCodes } = this.config;
    return {
      ...generator.parameters,
      ...priorParameters(1, this.latentSize),
      ...(learnCodes ? { [codesName]: weight([rows, this.latentSize], first) } : {}),
    };
  }

  #generator(exampleShape: readonly number[]): Network {
    if (this.config.network === 'convolutional' && !isImageShape(exampleShape))
      throw new ShapeError(
        `${this.kind}: rows of shape [${exampleShape.join(', ')}] were given; transposed convolutions make images [H, W, C]. ` +
          "Use network: 'dense', which makes rows of any shape.",
      );
    return decoderNetwork(this.kind, this.config, this.latentSize, exampleShape);
  }
}

/** The entry of the table of models. */
export const generatorNetworkDefinition: ModelDefinition = {
  kind: 'generator-network',
  family: 'autoencoder',
  description:
    'Generator trained by squared error from a fixed or learnt vector for each row: what blur is, next to a GAN.',
  paper: 'Bojanowski et al. 2018, Optimizing the Latent Space of Generative Networks',
  schema: generatorSchema,
  charts: [{ label: 'squared error per row', metrics: ['loss'] }],
  create: (options = {}) => new GeneratorNetwork(parseOptions('generator-network', generatorSchema, options)),
  restore: (saved) =>
    new GeneratorNetwork(parseOptions('generator-network', generatorSchema, saved.config)).adopt(saved),
};

/**
 * A generator network.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = generatorNetwork({ learnCodes: true });
 * await model.fit(await mnist(), { epochs: 20, seed: 0 });
 * const digits = await model.sample(64, { seed: 1 });      // compare those of dcgan()
 */
export function generatorNetwork(options: GeneratorNetworkOptions = {}): GeneratorNetwork {
  return new GeneratorNetwork(parseOptions('generator-network', generatorSchema, options));
}
