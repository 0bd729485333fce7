// What all adversarial models are: two networks that play a game, and a generator that draws.
import { ConfigError, ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, exampleSize, isImageShape } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import { float32, type Values } from '../../runtime/runtime.js';
import { add, clip, multiply, slice } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, type Program } from '../../tensor/program.js';
import type { Tensor } from '../../tensor/tensor.js';
import { observers } from '../../training/observer.js';
import type {
  FitOptions,
  FitReport,
  HasDecoder,
  HasLatent,
  HasPortraits,
  HasTruncation,
  Portrait,
  SampleOptions,
  Samples,
} from '../contract.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { latentGridPortrait } from '../pictures/latent-grid.js';
import { checkRows, joinRows, splitRows } from '../rows.js';
import type { AdversarialConfig } from './adversarial-options.js';
import { checkBackboneOptions } from './check-options.js';
import { checkVariety } from './check-variety.js';
import { type CodeLayout, codeLayout, codeParts, drawCodes } from './conditioning/code-layout.js';
import { gameProgram } from './game.js';
import type { Game } from './game-rules.js';
import { averagePrefix } from './game-state.js';
import { weightShapesOf } from './game-weights.js';
import type { Inversion } from './latent/best-codes.js';
import { codeWalks, type WalkOptions } from './latent/code-walks.js';
import { invertRows } from './latent/invert.js';
import type { InvertOptions } from './latent/invert-options.js';
import { type DecodedWalk, walkPortraits } from './latent/walk-portraits.js';
import { waysBetween } from './latent/ways.js';
import { makeGame } from './make-game.js';
import { gameWatch } from './warnings/game-watch.js';

/** Codes decoded at a time. */
const decodeBatch = 256;

