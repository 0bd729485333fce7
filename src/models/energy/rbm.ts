// The restricted Boltzmann machine (Smolensky 1986; Hinton 2002): an energy over visible and hidden units of 0 and 1, trained by the
// difference between what the data and what the machine itself make likely.
//
//   d log p(v) / d theta = -dF(v) / d theta + E_{v' ~ p} dF(v') / d theta,   F the free energy
//
// The expectation is taken over chains of Gibbs sampling: begun at the data and k steps long (contrastive divergence), or going on from
// training step to training step (persistent contrastive divergence, Tieleman 2008), which keeps closer to the machine's own samples.
import type { z } from 'zod';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import { float32, type Values } from '../../runtime/runtime.js';
import { sigmoid } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, type Program } from '../../tensor/program.js';
import type { Tensor } from '../../tensor/tensor.js';
import { averagePrefix, objectiveProgram } from '../../training/objective.js';
import type { Bound, FitOptions, FitReport, HasBound, HasLatent, SampleOptions, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { checkRows } from '../rows.js';
import { interpolateRows } from '../subspace/interpolate.js';
import { checkBinary, checkBinaryRows, survey } from '../survey.js';
import { annealedLogPartition } from './annealed-importance.js';
import { exactLogPartition, exactTerms, type LogPartition, type PartitionOptions } from './partition.js';
import { drawChains } from './rbm-chains.js';
import { freeEnergy, hiddenLogits, type RbmWeights, visibleLogits, weightNames, weightsBy } from './rbm-energy.js';
import { type RbmConfig, rbmSchema } from './rbm-options.js';
import { idleWarnings, rbmObjective, rbmParameters } from './rbm-training.js';

export type { LogPartition, PartitionOptions } from './partition.js';
export type { RbmConfig } from './rbm-options.js';

/** Terms of an exact sum that are worth the wait. */
const quickTerms = 2 ** 26;
const scoreBatch = 512;
/** Rows drawn at a time. */
const drawBatch = 256;
/** Rows that a look at the hidden units takes. */
const watchedRows = 2000;

/** A restricted Boltzmann machine of binary units. */
export class Rbm extends NeuralModel<RbmConfig> implements HasBound, HasLatent {
  readonly kind = 'rbm';
  override readonly defaultBatchSize = 100;
  readonly isDiscrete = true;
  #partition: { readonly weights: Values; readonly key: string; readonly found: Promise<LogPartition> } | undefined;

  get latentSize(): number {
    return this.config.hiddenUnits;
  }

  /**
   * log Z: with it log p(x) = -freeEnergy(x) - log Z. Exact values and estimates are remembered until the next fit.
   *
   * @throws NotFittedError before fit, ConfigError where the exact sum would have too many terms
   */
  async logPartition({
    method = 'auto',
    chains = 100,
    temperatures = 5000,
    seed = 0,
  }: PartitionOptions = {}): Promise<LogPartition> {
    for (const [name, value] of Object.entries({ chains, temperatures }))
      if (!Number.isInteger(value) || value < 1)
        throw new ConfigError(`rbm: ${name} is ${value}; it has to be a whole number from 1.`);
    const { weights } = this.fitted();
    const key = JSON.stringify([method, chains, temperatures, seed]);
    if (this.#partition?.weights !== weights || this.#partition.key !== key)
      this.#partition = { weights, key, found: this.#findPartition(method, { chains, temperatures, seed }) };
    return this.#partition.found;
  }

  /** F(x) of rows [N, ...] of 0 and 1, in nats; low where rows are likely. @throws NotFittedError, ShapeError, ConfigError */
  async freeEnergy(x: Samples): Promise<Float64Array> {
    const { freeEnergy: energy } = await this.#score('free-energy', x, ({ rows, weights }) => ({
      freeEnergy: freeEnergy(rows, weights),
    }));
    return Float64Array.from(energy?.data ?? [], Number);
  }

  /**
   * log p(x) of rows [N, ...], in nats: exact (kind `exact`) where the smaller layer has few units, otherwise with an annealed estimate
   * of log Z (kind `ais`), whose interval {@link logPartition} tells.
   *
   * @param options.samples annealed chains
   */
  async logProbBound(
    x: Samples,
    { samples, seed }: { readonly samples?: number; readonly seed?: number } = {},
  ): Promise<Bound> {
    const energies = await this.freeEnergy(x);
    const { value, method } = await this.logPartition({
      ...(samples === undefined ? {} : { chains: samples }),
      ...(seed === undefined ? {} : { seed }),
    });
    return { values: energies.map((energy) => -energy - value), kind: method };
  }

  /** p(h = 1 | x) of rows [N, ...]: [N, hiddenUnits]. @throws NotFittedError, ShapeError, ConfigError */
  async encode(x: Samples): Promise<Samples> {
    const { code } = await this.#score('encode', x, ({ rows, weights }) => ({
      code: sigmoid(hiddenLogits(rows, weights)),
    }));
    return { data: floats(code), shape: [x.shape[0] ?? 0, this.latentSize] };
  }

  /** p(x = 1 | h) for codes h [N, hiddenUnits], hidden units or their probabilities. @throws NotFittedError, ShapeError */
  async decode({ data, shape }: Samples): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const [count = 0, size] = shape;
    if (shape.length !== 2 || count < 1 || size !== this.latentSize || data.length !== count * this.latentSize)
      throw new ShapeError(
        `rbm: codes have to be [N, ${this.latentSize}]; received [${shape.join(', ')}] with ${data.length} numbers.`,
      );
    const { x } = await this.runRows(
      'decode',
      () => ({
        name: 'rbm-decode',
        results: {
          x: sigmoid(visibleLogits(batchInput('h', [this.latentSize]), this.#inputs(exampleSize(exampleShape)))),
        },
      }),
      { h: float32(data, shape) },
      scoreBatch,
    );
    return { data: floats(x), shape: [count, ...exampleShape] };
  }

  /** Rows as their hidden probabilities see them. @throws NotFittedError, ShapeError, ConfigError */
  async reconstruct(x: Samples): Promise<Samples> {
    return this.decode(await this.encode(x));
  }

  /** From rows `a` to rows `b` in equal steps between their hidden probabilities, ends included: [N * steps, ...], path by path. */
  async interpolate(a: Samples, b: Samples, steps: number): Promise<Samples> {
    return this.decode(interpolateRows(this.kind, await this.encode(a), await this.encode(b), steps));
  }

  /** Draws rows of 0 and 1 by Gibbs sampling, each by a chain of its own of `samplingSteps` steps that begins at noise. */
  async sample(count: number, { seed = freshSeed() }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape } = this.fitted();
    const size = exampleSize(exampleShape);
    const data = new Float32Array(count * size);
    const { hiddenUnits, samplingSteps } = this.config;
    const request = {
      runtime: await this.device.open(),
      weights: this.#inputs(size),
      stored: (name: string) => this.#stored(name),
      values: this.fitted().weights,
      size,
      hiddenUnits,
      samplingSteps,
      seed,
    };
    for (let first = 0; first < count; first += drawBatch) {
      const rows = Math.min(drawBatch, count - first);
      data.set(await drawChains(request, first, rows), first * size);
    }
    return { data, shape: [count, ...exampleShape] };
  }

  protected override async learn(data: Dataset, options: FitOptions): Promise<FitReport> {
    const report = await super.learn(data, options);
    const rows = Math.min(watchedRows, data.length);
    const { x } = await data.gather(Uint32Array.from({ length: rows }, (_, i) => i));
    const { data: code } = await this.encode({ data: x, shape: [rows, ...data.exampleShape] });
    return { ...report, warnings: [...report.warnings, ...idleWarnings(code, this.latentSize)] };
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const found = await survey(this.kind, data);
    checkBinary(this.kind, data.name, found);
    const size = exampleSize(data.exampleShape);
    const objective = rbmObjective({
      config: this.config,
      exampleShape: data.exampleShape,
      size,
      batchSize,
      rows: data.length,
      means: found.means,
      start: random(seed)
        .split('chains')
        .uniform(batchSize * size),
    });
    return { program: objectiveProgram(objective, batchSize, seed) };
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    const shapes = Object.entries(rbmParameters(this.config, exampleSize(exampleShape))).map(
      ([name, { shape }]) => [name, shape] as const,
    );
    const averages = shapes.map(([name, shape]) => [`${averagePrefix}/${name}`, shape] as const);
    return Object.fromEntries(this.config.ema === 0 ? shapes : [...shapes, ...averages]);
  }

  /** The name under which a weight is saved that scores and samples use. */
  #stored(name: string): string {
    return this.config.ema === 0 ? name : `${averagePrefix}/${name}`;
  }

  #inputs(size: number): RbmWeights {
    const specs = rbmParameters(this.config, size);
    return weightsBy((name) => input(this.#stored(name), specs[name]?.shape ?? []));
  }

  async #score(
    name: string,
    x: Samples,
    results: (parts: { readonly rows: Tensor; readonly weights: RbmWeights }) => Program['results'],
  ): Promise<Values> {
    const { exampleShape } = this.fitted();
    const size = exampleSize(exampleShape);
    const count = checkRows(this.kind, x, exampleShape);
    checkBinaryRows(this.kind, x.data, exampleShape);
    const program = (): Program => ({
      name: `rbm-${name}`,
      results: results({ rows: batchInput('x', [size]), weights: this.#inputs(size) }),
    });
    return this.runRows(name, program, { x: float32(x.data, [count, size]) }, scoreBatch);
  }

  async #findPartition(
    method: NonNullable<PartitionOptions['method']>,
    options: { readonly chains: number; readonly temperatures: number; readonly seed: number },
  ): Promise<LogPartition> {
    const { weights, exampleShape } = this.fitted();
    const [weightValues, visibleBias, hiddenBias] = weightNames.map((name) => floats(weights[this.#stored(name)]));
    const numbers = {
      weight: weightValues ?? new Float32Array(),
      visibleBias: visibleBias ?? new Float32Array(),
      hiddenBias: hiddenBias ?? new Float32Array(),
    };
    if (method === 'exact' || (method === 'auto' && exactTerms(numbers) <= quickTerms)) {
      const value = exactLogPartition(numbers);
      return { value, low: value, high: value, method: 'exact' };
    }
    const own = Object.fromEntries(
      weightNames.flatMap((name) => {
        const value = weights[this.#stored(name)];
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
    const sizes = { visible: exampleSize(exampleShape), hidden: this.config.hiddenUnits };
    const found = await annealedLogPartition(await this.device.open(), own, sizes, floats(weights.base), options);
    return { ...found, method: 'ais' };
  }
}

function floats(value: Values[string] | undefined): Float32Array {
  return value?.data instanceof Float32Array ? value.data : new Float32Array();
}

/** The entry of the table of models. */
export const rbmDefinition: ModelDefinition = {
  kind: 'rbm',
  family: 'energy',
  description: 'Restricted Boltzmann machine of binary units, trained by (persistent) contrastive divergence.',
  strengths:
    'Learns features of binary rows without labels, and can tell which of two rows is the more plausible at once.',
  weaknesses:
    'Knows its likelihood up to a constant that has to be estimated, and draws by long chains that may stay among like rows.',
  paper: 'Hinton 2002, Training Products of Experts by Minimizing Contrastive Divergence',
  schema: rbmSchema,
  charts: [
    { label: 'free energy of data minus that of chains (nats)', metrics: ['freeEnergyGap'] },
    { label: 'cross-entropy of reconstructions (nats)', metrics: ['reconstruction'] },
  ],
  create: (options = {}) => new Rbm(parseOptions('rbm', rbmSchema, options)),
  restore: (saved) => new Rbm(parseOptions('rbm', rbmSchema, saved.config)).adopt(saved),
};

/**
 * A restricted Boltzmann machine of binary units.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = rbm({ hiddenUnits: 100 });
 * await model.fit(binarise(await mnist()), { epochs: 5, seed: 0 });
 * const { values, kind } = await model.logProbBound(images);     // kind 'ais'
 */
export function rbm(options: z.input<typeof rbmSchema> = {}): Rbm {
  return new Rbm(parseOptions('rbm', rbmSchema, options));
}
