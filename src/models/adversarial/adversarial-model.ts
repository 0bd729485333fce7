// What all adversarial models share: two networks that play a game, and a generator that draws.
import { ConfigError, ShapeError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import { float32 } from '../../runtime/runtime.js';
import { add, clip, multiply } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, type Program } from '../../tensor/program.js';
import type { Tensor } from '../../tensor/tensor.js';
import { observers } from '../../training/observer.js';
import type {
  FitOptions,
  FitReport,
  HasDecoder,
  HasLatent,
  HasTruncation,
  SampleOptions,
  Samples,
} from '../contract.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { interpolateCodes } from '../tools/interpolate-codes.js';
import type { AdversarialConfig } from './adversarial-options.js';
import { averagePrefix, type Game, gameProgram } from './game.js';
import type { Inversion } from './latent/best-codes.js';
import { invertRows } from './latent/invert.js';
import type { InvertOptions } from './latent/invert-options.js';
import { truncatedCodes } from './latent/truncated-codes.js';
import { gameWatch } from './warnings/game-watch.js';

/** Codes decoded at a time. */
const decodeBatch = 256;

/** A model trained by a game between a generator and a discriminator. */
export abstract class AdversarialModel<Config extends AdversarialConfig>
  extends NeuralModel<Config>
  implements HasDecoder, HasLatent, HasTruncation
{
  override readonly defaultBatchSize = 64;
  readonly searchesCodes = true;
  readonly canTruncate = true;

  get latentSize(): number {
    return this.config.latentSize;
  }

  /** The networks and rules for rows of some shape. @throws ShapeError for rows they cannot take */
  abstract gameFor(exampleShape: readonly number[]): Game;

  protected override describeTraining(data: Dataset, batchSize: number, seed: number): TrainingDescription {
    const game = this.gameFor(data.exampleShape);
    const needed = game.discriminatorSteps * batchSize;
    if (needed > data.length)
      throw new ConfigError(
        `${this.kind}: a step takes ${needed} rows (${game.discriminatorSteps} discriminator steps of ${batchSize}), but ` +
          `${data.name} has only ${data.length}. Use a batch size of at most ${Math.max(1, Math.floor(data.length / game.discriminatorSteps))}.`,
      );
    return { program: gameProgram(game, batchSize, seed) };
  }

  protected override async learn(data: Dataset, options: FitOptions = {}): Promise<FitReport> {
    const watch = gameWatch(
      {
        ...{ data, seed: options.seed ?? 0, latentSize: this.latentSize, options: { ...this.config } },
        firstStep: options.resume?.step ?? 0,
        decode: (codes) => this.decode(codes),
      },
      options.observer,
    );
    const report = await super.learn(data, { ...options, observer: observers(options.observer, watch.observer) });
    return { ...report, warnings: [...report.warnings, ...watch.warnings(report.history)] };
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    const { generator, discriminator, ema } = this.gameFor(exampleShape);
    const own = Object.entries({ ...generator.parameters, ...discriminator.parameters });
    const averaged = ema === 0 ? [] : Object.entries(generator.parameters);
    return Object.fromEntries([
      ...own.map(([name, { shape }]) => [name, shape] as const),
      ...averaged.map(([name, { shape }]) => [`${averagePrefix}/${name}`, shape] as const),
    ]);
  }

  /**
   * Decodes codes drawn from N(0, I), or from its middle where `truncation` cuts the rest off. The same seed and count give the same rows.
   *
   * @throws NotFittedError before fit, ConfigError for a count or a truncation that is not above 0
   */
  async sample(count: number, { seed = freshSeed(), truncation }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { latentSize } = this;
    const { exampleShape } = this.fitted();
    checkMemory(count, Math.max(latentSize, sizeOf(exampleShape)));
    const codes = truncatedCodes(random(seed).split('codes'), count * latentSize, truncation);
    return this.decode({ data: codes, shape: [count, latentSize] });
  }

  /**
   * Finds the codes that the generator makes rows [N, ...] of, by descent from several starts, and says how near it came. A row's code
   * depends on the seed and the row alone.
   *
   * @throws NotFittedError before fit, ShapeError for rows of another shape, ConfigError for options out of range
   * @example const { codes, errors } = await model.invert(x, { restarts: 8 });
   */
  async invert(x: Samples, options: InvertOptions = {}): Promise<Inversion> {
    const { exampleShape, weights } = this.fitted();
    return invertRows(
      {
        kind: this.kind,
        latentSize: this.latentSize,
        exampleShape,
        weights,
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
   * [N * steps, ...], way by way. Between codes that are known, decode what `interpolateCodes` gives.
   *
   * @throws as invert
   */
  async interpolate(a: Samples, b: Samples, steps: number, options: InvertOptions = {}): Promise<Samples> {
    return this.decode(interpolateCodes(await this.encode(a, options), await this.encode(b, options), steps));
  }

  /** G(z) for codes z [N, latentSize]. @throws ShapeError for codes of another size, NotFittedError before fit */
  async decode({ data, shape }: Samples): Promise<Samples> {
    const { latentSize } = this;
    const [count = 0, size] = shape;
    if (shape.length !== 2 || count < 1 || size !== latentSize || data.length !== count * latentSize)
      throw new ShapeError(
        `${this.kind}: codes have to be [N, ${latentSize}]; received [${shape.join(', ')}] with ${data.length} numbers.`,
      );
    const { exampleShape } = this.fitted();
    const rowSize = sizeOf(exampleShape);
    checkMemory(count, rowSize);
    const rows = new Float32Array(count * rowSize);
    for (let start = 0; start < count; start += decodeBatch) {
      const part = Math.min(decodeBatch, count - start);
      const z = float32(data.slice(start * latentSize, (start + part) * latentSize), [part, latentSize]);
      const { x } = await this.run('decode', () => this.samplingProgram(), { z });
      if (x?.data instanceof Float32Array) rows.set(x.data, start * rowSize);
    }
    return { data: rows, shape: [count, ...exampleShape] };
  }

  /** The program z -> x that draws, for running and for explaining. @throws NotFittedError before fit */
  samplingProgram(): Program {
    const { exampleShape } = this.fitted();
    const { inputShape } = this.gameFor(exampleShape).generator;
    return { name: `${this.kind}-decode`, results: { x: this.#generated(batchInput('z', inputShape)) } };
  }

  /** G(z) by the weights that samples come from, images in [0, 1]. @throws NotFittedError before fit */
  #generated(z: Tensor): Tensor {
    const { generator, isImage, ema } = this.gameFor(this.fitted().exampleShape);
    const weights = Object.fromEntries(
      Object.entries(generator.parameters).map(([name, { shape }]) => [
        name,
        input(ema === 0 ? name : `${averagePrefix}/${name}`, shape),
      ]),
    );
    const { output } = generator.apply(z, weights);
    return isImage ? clip(multiply(add(output, 1), 0.5), 0, 1) : output;
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
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