/** A model trained by a game between a generator and a discriminator. */
export class AdversarialModel
  extends NeuralModel<AdversarialConfig>
  implements HasDecoder, HasLatent, HasTruncation, HasPortraits
{
  readonly kind: string;
  override readonly defaultBatchSize = 64;
  override readonly batchesPerStep = this.config.discriminatorSteps;
  readonly searchesCodes = true;
  readonly canTruncate = true;

  readonly #standard: Readonly<AdversarialConfig>;

  /**
   * @param config options that go together
   * @param standard the defaults of this kind: options that have them were not asked for
   */
  constructor(kind: string, config: Readonly<AdversarialConfig>, standard: Readonly<AdversarialConfig>) {
    super(config);
    this.kind = kind;
    this.#standard = standard;
  }

  /** Numbers in a code, discovered codes included. */
  get latentSize(): number {
    return this.codeLayout.size;
  }

  /** What the numbers of a code are: noise, then categories, then continuous codes. */
  get codeLayout(): CodeLayout {
    return codeLayout(this.config);
  }

  /** The networks and rules for rows of some shape and number of classes. @throws ShapeError for rows they cannot take, ConfigError */
  gameFor(exampleShape: readonly number[], classes = this.classCount): Game {
    return makeGame(this.kind, this.config, exampleShape, classes);
  }

  /** Draws codes and decodes them. The same seed and count give the same rows. @throws NotFittedError before fit */
  async sample(count: number, { seed = freshSeed(), given, truncation }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape } = this.fitted();
    checkMemory(count, Math.max(this.latentSize, exampleSize(exampleShape)));
    const labels = this.drawLabels(count, seed, given);
    const codes = drawCodes(this.codeLayout, count, random(seed), truncation);
    return this.decode({ data: codes, shape: [count, this.latentSize], ...present({ labels }) });
  }

  /**
   * G(z) for codes z [N, latentSize], of classes where the model is conditional on some.
   *
   * @throws ShapeError for codes of another size, ConfigError for missing labels, NotFittedError before fit
   */
  async decode({ data, shape, labels }: Samples): Promise<Samples> {
    const { latentSize } = this;
    const [count = 0, size] = shape;
    if (shape.length !== 2 || count < 1 || size !== latentSize || data.length !== count * latentSize)
      throw new ShapeError(
        `${this.kind}: codes have to be [N, ${latentSize}]; received [${shape.join(', ')}] with ${data.length} numbers.`,
      );
    const rows = await this.decodeWith({ data, shape }, this.classFeeds(count, labels));
    return { ...rows, ...present({ labels }) };
  }

  /**
   * Finds the codes that the generator makes rows [N, ...] of, by descent from several starts, and says how near it came. A row's code
   * depends on the seed, the row and its class alone.
   *
   * @throws NotFittedError before fit, ShapeError for rows of another shape, ConfigError for options out of range and missing labels
   * @example const { codes, errors } = await model.invert(x, { restarts: 8 });
   */
  async invert(x: Samples, options: InvertOptions = {}): Promise<Inversion> {
    const { exampleShape, weights } = this.fitted();
    const { kind, codeLayout: layout, latentSize } = this;
    const conditionsOf =
      this.classCount === 0
        ? undefined
        : ({ labels }: Pick<Samples, 'labels'>) => this.classFeeds(x.shape[0] ?? 0, labels);
    return invertRows(
      {
        ...{ kind, latentSize, exampleShape, weights, parts: codeParts(layout), ...present({ conditionsOf }) },
        drawCodes: (count, stream, truncation) => drawCodes(layout, count, stream, truncation),
        generate: (z) => this.#generated(z),
        decode: (z) => this.decode(z),
        runtime: () => this.device.open(),
      },
      x,
      options,
    );
  }

  /** The codes [N, latentSize] that {@link invert} finds of rows [N, ...]. @throws as invert */
  async encode(x: Samples, options: InvertOptions = {}): Promise<Samples> {
    return (await this.invert(x, options)).codes;
  }

  /** G(z) [N, ...] of the codes that {@link invert} finds of rows [N, ...]. @throws as invert */
  async reconstruct(x: Samples, options: InvertOptions = {}): Promise<Samples> {
    return (await this.invert(x, options)).reconstructions;
  }

  /**
   * From rows `a` to rows `b`, both [N, ...], along great circles between the codes that {@link invert} finds, ends included:
   * [N * steps, ...], way by way. Progress is told of the 2 N rows that are searched for. Between codes that are known, decode what
   * `interpolateCodes` gives.
   *
   * @throws as invert
   */
  async interpolate(a: Samples, b: Samples, steps: number, options: InvertOptions = {}): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const count = checkRows(this.kind, a, exampleShape);
    checkRows(this.kind, b, exampleShape);
    // Both ends in one search: its batch has room for many rows, and the code of a row does not depend on the others.
    const [from, to] = splitRows(await this.encode(joinRows(a, b), options), count);
    const codes = waysBetween(from, to, steps, this.codeLayout.noise);
    return this.decodeWith(codes, this.wayFeeds(a, b, steps));
  }

  /**
   * Walks along each code that the model has discovered (infogan): rows [rows * values, ...] of fixed noises, in which that code alone
   * changes from column to column. None where the model has no such codes.
   *
   * @throws NotFittedError before fit, ConfigError for numbers out of range
   * @example for (const { kind, number, values, samples } of await model.walkCodes({ rows: 5, values: [-2, 0, 2] })) { ... }
   */
  async walkCodes(options: WalkOptions = {}): Promise<readonly DecodedWalk[]> {
    this.fitted();
    const decoded: DecodedWalk[] = [];
    for (const walk of codeWalks(this.codeLayout, options))
      decoded.push({ ...walk, samples: await this.decode(walk.codes) });
    return decoded;
  }

  /** What images show of the codes: a sheet for each that was discovered, or the plane of codes of two numbers. */
  async portraits(): Promise<readonly Portrait[]> {
    const { exampleShape } = this.fitted();
    if (!isImageShape(exampleShape) || this.classCount > 0) return [];
    if (this.codeLayout.noise === this.latentSize) return latentGridPortrait(this, exampleShape);
    return walkPortraits(await this.walkCodes());
  }

  /** The program z -> x that draws, for running and for explaining. @throws NotFittedError before fit */
  samplingProgram(): Program {
    return { name: `${this.kind}-decode`, results: { x: this.#generated(batchInput('z', [this.latentSize])) } };
  }

  /** Decodes codes that have been checked, given the feeds about their classes. */
  protected async decodeWith({ data, shape }: Samples, classes: Values): Promise<Samples> {
    const { exampleShape } = this.fitted();
    const [count = 0] = shape;
    checkMemory(count, exampleSize(exampleShape));
    const feeds = { z: float32(data, shape), ...classes };
    const { x } = await this.runRows(`decode-${this.classCount}`, () => this.samplingProgram(), feeds, decodeBatch);
    return { data: x?.data instanceof Float32Array ? x.data : new Float32Array(), shape: [count, ...exampleShape] };
  }

  /** What tells programs the classes on the ways from rows to rows. */
  protected wayFeeds(_from: Samples, _to: Samples, _steps: number): Values {
    return {};
  }

  /** G of codes [N, latentSize] by the weights that samples come from, images in [0, 1]. @throws NotFittedError before fit */
  #generated(codes: Tensor): Tensor {
    const { generator, conditioning, isImage, ema } = this.gameFor(this.fitted().exampleShape);
    const weights = Object.fromEntries(
      Object.entries(generator.parameters).map(([name, { shape }]) => [
        name,
        input(ema === 0 ? name : `${averagePrefix}/${name}`, shape),
      ]),
    );
    const { noise, size } = this.codeLayout;
    const z = size === noise ? codes : slice(codes, 1, 0, noise);
    const about = {
      none: () => ({}),
      codes: () => ({ condition: slice(codes, 1, noise, size) }),
      labels: () => ({ condition: input('y', [codes.dim(0), conditioning.size]) }),
    };
    const { output } = generator.apply(z, weights, about[conditioning.source]());
    return isImage ? clip(multiply(add(output, 1), 0.5), 0, 1) : output;
  }

  /** The number of classes that the model is conditional on. */
  protected get classCount(): number {
    return 0;
  }

  /** The classes of rows to be drawn. @throws ConfigError for one that does not exist */
  protected drawLabels(_count: number, _seed: number, given: SampleOptions['given']): Int32Array | undefined {
    if (given !== undefined)
      throw new ConfigError(
        `Rows of "${given.label}" were asked for; this ${this.kind} knows no classes. Fit cgan or acgan to data with labels.`,
      );
    return undefined;
  }

  /** What tells programs the class of each row. @throws ConfigError where a conditional model is not told */
  protected classFeeds(_rows: number, _labels: Int32Array | undefined): Values {
    return {};
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const game = this.gameFor(data.exampleShape, data.classes?.length ?? 0);
    checkBackboneOptions(this.kind, { config: this.config, standard: this.#standard }, data.exampleShape);
    const needed = game.discriminatorSteps * batchSize;
    if (needed > data.length)
      throw new ConfigError(
        `${this.kind}: a step takes ${needed} rows (${game.discriminatorSteps} discriminator steps of ${batchSize}), but ` +
          `${data.name} has only ${data.length}. Use a batch size of at most ${Math.max(1, Math.floor(data.length / game.discriminatorSteps))}.`,
      );
    await checkVariety(this.kind, data);
    return { program: gameProgram(game, batchSize, seed) };
  }

  protected override async learn(data: Dataset, options: FitOptions = {}): Promise<FitReport> {
    const { latentSize, codeLayout: layout } = this;
    const watch = gameWatch(
      {
        ...{ data, seed: options.seed ?? 0, latentSize, options: { ...this.config } },
        ...present({ resume: options.resume }),
        drawCodes: (count, stream) => drawCodes(layout, count, stream),
        decode: (codes) => this.decode(codes),
      },
      options.observer,
    );
    const report = await super.learn(data, { ...options, observer: observers(options.observer, watch.observer) });
    return { ...report, warnings: [...report.warnings, ...watch.warnings()] };
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    return weightShapesOf(this.gameFor(exampleShape, classes.length));
  }
}

/** The most numbers of one result: 8 GiB, near the longest Float32Array. */
const mostNumbers = 2 ** 31;

/** @throws ConfigError where the rows cannot be held at once */
function checkMemory(count: number, rowSize: number): void {
  if (count * rowSize > mostNumbers)
    throw new ConfigError(
      `${count} rows of ${rowSize} numbers do not fit in memory at once; draw at most ${Math.floor(mostNumbers / rowSize)} at a time.`,
    );
}
