// The gated PixelCNN (van den Oord et al. 2016): the chain rule over the pixels of an image in reading order, each pixel's distribution
// computed by convolutions from the pixels before it.
//
//   p(x) = prod_i p(x_i | x_1, ..., x_{i-1})
//
// Training and scoring compute all conditionals in one pass; drawing goes pixel by pixel, computing only what a new pixel changes.
import type { z } from 'zod';
import { ConfigError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { sumPerExample } from '../../nn/distributions/distribution.js';
import type { ParameterSpecs } from '../../nn/layer.js';
import { freshSeed } from '../../runtime/random.js';
import { float32, type Value } from '../../runtime/runtime.js';
import { negative } from '../../tensor/index.js';
import type { Program } from '../../tensor/program.js';
import { labelsInput, objectiveProgram } from '../../training/objective.js';
import { keptShapes, usedName } from '../adam-options.js';
import { ClassPrior, classFrequencies, marginal, priorParameter } from '../class-conditional.js';
import type { Conditional, HasDensity, HasJointDensity, JointDensity, SampleOptions, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { checkRows } from '../rows.js';
import { checkBinary, checkBinaryRows, survey } from '../survey.js';
import { type Architecture, parametersOf, scope, weightInputs } from './pixelcnn/architecture.js';
import { conditionalsProgram } from './pixelcnn/conditionals.js';
import { drawImages } from './pixelcnn/draw-images.js';
import { architectureOf, type PixelCnnConfig, pixelCnnSchema } from './pixelcnn/options.js';
import { type PixelOutput, pixelOutput } from './pixelcnn/outputs.js';
import { binaryBiases, pixelCnnObjective } from './pixelcnn/training.js';

export type { PixelCnnConfig } from './pixelcnn/options.js';

/** Rows scored at a time. */
const scoreBatch = 32;
const priorName = `${scope}/prior`;

/** A gated PixelCNN. */
export class PixelCnn extends NeuralModel<PixelCnnConfig> implements HasDensity, HasJointDensity, Conditional {
  readonly kind = 'pixelcnn';
  override readonly defaultBatchSize = 32;
  readonly isDiscrete = true;

  /** Levels that pixels are rounded to. */
  get levels(): number {
    const { output, levels } = this.config;
    return output === 'binary' ? 2 : levels;
  }

  /** The classes that rows can be asked for; none where the model is not conditional. @throws NotFittedError before fit */
  get labels(): readonly string[] {
    return this.config.conditional ? this.fitted().classes : [];
  }

  /** The distribution of a channel of a pixel. */
  get output(): PixelOutput {
    return pixelOutput(this.config);
  }

  /**
   * log p(x) of images [N, H, W, C], in nats; where the output is not binary, of the nearest level of each number.
   *
   * @throws NotFittedError before fit, ShapeError for rows of another shape, ConfigError for numbers other than 0 and 1 where it is
   */
  async logProb(x: Samples): Promise<Float64Array> {
    return this.config.conditional ? marginal(await this.jointLogProb(x)) : this.#score('logProb', x, undefined);
  }

  /** log p(x, y) = log p(y) + log p(x | y) of each image and class, in nats. @throws ConfigError where the model is not conditional */
  async jointLogProb(x: Samples): Promise<JointDensity> {
    return this.#prior().joint(x.shape[0] ?? 0, (label) => this.#score('logProb', x, label));
  }

  /**
   * log p(x_i | x_1, ..., x_{i-1}) of every number of the images, in their layout [N, H, W, C], in nats; their sum is log p(x).
   *
   * @param given the class, which a conditional model has to be told
   * @throws NotFittedError, ShapeError, ConfigError
   */
  async conditionals(x: Samples, given?: SampleOptions['given']): Promise<Float64Array> {
    const label = this.#prior().numberOf(given);
    if (label === undefined && this.labels.length > 0)
      throw new ConfigError(`pixelcnn: name the class that the images are given: one of ${this.labels.join(', ')}.`);
    return this.#score('conditionals', x, label);
  }

  /** Draws images, pixel by pixel: of the class that is given, otherwise of classes as frequent as in the data. */
  async sample(count: number, { seed = freshSeed(), given }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape, weights } = this.fitted();
    const labels = this.#prior().draw(count, seed, given);
    const data = await drawImages({
      runtime: await this.device.open(),
      architecture: this.#architecture(),
      output: this.output,
      rename: this.#rename,
      weights,
      count,
      labels,
      seed,
    });
    return { data, shape: [count, ...exampleShape], ...(labels === undefined ? {} : { labels }) };
  }

  /** The program that scores images, for running and explaining. @throws NotFittedError before fit */
  scoringProgram(result: 'logProb' | 'conditionals' = 'logProb'): Program {
    return this.#program(this.#architecture(), result, (conditionals) => ({
      [result]: result === 'logProb' ? sumPerExample(conditionals) : conditionals,
    }));
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const { config, output } = this;
    const { exampleShape, classes = [] } = data;
    const architecture = architectureOf(config, exampleShape, classes);
    const frequencies = config.conditional ? { [priorName]: await classFrequencies(this.kind, data) } : {};
    const found = await survey(this.kind, data);
    if (config.output === 'binary') checkBinary(this.kind, data.name, found, "set output to 'logistic-mixture'");
    const objective = pixelCnnObjective({
      config,
      architecture,
      output,
      parameters: this.#parameters(architecture),
      exampleShape,
      initial: { ...(config.output === 'binary' ? binaryBiases(architecture, found.means) : {}), ...frequencies },
      evaluation: this.#program(architecture, 'evaluation', (conditionals) => ({
        loss: negative(sumPerExample(conditionals)),
      })),
      batchSize: scoreBatch,
      weights: Object.keys(this.weightShapes(exampleShape, classes)),
    });
    return { program: objectiveProgram(objective, batchSize, seed) };
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    return keptShapes(this.config, this.#parameters(architectureOf(this.config, exampleShape, classes)));
  }

  /** Scores and samples come from averaged weights, where there are some. */
  readonly #rename = (name: string): string => usedName(this.config, name);

  #architecture(): Architecture {
    const { exampleShape, classes } = this.fitted();
    return architectureOf(this.config, exampleShape, classes);
  }

  #parameters(architecture: Architecture): ParameterSpecs {
    const { classes } = architecture;
    return { ...parametersOf(architecture), ...(classes === 0 ? {} : { [priorName]: priorParameter(classes) }) };
  }

  #prior(): ClassPrior {
    return new ClassPrior(this.kind, this.labels, this.fitted().weights[priorName]);
  }

  #program(architecture: Architecture, name: string, results: Parameters<typeof conditionalsProgram>[4]): Program {
    return conditionalsProgram(name, architecture, this.output, weightInputs(architecture, this.#rename), results);
  }

  async #score(result: 'logProb' | 'conditionals', x: Samples, label: number | undefined): Promise<Float64Array> {
    const { exampleShape } = this.fitted();
    const count = checkRows(this.kind, x, exampleShape);
    if (this.config.output === 'binary') checkBinaryRows(this.kind, x.data, exampleShape);
    const feeds: Record<string, Value> = { x: float32(x.data, x.shape) };
    if (label !== undefined)
      feeds[labelsInput] = { dtype: 'int64', shape: [count], data: new BigInt64Array(count).fill(BigInt(label)) };
    const results = await this.runRows(result, () => this.scoringProgram(result), feeds, scoreBatch);
    return Float64Array.from(results[result]?.data ?? [], Number);
  }
}

