// The generative stochastic network (Bengio et al. 2014): not a density but a Markov chain is learnt whose stationary distribution is that
// of the data. Each step corrupts a row and draws it anew from a reconstruction; training walks back from where a few steps of the chain
// have led, so that the chain finds home from spurious places as well.
//
//   minimise  -mean_t log p(x | x_t),   x_0 = x,   x_(t+1) ~ p(. | corrupt(x_t)),   t = 1 ... walkBackSteps
import { z } from 'zod';
import { ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { bernoulli } from '../../nn/distributions/bernoulli.js';
import { sumPerExample } from '../../nn/distributions/distribution.js';
import { adam } from '../../nn/optimisers/adam.js';
import { freshSeed, random } from '../../runtime/random.js';
import { float32 } from '../../runtime/runtime.js';
import { add, mean, multiply, negative, reshape, sigmoid, stopGradient } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, lowerLoop } from '../../tensor/program.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type Objective, objectiveProgram } from '../../training/objective.js';
import type { SampleOptions, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { checkRows } from '../rows.js';
import { survey } from '../survey.js';
import { drawRows, type GsnStep, gsnParameters, noisesOf, reconstructionLogits } from './gsn-step.js';

const schema = z.object({
  hiddenLayers: z.array(z.int().positive()).min(1).default([500, 500]).describe('units of the hidden layers'),
  corruption: z
    .number()
    .min(0)
    .max(1)
    .default(0.4)
    .describe('share of the numbers of a row that are replaced by 0 or 1 at random'),
  hiddenNoise: z.number().min(0).default(0.5).describe('standard deviation of the noise on hidden units'),
  walkBackSteps: z.int().positive().max(50).default(3).describe('steps of the chain that are walked back from'),
  learningRate: z.number().positive().default(1e-3).describe('step size of adam'),
  samplingSteps: z.int().positive().default(200).describe('steps of the chain from noise to a sample'),
  draws: z
    .enum(['probabilities', 'binary'])
    .default('probabilities')
    .describe("what a sample is: the last step's probabilities, or a draw from them"),
});

/** Options of a generative stochastic network, defaults filled in. */
export type GsnConfig = z.output<typeof schema>;

const reconstructBatch = 512;
/** Rows drawn at a time, and steps of their chains sent at a time. */
const drawBatch = 128;
const drawSteps = 20;

/** A generative stochastic network for rows of numbers in [0, 1], which are taken as probabilities of ones. */
export class Gsn extends NeuralModel<GsnConfig> {
  readonly kind = 'gsn';
  override readonly defaultBatchSize = 100;

  /** The probabilities that a step without noise gives rows [N, ...]: what it takes them for. @throws NotFittedError, ShapeError */
  async reconstruct(x: Samples): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const count = checkRows(this.kind, x, exampleShape);
    const step = this.#step(exampleShape);
    const { p } = await this.runRows(
      'reconstruct',
      () => ({
        name: 'gsn-reconstruct',
        results: {
          p: sigmoid(reconstructionLogits(step, batchInput('x', [step.size]), this.#weights(step), undefined)),
        },
      }),
      { x: float32(x.data, [count, step.size]) },
      reconstructBatch,
    );
    return { data: p?.data instanceof Float32Array ? p.data : new Float32Array(), shape: [count, ...exampleShape] };
  }

  /** Draws rows, each by a chain of its own of `samplingSteps` steps that begins at noise. */
  async sample(count: number, { seed = freshSeed() }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape } = this.fitted();
    const size = exampleSize(exampleShape);
    const data = new Float32Array(count * size);
    for (let first = 0; first < count; first += drawBatch)
      data.set(await this.#chains(seed, first, Math.min(drawBatch, count - first)), first * size);
    return { data, shape: [count, ...exampleShape] };
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const { smallest, largest } = await survey(this.kind, data);
    if (smallest < 0 || largest > 1)
      throw new ShapeError(
        `gsn: the numbers of ${data.name} lie in [${smallest}, ${largest}]; it models numbers in [0, 1], as probabilities of ones. ` +
          'Scale them, or use a model of real numbers, such as vae with a gaussian decoder.',
      );
    const { walkBackSteps, learningRate } = this.config;
    const step = this.#step(data.exampleShape);
    const objective: Objective = {
      name: this.kind,
      parameters: gsnParameters(step),
      exampleShape: data.exampleShape,
      optimiser: adam({ learningRate }),
      remedies: ['lower learningRate'],
      loss: ({ rows, weights, noise }) => {
        const x = reshape(rows, [batchSize, step.size]);
        const find = (name: string): Tensor => weights[name] ?? x;
        const losses: Tensor[] = [];
        let at = x;
        for (let turn = 1; turn <= walkBackSteps; turn++) {
          const noises = new Map(
            noisesOf(step).map(({ name, width, distribution }) => [
              name,
              noise(`${name}/${turn}`, [batchSize, width], distribution),
            ]),
          );
          const logits = reconstructionLogits(step, at, find, (name) => noises.get(name) ?? x);
          losses.push(negative(mean(sumPerExample(bernoulli(logits).logProb(x)))));
          if (turn < walkBackSteps)
            at = stopGradient(drawRows(logits, noise(`drawn/${turn}`, [batchSize, step.size], 'uniform')));
        }
        const loss = multiply(losses.reduce(add), 1 / walkBackSteps);
        return { loss, metrics: { reconstruction: losses[0] ?? loss, walkBack: losses.at(-1) ?? loss } };
      },
    };
    return { program: objectiveProgram(objective, batchSize, seed) };
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    return Object.fromEntries(
      Object.entries(gsnParameters(this.#step(exampleShape))).map(([name, { shape }]) => [name, shape] as const),
    );
  }

  #step(exampleShape: readonly number[]): GsnStep {
    const { hiddenLayers, corruption, hiddenNoise } = this.config;
    return { size: exampleSize(exampleShape), hiddenLayers, corruption, hiddenNoise };
  }

  #weights(step: GsnStep): (name: string) => Tensor {
    const specs = gsnParameters(step);
    return (name) => input(name, specs[name]?.shape ?? []);
  }

  /** Chains for rows `first` to `first + rows - 1` of a sample, [rows, size]; each depends on the seed and its place only. */
  async #chains(seed: number, first: number, rows: number): Promise<Float32Array> {
    const { exampleShape, weights: values } = this.fitted();
    const { samplingSteps, draws } = this.config;
    const step = this.#step(exampleShape);
    const find = this.#weights(step);
    const noises = noisesOf(step);
    const x = input('x', [rows, step.size]);
    const logits = reconstructionLogits(step, x, find, (name) =>
      input(`noise/${name}`, [rows, noises.find((one) => one.name === name)?.width ?? 1]),
    );
    const probabilities = input('probabilities', [rows, step.size]);
    const variables = {
      ...Object.fromEntries(
        Object.keys(gsnParameters(step)).map((name) => [name, { current: find(name), next: find(name) }] as const),
      ),
      x: { current: x, next: drawRows(logits, input('noise/drawn', [rows, step.size])) },
      probabilities: { current: probabilities, next: sigmoid(logits) },
    };
    const runtime = await this.device.open();
    const compiled = await runtime.compileStep(lowerLoop({ name: 'gsn-sample', variables, metrics: {} }));
    const streams = Array.from({ length: rows }, (_, row) =>
      random(seed)
        .split('rows')
        .split(first + row),
    );
    const drawn = [...noises, { name: 'drawn', width: step.size, distribution: 'uniform' as const }];
    const feeds = (from: number, count: number): Record<string, Float32Array> =>
      Object.fromEntries(
        drawn.map(({ name, width, distribution }) => {
          const numbers = new Float32Array(count * rows * width);
          for (const [row, stream] of streams.entries()) {
            const own = stream
              .split(name)
              .split(from)
              [distribution](count * width);
            for (let at = 0; at < count; at++)
              numbers.set(own.subarray(at * width, (at + 1) * width), (at * rows + row) * width);
          }
          return [`noise/${name}`, numbers];
        }),
      );
    try {
      const start = new Float32Array(rows * step.size);
      for (const [row, stream] of streams.entries())
        start.set(stream.split('start').uniform(step.size).map(Math.round), row * step.size);
      await compiled.write({
        ...values,
        x: float32(start, [rows, step.size]),
        probabilities: float32(new Float32Array(rows * step.size), [rows, step.size]),
      });
      for (let at = 0; at < samplingSteps; at += drawSteps) {
        const count = Math.min(drawSteps, samplingSteps - at);
        await compiled.run(count, feeds(at, count));
      }
      const name = draws === 'binary' ? 'x' : 'probabilities';
      const result = (await compiled.read([name]))[name];
      return result?.data instanceof Float32Array ? result.data : new Float32Array();
    } finally {
      await compiled.dispose();
    }
  }
}

/** The entry of the table of models. */
export const gsnDefinition: ModelDefinition = {
  kind: 'gsn',
  family: 'energy',
  description: 'Generative stochastic network: a denoising Markov chain, trained by walking back.',
  strengths: 'Learns by undoing noise, which is stable to train, and walks from one plausible row to the next.',
  weaknesses: 'Has no density, and neighbours in its chain resemble each other unless many steps lie between them.',
  paper: 'Bengio et al. 2014, Deep Generative Stochastic Networks Trainable by Backprop',
  schema,
  charts: [{ label: 'cross-entropy (nats)', metrics: ['reconstruction', 'walkBack'] }],
  create: (options = {}) => new Gsn(parseOptions('gsn', schema, options)),
  restore: (saved) => new Gsn(parseOptions('gsn', schema, saved.config)).adopt(saved),
};

/**
 * A generative stochastic network.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = gsn({ hiddenLayers: [500] });
 * await model.fit(await mnist(), { epochs: 10, seed: 0 });
 * const { data, shape } = await model.sample(16, { seed: 1 });
 */
export function gsn(options: z.input<typeof schema> = {}): Gsn {
  return new Gsn(parseOptions('gsn', schema, options));
}
