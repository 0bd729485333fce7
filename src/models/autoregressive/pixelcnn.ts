// The gated PixelCNN (van den Oord et al. 2016): the chain rule over the pixels of an image in reading order, each pixel's distribution
// computed by convolutions from the pixels before it.
//
//   p(x) = prod_i p(x_i | x_1, ..., x_{i-1})
//
// Training and scoring compute all conditionals in one pass; drawing goes pixel by pixel, computing only what a new pixel changes.
import { z } from 'zod';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { unknownName } from '../../core/nearest.js';
import { type Dataset, exampleSize, isImageShape } from '../../data/dataset.js';
import { sumPerExample } from '../../nn/distributions/distribution.js';
import type { ParameterSpecs } from '../../nn/layer.js';
import { statistic } from '../../nn/layer.js';
import { adam } from '../../nn/optimisers/adam.js';
import { schedules } from '../../nn/schedules.js';
import { freshSeed, random } from '../../runtime/random.js';
import { type CompiledStepProgram, float32, type Value, type Values } from '../../runtime/runtime.js';
import { mean, multiply, negative, oneHot, stack } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, lowerLoop, type Program } from '../../tensor/program.js';
import type { Tensor } from '../../tensor/tensor.js';
import { averagePrefix, labelsInput, type Objective, objectiveProgram } from '../../training/objective.js';
import { choose } from '../bayes/bayes-model.js';
import type { Conditional, HasDensity, HasJointDensity, JointDensity, SampleOptions, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { checkRows } from '../rows.js';
import { checkBinary, type Survey, survey } from '../survey.js';
import { logSumExp } from '../tools/posterior.js';
import { type Architecture, parametersOf, scope, type Weights, weightInputs } from './pixelcnn/architecture.js';
import { drawImages, uniformFor } from './pixelcnn/draw-images.js';
import { type PixelOutput, pixelOutput } from './pixelcnn/outputs.js';
import { pixelProgram, rowProgram } from './pixelcnn/sampling-programs.js';
import { channelOf, features, headsOf } from './pixelcnn/stacks.js';

const oddKernel = (smallest: number) =>
  z
    .int()
    .min(smallest)
    .refine((size) => size % 2 === 1, 'Kernels have to be odd');

const schema = z.object({
  output: z
    .enum(['binary', 'categorical', 'logistic-mixture'])
    .default('logistic-mixture')
    .describe(
      'the distribution of a pixel: 0 or 1, any probabilities of the levels, or a mixture of discretised logistics',
    ),
  levels: z
    .int()
    .min(2)
    .max(65536)
    .default(256)
    .describe('levels of a pixel from 0 to 1, where the output is not binary'),
  components: z.int().positive().default(5).describe('logistics in the mixture of a pixel'),
  conditional: z.boolean().default(false).describe('a distribution for each class of the data'),
  layers: z.int().positive().default(6).describe('gated layers after the first'),
  filters: z.int().positive().default(32).describe('channels of both stacks'),
  firstKernel: oddKernel(3).default(7).describe('width of the first filters, odd'),
  kernel: oddKernel(3).default(3).describe('width of the other filters, odd'),
  headSize: z.int().positive().default(64).describe('units between the stacks and the distribution of a pixel'),
  channelOrder: z
    .array(z.int().min(0))
    .default([])
    .describe('the order of the channels, each given those before it; empty: as they come'),
  learningRate: z.number().positive().default(1e-3).describe('step size of adam at the start'),
  decaySteps: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('the step size falls to a hundredth along a cosine within this many steps; null: it stays'),
  ema: z
    .number()
    .min(0)
    .lt(1)
    .default(0.999)
    .describe('scores and samples come from an average of the weights that keeps this share a step; 0: off'),
  clipNorm: z.number().positive().default(1).describe('the largest norm of the gradient'),
});

/** Options of a PixelCNN, defaults filled in. */
export type PixelCnnConfig = z.output<typeof schema>;

/** Rows scored at a time. */
const scoreBatch = 32;
/** Images drawn at a time. */
const drawBatch = 64;
/** The parameter that holds the classes' shares of the data. */
const priorName = `${scope}/prior`;

/** A gated PixelCNN. */
export class PixelCnn extends NeuralModel<PixelCnnConfig> implements HasDensity, HasJointDensity, Conditional {
  readonly kind = 'pixelcnn';
  override readonly defaultBatchSize = 32;

  /** The classes that rows can be asked for; none where the model is not conditional. @throws NotFittedError before fit */
  get labels(): readonly string[] {
    return this.config.conditional ? this.fitted().classes : [];
  }

  /** The sizes of the network for images of a shape. @throws ShapeError for rows that are no images, ConfigError for a wrong order */
  architectureFor(exampleShape: readonly number[], classes: readonly string[]): Architecture {
    const { channelOrder, conditional, layers, filters, firstKernel, kernel, headSize } = this.config;
    if (!isImageShape(exampleShape) || exampleShape[0] < 2 || exampleShape[1] < 2)
      throw new ShapeError(
        `pixelcnn: received rows of shape [${exampleShape.join(', ')}]; it models images [height, width, channels] of at least 2 x 2 pixels. ` +
          'For tables and points use made or realnvp.',
      );
    const [height, width, channels] = exampleShape;
    const order = channelOrder.length === 0 ? Array.from({ length: channels }, (_, i) => i) : channelOrder;
    if (order.length !== channels || new Set(order).size !== channels || order.some((channel) => channel >= channels))
      throw new ConfigError(
        `pixelcnn: channelOrder is [${order.join(', ')}], but the images have ${channels} channels; name each of 0 to ${channels - 1} once.`,
      );
    const { size } = this.output;
    return {
      height,
      width,
      channels,
      firstKernel,
      kernel,
      layers,
      filters,
      headSize,
      outputSizes: order.map(() => size),
      channelOrder: order,
      classes: conditional ? classes.length : 0,
    };
  }

  /** The distribution of a channel. */
  get output(): PixelOutput {
    return pixelOutput(this.config);
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const { conditional, learningRate, decaySteps, ema, clipNorm } = this.config;
    const { classes = [] } = data;
    if (conditional && (classes.length === 0 || data.labels === undefined))
      throw new ConfigError(
        `pixelcnn: conditional is true, but ${data.name} has no labels. Use data with labels, or leave conditional out.`,
      );
    const architecture = this.architectureFor(data.exampleShape, classes);
    if (batchSize > data.length)
      throw new ConfigError(
        `pixelcnn: a step takes ${batchSize} rows, but ${data.name} has only ${data.length}; the batch size can be at most the ${data.length} rows.`,
      );
    const found = await survey(this.kind, data);
    if (this.config.output === 'binary') checkBinary(this.kind, data.name, found);
    const parameters = this.#parameters(architecture);
    const named = (weights: Readonly<Record<string, Tensor>>): Weights => {
      return (name) => weights[`${scope}/${name}`] ?? input(`${scope}/${name}`, []);
    };
    const objective: Objective = {
      name: this.kind,
      parameters,
      exampleShape: data.exampleShape,
      wantsLabels: conditional,
      optimiser: adam({
        learningRate:
          decaySteps === null
            ? learningRate
            : schedules.cosine({ peak: learningRate, final: learningRate / 100, steps: decaySteps }),
      }),
      clipNorm,
      ema,
      initial: this.#initial(architecture, data, found),
      remedies: ['lower learningRate', 'lower clipNorm', 'use a larger batch'],
      evaluation: {
        program: this.#programOf(
          'evaluation',
          (ofNumbers) => ({ loss: negative(sumPerExample(ofNumbers)) }),
          architecture,
        ),
        noise: [],
        batchSize: scoreBatch,
        weights: Object.keys(this.weightShapes(data.exampleShape, classes)),
      },
      loss: ({ rows, labels, weights }) => {
        const ofClass = labels === undefined ? undefined : oneHot(labels, architecture.classes);
        const loss = negative(mean(sumPerExample(this.#ofNumbers(architecture, rows, named(weights), ofClass))));
        return {
          loss: multiply(loss, 1 / exampleSize(data.exampleShape)),
          metrics: {
            negativeLogLikelihood: loss,
            bitsPerDimension: multiply(loss, 1 / (Math.LN2 * exampleSize(data.exampleShape))),
          },
        };
      },
    };
    return { program: objectiveProgram(objective, batchSize, seed) };
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    const shapes = Object.entries(this.#parameters(this.architectureFor(exampleShape, classes))).map(
      ([name, { shape }]) => [name, shape] as const,
    );
    const averages =
      this.config.ema === 0 ? [] : shapes.map(([name, shape]) => [`${averagePrefix}/${name}`, shape] as const);
    return Object.fromEntries([...shapes, ...averages]);
  }

  /** log p(x) of images [N, H, W, C], in nats: of the nearest level of every pixel. @throws NotFittedError, ShapeError, ConfigError */
  async logProb(x: Samples): Promise<Float64Array> {
    if (!this.config.conditional) return this.#scores(x, undefined);
    const { values, classes } = await this.jointLogProb(x);
    return Float64Array.from({ length: values.length / classes.length }, (_, row) =>
      logSumExp(values.subarray(row * classes.length, (row + 1) * classes.length)),
    );
  }

  /** log p(x, y) = log p(y) + log p(x | y) of each image and class, in nats. @throws ConfigError where the model is not conditional */
  async jointLogProb(x: Samples): Promise<JointDensity> {
    const { labels } = this;
    if (labels.length === 0)
      throw new ConfigError(
        'This pixelcnn was fitted without labels, so it knows no classes. Fit it to data with labels, with conditional: true.',
      );
    const priors = this.#priors();
    const [count = 0] = x.shape;
    const values = new Float64Array(count * labels.length);
    for (const [number] of labels.entries()) {
      const prior = Math.log(priors[number] ?? 0);
      const scores =
        prior === Number.NEGATIVE_INFINITY ? new Float64Array(count).fill(prior) : await this.#scores(x, number);
      for (const [row, score] of scores.entries()) values[row * labels.length + number] = prior + score;
    }
    return { values, classes: labels };
  }

  /**
   * log p(x_i | x_1, ..., x_{i-1}) of every number of the images, in their layout [N, H, W, C], in nats; their sum is log p(x).
   *
   * @param given the class, which a conditional model has to be told
   * @throws NotFittedError, ShapeError, ConfigError
   */
  async conditionals(x: Samples, given?: SampleOptions['given']): Promise<Float64Array> {
    const label = this.#classOf(given);
    if (label === undefined && this.labels.length > 0)
      throw new ConfigError(`Name the class that the images are given: one of ${this.labels.join(', ')}.`);
    return this.#scores(x, label, 'conditionals');
  }

  /** Draws images, pixel by pixel; of a class, where one is given, otherwise of classes as frequent as in the data. */
  async sample(count: number, { seed = freshSeed(), given }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape, weights } = this.fitted();
    const architecture = this.#architecture();
    const labels = this.#labelsToDraw(count, seed, given);
    const size = exampleSize(exampleShape);
    const data = new Float32Array(count * size);
    const runtime = await this.device.open();
    const row = await this.device.program('sample-row', () =>
      rowProgram(architecture, weightInputs(architecture, this.#rename), this.kind),
    );
    const needed = Object.fromEntries(
      row.inputs.flatMap(({ name }) => (weights[name] === undefined ? [] : [[name, weights[name]] as const])),
    );
    let pixel: CompiledStepProgram | undefined;
    let compiledFor = 0;
    try {
      for (let first = 0; first < count; first += drawBatch) {
        const part = Math.min(drawBatch, count - first);
        if (pixel === undefined || part !== compiledFor) {
          await pixel?.dispose();
          pixel = await runtime.compileStep(lowerLoop(this.#pixelProgram(architecture, part)));
          compiledFor = part;
          await pixel.write(
            Object.fromEntries(
              pixel.variables.flatMap(({ name }) =>
                weights[name] === undefined ? [] : [[name, weights[name]] as const],
              ),
            ),
          );
        }
        const images = await drawImages({
          architecture,
          output: this.output,
          row,
          pixel,
          weights: needed,
          count: part,
          labels: labels?.subarray(first, first + part),
          uniform: uniformFor(architecture, this.output, seed, first, part),
        });
        data.set(images, first * size);
      }
    } finally {
      await pixel?.dispose();
    }
    return { data, shape: [count, ...exampleShape], ...(labels === undefined ? {} : { labels }) };
  }

  /** The program x [, label] -> log p(x), for running and explaining. @throws NotFittedError before fit */
  scoringProgram(): Program {
    return this.#programOf('score', (ofNumbers) => ({ logProb: sumPerExample(ofNumbers) }), this.#architecture());
  }

  /** The program x [, label] -> log p(x_i | x_1, ..., x_{i-1}) of every number. @throws NotFittedError before fit */
  conditionalsProgram(): Program {
    return this.#programOf('conditionals', (conditionals) => ({ conditionals }), this.#architecture());
  }

  #architecture(): Architecture {
    const { exampleShape, classes } = this.fitted();
    return this.architectureFor(exampleShape, classes);
  }

  readonly #rename = (name: string): string => (this.config.ema === 0 ? name : `${averagePrefix}/${name}`);

  #parameters(architecture: Architecture): ParameterSpecs {
    const own = parametersOf(architecture);
    if (architecture.classes === 0) return own;
    return {
      ...own,
      [priorName]: statistic([architecture.classes], ([size = 0]) => new Float32Array(size).fill(1 / size)),
    };
  }

  #priors(): Float64Array {
    const prior = this.fitted().weights[priorName];
    return Float64Array.from(prior?.data ?? [], Number);
  }

  /** Where the training begins: a binary pixel's probability is the mean of all, classes are as frequent as in the data. */
  #initial(architecture: Architecture, data: Dataset, { means }: Survey): Values {
    const initial: Record<string, Value> = {};
    if (this.config.output === 'binary')
      for (const [place, channel] of architecture.channelOrder.entries()) {
        const ofChannel = means.filter((_, i) => i % architecture.channels === channel);
        const p = Math.min(0.99, Math.max(0.01, ofChannel.reduce((a, b) => a + b, 0) / ofChannel.length));
        initial[`${scope}/head${place}/output/bias`] = float32(Float32Array.of(Math.log(p / (1 - p))), [1]);
      }
    if (architecture.classes > 0) {
      const counts = new Float32Array(architecture.classes);
      for (const label of data.labels ?? []) counts[label] = (counts[label] ?? 0) + 1 / data.length;
      initial[priorName] = float32(counts, [architecture.classes]);
    }
    return initial;
  }

  /** log p of each number of rows, [N, H, W, C] and in nats, given those before it. */
  #ofNumbers(architecture: Architecture, x: Tensor, weights: Weights, ofClass: Tensor | undefined): Tensor {
    const { channelOrder } = architecture;
    const known = features(architecture, x, weights, ofClass);
    const places = headsOf(architecture, known, x, weights).map((parameters, place) =>
      this.output.logProb(parameters, channelOf(x, channelOrder[place] ?? 0)),
    );
    return stack(
      channelOrder.map((_, channel) => places[channelOrder.indexOf(channel)] ?? known),
      -1,
    );
  }

  #programOf(
    name: string,
    results: (ofNumbers: Tensor) => Readonly<Record<string, Tensor>>,
    architecture: Architecture,
  ): Program {
    const x = batchInput('x', [architecture.height, architecture.width, architecture.channels]);
    const ofClass =
      architecture.classes === 0 ? undefined : oneHot(batchInput(labelsInput, [], 'int64'), architecture.classes);
    return {
      name: `pixelcnn-${name}`,
      results: results(this.#ofNumbers(architecture, x, weightInputs(architecture, this.#rename), ofClass)),
    };
  }

  #pixelProgram(architecture: Architecture, count: number) {
    const variables = Object.fromEntries(
      Object.entries(parametersOf(architecture)).flatMap(([name, { shape }]) => {
        const isVertical = /\/(vertical|link)\/|\/label$|horizontal\/bias$/.test(name);
        const current = input(this.#rename(name), shape);
        return isVertical ? [] : [[this.#rename(name), { current, next: current }] as const];
      }),
    );
    return pixelProgram(
      architecture,
      this.output,
      weightInputs(architecture, this.#rename),
      variables,
      count,
      this.kind,
    );
  }

  async #scores(
    x: Samples,
    label: number | undefined,
    result: 'logProb' | 'conditionals' = 'logProb',
  ): Promise<Float64Array> {
    const { exampleShape } = this.fitted();
    const count = checkRows(this.kind, x, exampleShape);
    if (this.config.output === 'binary') {
      const wrong = x.data.findIndex((value) => value !== 0 && value !== 1);
      if (wrong >= 0) {
        const size = exampleSize(exampleShape);
        const nonBinary = { row: Math.floor(wrong / size), position: wrong % size, value: x.data[wrong] ?? Number.NaN };
        checkBinary(this.kind, 'the rows', { nonBinary });
      }
    }
    const feeds: Record<string, Value> = { x: float32(x.data, x.shape) };
    if (label !== undefined)
      feeds[labelsInput] = { dtype: 'int64', shape: [count], data: new BigInt64Array(count).fill(BigInt(label)) };
    const program = result === 'logProb' ? () => this.scoringProgram() : () => this.conditionalsProgram();
    const values = await this.runRows(result, program, feeds, scoreBatch);
    return Float64Array.from(values[result]?.data ?? [], Number);
  }

  #classOf(given: SampleOptions['given']): number | undefined {
    if (given === undefined) return undefined;
    const { labels } = this;
    if (labels.length === 0)
      throw new ConfigError('This pixelcnn was fitted without labels, so it cannot be asked for a class.');
    const number = labels.indexOf(given.label);
    if (number < 0) throw unknownName('class', given.label, labels);
    return number;
  }

  #labelsToDraw(count: number, seed: number, given: SampleOptions['given']): Int32Array | undefined {
    if (given === undefined && this.labels.length === 0) return undefined;
    const label = this.#classOf(given);
    if (label !== undefined) return new Int32Array(count).fill(label);
    const priors = this.#priors();
    const stream = random(seed).split('classes');
    return Int32Array.from({ length: count }, () => choose(priors, stream.next()));
  }
}

/** The entry of the table of models. */
export const pixelCnnDefinition: ModelDefinition = {
  kind: 'pixelcnn',
  family: 'autoregressive',
  description:
    'Gated PixelCNN: every pixel given those before it, by convolutions; exact density, slow but sharp samples.',
  paper: 'van den Oord et al. 2016, Conditional Image Generation with PixelCNN Decoders',
  schema,
  charts: [
    { label: 'negative log-likelihood (nats)', metrics: ['negativeLogLikelihood', 'validationLoss'] },
    { label: 'bits per dimension', metrics: ['bitsPerDimension'] },
    { label: 'gradient norm', metrics: ['gradientNorm'] },
  ],
  create: (options = {}) => new PixelCnn(parseOptions('pixelcnn', schema, options)),
  restore: (saved) => new PixelCnn(parseOptions('pixelcnn', schema, saved.config)).adopt(saved),
};

/**
 * A gated PixelCNN.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = pixelCnn({ output: 'binary' });
 * await model.fit(binarise(await mnist()), { epochs: 5, seed: 0 });
 * const nats = await model.logProb(await model.sample(16, { seed: 1 }));
 */
export function pixelCnn(options: z.input<typeof schema> = {}): PixelCnn {
  return new PixelCnn(parseOptions('pixelcnn', schema, options));
}