/** The entry of the table of models. */
export const pixelCnnDefinition: ModelDefinition = {
  kind: 'pixelcnn',
  family: 'autoregressive',
  description:
    'Gated PixelCNN: every pixel given those before it, by convolutions; exact density, and samples pixel by pixel.',
  strengths: 'Has exact likelihoods of images, among the best there are, and gets strokes and textures right.',
  weaknesses: 'Draws pixel by pixel, so it is the slowest to sample, and the picture as a whole may wander off.',
  paper: 'van den Oord et al. 2016, Conditional Image Generation with PixelCNN Decoders',
  schema: pixelCnnSchema,
  charts: [
    { label: 'negative log-likelihood (nats)', metrics: ['negativeLogLikelihood', 'validationLoss'] },
    { label: 'bits per dimension', metrics: ['bitsPerDimension'] },
    { label: 'gradient norm', metrics: ['gradientNorm'] },
  ],
  create: (options = {}) => new PixelCnn(parseOptions('pixelcnn', pixelCnnSchema, options)),
  restore: (saved) => new PixelCnn(parseOptions('pixelcnn', pixelCnnSchema, saved.config)).adopt(saved),
};

/**
 * A gated PixelCNN.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = pixelcnn({ output: 'binary' });
 * await model.fit(binarise(await mnist()), { epochs: 5, seed: 0 });
 * const nats = await model.logProb(await model.sample(16, { seed: 1 }));
 */
export function pixelcnn(options: z.input<typeof pixelCnnSchema> = {}): PixelCnn {
  return new PixelCnn(parseOptions('pixelcnn', pixelCnnSchema, options));
}
