// The variational autoencoder as a model: vae.ts tells what it is.
import { ConfigError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, exampleSize, isImageShape } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import { float32, type Value, type Values } from '../../runtime/runtime.js';
import { averagePrefix, objectiveProgram } from '../../training/objective.js';
import type {
  Bound,
  FitOptions,
  FitReport,
  HasBound,
  HasDecoder,
  HasLatent,
  HasPortraits,
  Portrait,
  SampleOptions,
  Samples,
} from '../contract.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { latentGridPortrait } from '../pictures/latent-grid.js';
import { checkRows } from '../rows.js';
import { type Survey, survey } from '../survey.js';
import { interpolateCodes } from '../tools/interpolate-codes.js';
import { type ActiveUnits, activeUnitsOf, collapseWarnings } from './active-units.js';
import { widestLayer } from './coder-networks.js';
import { estimateBound } from './estimate-bound.js';
import { combine, floatsOf } from './numbers.js';
import { outputBias } from './output-bias.js';
import { checkCodes, checkMemory, evenlySpaced, scaleWarnings } from './rows-and-codes.js';
import { VaeNetworks } from './vae-networks.js';
import { vaeObjective, weightNames } from './vae-objective.js';
import type { VaeConfig } from './vae-options.js';
import { type VaePrograms, vaePrograms } from './vae-programs.js';

/** How to estimate a bound. */
export interface BoundOptions {
  /** Codes per row: 1, the default, gives the evidence lower bound, more the tighter importance-weighted one. */
  readonly samples?: number;
  /** The same seed gives every row the same codes. Default 0. */
  readonly seed?: number;
}

/** Rows that are looked at for numbers of the code that are not used. */
const activeRows = 5000;

/** A variational autoencoder for images, tables and points. */
export class Vae extends NeuralModel<VaeConfig> implements HasBound, HasLatent, HasDecoder, HasPortraits {
  readonly kind = 'vae';
  override readonly defaultBatchSize = 100;

  get latentSize(): number {
    return this.config.latentSize;
  }

  /**
   * A lower bound on log p(x) of rows [N, ...], in nats. With 1 sample the evidence lower bound, its divergence in closed form and one
   * code for the reconstruction; with more the importance-weighted bound, which rises towards log p(x). For 8-bit pixels it is one on
   * log-probabilities, for real numbers on log-densities. A row's value depends on the seed and its number only.
   *
   * @throws NotFittedError, ShapeError, ConfigError
   */
  async logProbBound(x: Samples, options: BoundOptions = {}): Promise<Bound> {
    return this.bound(x, options);
  }

