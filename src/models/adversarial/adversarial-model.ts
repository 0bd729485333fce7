// What all adversarial models are: two networks that play a game, and a generator that draws.
import { ConfigError, ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import { float32, type Values } from '../../runtime/runtime.js';
import { add, clip, multiply, slice } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, type Program } from '../../tensor/program.js';
import type { HasDecoder, SampleOptions, Samples } from '../contract.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import type { AdversarialConfig } from './adversarial-options.js';
import { balanceWarnings } from './balance.js';
import { checkVariety } from './check-variety.js';
import { type CodeLayout, codeLayout, drawCodes } from './conditioning/code-layout.js';
import { gameProgram } from './game.js';
import type { Game } from './game-rules.js';
import { averagePrefix } from './game-state.js';
import { makeGame } from './make-game.js';

/** Codes decoded at a time. */
const decodeBatch = 256;

/** A model trained by a game between a generator and a discriminator. */
export class AdversarialModel extends NeuralModel<AdversarialConfig> implements HasDecoder {
  readonly kind: string;
  override readonly defaultBatchSize = 64;

  /** @param config options that go together */
  constructor(kind: string, config: Readonly<AdversarialConfig>) {
    super(config);
    this.kind = kind;
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
  async sample(count: number, { seed = freshSeed(), given }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape } = this.fitted();
    checkMemory(count, Math.max(this.latentSize, exampleSize(exampleShape)));
    const labels = this.drawLabels(count, seed, given);
    const codes = drawCodes(this.codeLayout, count, random(seed));
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
    const { exampleShape } = this.fitted();
    checkMemory(count, exampleSize(exampleShape));
    const feeds = { z: float32(data, shape), ...this.classFeeds(count, labels) };
    const { x } = await this.runRows(`decode-${this.classCount}`, () => this.samplingProgram(), feeds, decodeBatch);
    const rows = x?.data instanceof Float32Array ? x.data : new Float32Array();
    return { data: rows, shape: [count, ...exampleShape], ...present({ labels }) };
  }

  /** The program z -> x that draws, for running and for explaining. @throws NotFittedError before fit */
  samplingProgram(): Program {
    const { generator, conditioning, isImage, ema } = this.gameFor(this.fitted().exampleShape);
    const weights = Object.fromEntries(
      Object.entries(generator.parameters).map(([name, { shape }]) => [
        name,
        input(ema === 0 ? name : `${averagePrefix}/${name}`, shape),
      ]),
    );
    const codes = batchInput('z', [this.latentSize]);
    const { noise, size } = this.codeLayout;
    const z = size === noise ? codes : slice(codes, 1, 0, noise);
    const about = {
      none: () => ({}),
      codes: () => ({ condition: slice(codes, 1, noise, size) }),
      labels: () => ({ condition: batchInput('y', [conditioning.size]) }),
    };
    const { output } = generator.apply(z, weights, about[conditioning.source]());
    return {
      name: `${this.kind}-decode`,
      results: { x: isImage ? clip(multiply(add(output, 1), 0.5), 0, 1) : output },
    };
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
    const needed = game.discriminatorSteps * batchSize;
    if (needed > data.length)
      throw new ConfigError(
        `${this.kind}: a step takes ${needed} rows (${game.discriminatorSteps} discriminator steps of ${batchSize}), but ` +
          `${data.name} has only ${data.length}. Use a batch size of at most ${Math.max(1, Math.floor(data.length / game.discriminatorSteps))}.`,
      );
    await checkVariety(this.kind, data);
    return {
      program: gameProgram(game, batchSize, seed),
      warnings: ({ history }) => balanceWarnings(history),
    };
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    return shapesOf(this.gameFor(exampleShape, classes.length));
  }
}

/** The shapes of the weights that make up a model: of both players, and of the generator's average. */
function shapesOf({ generator, discriminator, ema }: Game): WeightShapes {
  const own = Object.entries({ ...generator.parameters, ...discriminator.parameters });
  const averaged = ema === 0 ? [] : Object.entries(generator.parameters);
  return Object.fromEntries([
    ...own.map(([name, { shape }]) => [name, shape] as const),
    ...averaged.map(([name, { shape }]) => [`${averagePrefix}/${name}`, shape] as const),
  ]);
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