  /** The means of q(z | x) [N, latentSize] of rows [N, ...]. @throws NotFittedError, ShapeError, ConfigError */
  async encode(x: Samples): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const count = checkRows(this.kind, x, exampleShape);
    const { z } = await this.runRows(this.#named('encode'), () => this.programs().encode(), {
      x: float32(x.data, x.shape),
      ...this.classFeeds(x),
    });
    return { data: floatsOf(z), shape: [count, this.latentSize], ...present({ labels: x.labels }) };
  }

  /** The means of p(x | z) [N, ...] for codes [N, latentSize]. @throws NotFittedError, ShapeError, ConfigError */
  async decode(z: Samples): Promise<Samples> {
    checkCodes(this.kind, z, this.latentSize);
    return { ...(await this.decodeWith(z, this.classFeeds(z))), ...present({ labels: z.labels }) };
  }

  /** decode(encode(x)). @throws NotFittedError, ShapeError, ConfigError */
  async reconstruct(x: Samples): Promise<Samples> {
    return this.decode(await this.encode(x));
  }

  /**
   * From rows `a` to rows `b`, both [N, ...], over `steps` codes on the sphere between theirs, ends included: [N * steps, ...], way by way.
   *
   * @throws NotFittedError, ShapeError, ConfigError
   */
  async interpolate(a: Samples, b: Samples, steps: number): Promise<Samples> {
    return this.decode(interpolateCodes(await this.encode(a), await this.encode(b), steps));
  }

  /** How much each number of the code varies over rows, and how many are used (Burda et al. 2016). @throws as encode */
  async activeUnits(x: Samples): Promise<ActiveUnits> {
    return activeUnitsOf(await this.encode(x));
  }

  /** Draws codes from N(0, I) and decodes them. The same seed and count give the same rows. @throws NotFittedError before fit */
  async sample(count: number, { seed = freshSeed(), given }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape } = this.fitted();
    checkMemory(this.kind, count, exampleShape, this.latentSize);
    const labels = this.drawLabels(count, seed, given);
    const codes = random(seed)
      .split('codes')
      .normal(count * this.latentSize);
    const shape = [count, this.latentSize];
    const classes = this.classFeeds(labels === undefined ? {} : { labels });
    const kept = labels === undefined ? {} : { labels };
    if (!this.#drawsRows) return { ...(await this.decodeWith({ data: codes, shape }, classes)), ...kept };
    const size = exampleSize(exampleShape);
    const stream = random(seed).split('rows');
    const { noise: distribution } = this.#networks(exampleShape, this.classCount).likelihood;
    const noise = distribution === 'normal' ? stream.normal(count * size) : stream.uniform(count * size);
    const { x } = await this.runRows(this.#named('draw'), () => this.programs().draw(), {
      z: float32(codes, shape),
      noise: float32(noise, [count, size]),
      ...classes,
    });
    return { data: floatsOf(x), shape: [count, ...exampleShape], ...kept };
  }

  /** Images over the plane of codes, where these have two numbers and no classes beside them. @throws NotFittedError before fit */
  async portraits(): Promise<readonly Portrait[]> {
    return this.config.conditional ? [] : latentGridPortrait(this, this.fitted().exampleShape);
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const classes = this.config.conditional ? (data.classes?.length ?? 0) : 0;
    const networks = this.#networks(data.exampleShape, classes);
    const { likelihood } = networks;
    const seen = await survey(this.kind, data);
    likelihood.check(this.kind, data, seen);
    const objective = vaeObjective(this.config, networks, {
      exampleShape: data.exampleShape,
      classes,
      batchSize,
      stepsPerEpoch: Math.floor(data.length / batchSize),
    });
    const initial: Record<string, Value> = {
      ...outputBias(networks.parameters, likelihood.start(seen)),
      ...this.#startOf(networks, seen),
      ...(await this.classWeights(data)),
    };
    const warnings = scaleWarnings(data, seen);
    const remedies = [...warnings, ...objective.remedies];
    return {
      program: objectiveProgram({ ...objective, initial, remedies }, batchSize, seed),
      warnings: () => warnings,
    };
  }

  protected override async learn(data: Dataset, options: FitOptions = {}): Promise<FitReport> {
    const report = await super.learn(data, options);
    if (report.iterations === 0) return report;
    const units = await this.activeUnits(await evenlySpaced(data, activeRows));
    return { ...report, warnings: [...report.warnings, ...collapseWarnings(units)] };
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    const networks = this.#networks(exampleShape, this.config.conditional ? classes.length : 0);
    return Object.fromEntries(
      weightNames(networks, this.config.ema).map((name) => [name, networks.parameters[plainName(name)]?.shape ?? []]),
    );
  }

  /** The number of classes that the model is conditional on. */
  protected get classCount(): number {
    return this.config.conditional ? this.fitted().classes.length : 0;
  }

  /** Weights about classes. @throws ConfigError, DatasetError for data without */
  protected async classWeights(_data: Dataset): Promise<Values> {
    return {};
  }

  /** What tells programs the class of each row. @throws ConfigError where a conditional model does not know it */
  protected classFeeds(_rows: Pick<Samples, 'labels'>): Values {
    return {};
  }

  /** The classes of rows to be drawn. @throws ConfigError for one that does not exist */
  protected drawLabels(_count: number, _seed: number, given: SampleOptions['given']): Int32Array | undefined {
    if (given !== undefined)
      throw new ConfigError(
        `Rows of "${given.label}" were asked for; this ${this.kind} was made without conditional: true, and knows no classes.`,
      );
    return undefined;
  }

  /** The bound given the classes that `feeds` makes for so many rows. */
  protected async bound(
    x: Samples,
    { samples = 1, seed = 0 }: BoundOptions,
    classFeeds: (rows: number) => Values = () => ({}),
  ): Promise<Bound> {
    const { exampleShape } = this.fitted();
    checkRows(this.kind, x, exampleShape);
    if (!Number.isInteger(samples) || samples < 1)
      throw new ConfigError(`${this.kind}: samples is ${samples}; it has to be a whole number from 1.`);
    const logWeights = async (rows: Value, noise: Value): Promise<Float64Array> => {
      const [count = 0, codes = 1] = noise.shape;
      const feeds = { x: rows, ...classFeeds(count) };
      if (samples === 1) {
        const flat = { ...noise, shape: [count, this.latentSize] };
        const { logProb, kl } = await this.run(this.#named('elbo'), () => this.programs().elbo(), {
          ...feeds,
          noise: flat,
        });
        return combine(logProb, kl, -1);
      }
      const { logProb, logRatio } = await this.run(
        this.#named(`importance-${codes}`),
        () => this.programs().importance(codes),
        { ...feeds, noise },
      );
      return combine(logProb, logRatio, 1);
    };
    const { parts } = this.#networks(exampleShape, this.classCount).likelihood;
    const values = await estimateBound({
      data: x.data,
      shape: x.shape,
      latentSize: this.latentSize,
      samples,
      seed,
      widest: widestLayer(this.config, exampleShape, parts),
      logWeights,
    });
    return { values, kind: samples === 1 ? 'elbo' : 'importance' };
  }

  /** Decodes codes that have been checked, given the feeds about their classes. */
  protected async decodeWith({ data, shape }: Samples, classes: Values): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const [count = 0] = shape;
    checkMemory(this.kind, count, exampleShape, this.latentSize);
    const { x } = await this.runRows(this.#named('decode'), () => this.programs().decode(), {
      z: float32(data, shape),
      ...classes,
    });
    return { data: floatsOf(x), shape: [count, ...exampleShape] };
  }

  /** The programs of what was learnt, for running and for explaining. @throws NotFittedError before fit */
  programs(): VaePrograms {
    const { exampleShape } = this.fitted();
    return vaePrograms(this.#networks(exampleShape, this.classCount), this.config, exampleShape, this.classCount);
  }

  #networks(exampleShape: readonly number[], classes: number): VaeNetworks {
    return new VaeNetworks(this.config, exampleShape, classes);
  }

  get #drawsRows(): boolean {
    const { sampling } = this.config;
    return sampling === 'auto' ? !isImageShape(this.fitted().exampleShape) : sampling === 'draws';
  }

  /** Programs are compiled for a number of classes. */
  #named(program: string): string {
    return `${program}-${this.classCount}`;
  }

  /** A learnt variance begins at that of the data. */
  #startOf({ parameters }: VaeNetworks, { means, squares }: Survey): Values {
    const name = 'likelihood/logVariance';
    if (parameters[name] === undefined) return {};
    const variance = squares.reduce((sum, square, i) => sum + square - (means[i] ?? 0) ** 2, 0) / means.length;
    return { [name]: float32(Float32Array.of(Math.log(Math.max(variance, 1e-4))), []) };
  }
}

function plainName(name: string): string {
  const prefix = `${averagePrefix}/`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
