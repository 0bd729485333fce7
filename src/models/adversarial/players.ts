// The two players with everything that a step feeds them: rows, labels, noise.
import type { Network, NoiseInput as NetworkNoise, Tensors } from '../../nn/network.js';
import { labelled, multiply, stopGradient, subtract, type Tensor } from '../../tensor/index.js';
import { oneHot } from '../../tensor/operators/gather.js';
import { concat, slice } from '../../tensor/operators/slice.js';
import { input } from '../../tensor/operators/source.js';
import { staticShape } from '../../tensor/shape.js';
import type { NoiseInput } from '../../training/program.js';
import type { NoiseMaker } from './conditioning/conditioning.js';
import type { Game } from './game-rules.js';

/** The inputs that take the data: k batches of rows, and their labels where the game wants them. */
export const rowsInput = 'x';
export const labelsInput = 'labels';

/** Rows and what they are about. */
export interface Rows {
  /** [N, ...exampleShape], images in [-1, 1]. */
  readonly x: Tensor;
  /** [N, size]: one-hot classes, or codes; undefined where nothing is known. */
  readonly condition: Tensor | undefined;
}

/** Data and samples of one turn. */
export interface Batch {
  readonly real: Rows;
  readonly fake: Rows;
}

/** What the discriminator says to rows. */
export interface Verdict {
  /** The rows as it saw them. */
  readonly seen: Tensor;
  /** a(x), [N, 1]. */
  readonly logits: Tensor;
  /** Whatever else its head tells, [N, extras]; undefined for nothing. */
  readonly extras: Tensor | undefined;
  /** The running statistics after it. */
  readonly updates: Tensors;
}

/** The players of one step of a game, for batches of `batchSize` rows. */
export class Players {
  /** How many steps have been done, a float32 scalar. */
  readonly step = input('step', []);
  readonly generatorWeights: Tensors;
  readonly discriminatorWeights: Tensors;
  /** What has to be fed, in the order in which it was asked for. */
  readonly noise: NoiseInput[] = [];
  readonly #game: Game;
  readonly #batchSize: number;
  readonly #rows: Tensor;
  readonly #labels: Tensor;
  #statistics: Tensors = {};

  constructor(game: Game, batchSize: number) {
    const { generator, discriminator, discriminatorSteps, isImage } = game;
    this.#game = game;
    this.#batchSize = batchSize;
    const rows = input(rowsInput, [discriminatorSteps * batchSize, ...discriminator.inputShape]);
    this.#rows = isImage ? labelled('scale', subtract(multiply(rows, 2), 1)) : rows;
    this.#labels = input(labelsInput, [discriminatorSteps * batchSize], 'int64');
    this.generatorWeights = generator.inputs();
    this.discriminatorWeights = discriminator.inputs();
  }

  /** The generator's running statistics after what it has drawn so far. */
  get statistics(): Tensors {
    return this.#statistics;
  }

  /**
   * The data of one turn, counted from 0, and as many rows drawn from fresh noise `z`: of the same classes, which so are as frequent
   * as in the data, or of fresh codes.
   */
  draw(z: string, turn: number): Batch {
    const real = this.#real(turn);
    return { real, fake: this.#fake(z, real) };
  }

  #real(turn: number): Rows {
    const part = (x: Tensor): Tensor => slice(x, 0, turn * this.#batchSize, (turn + 1) * this.#batchSize);
    const { source, size } = this.#game.conditioning;
    return { x: part(this.#rows), condition: source === 'labels' ? oneHot(part(this.#labels), size) : undefined };
  }

  #fake(name: string, real: Rows): Rows {
    const { generator, conditioning } = this.#game;
    const z = this.feed(name, [this.#batchSize, ...generator.inputShape], 'normal');
    const draw: NoiseMaker = (suffix, shape, distribution) => this.feed(`${name}/${suffix}`, shape, distribution);
    const condition = conditioning.draw?.(this.#batchSize, draw) ?? real.condition;
    const values = { ...this.generatorWeights, ...this.#statistics };
    const applied = generator.apply(z, values, this.#options(`${name}/generator`, condition));
    this.#statistics = { ...this.#statistics, ...this.#taken(applied.noise, applied.updates) };
    return { x: applied.output, condition };
  }

  /** What the discriminator of some weights says to rows. Its random numbers have names that begin with `noisePrefix`. */
  judge({ x, condition }: Rows, weights: Tensors, noisePrefix: string): Verdict {
    const feed: NoiseMaker = (name, shape, distribution) => this.feed(`${noisePrefix}/${name}`, shape, distribution);
    const seen = this.#game.views.reduce((rows, view) => view(rows, { step: this.step, noise: feed }), x);
    return this.judgeSeen({ x: seen, condition }, weights, noisePrefix);
  }

  /** As {@link judge}, for rows as the discriminator sees them. */
  judgeSeen({ x, condition }: Rows, weights: Tensors, noisePrefix: string): Verdict {
    const { discriminator } = this.#game;
    const { output, updates, noise } = discriminator.apply(x, weights, this.#options(noisePrefix, condition));
    const told = discriminator.outputShape[0] ?? 1;
    return {
      seen: x,
      logits: told === 1 ? output : slice(output, 1, 0, 1),
      extras: told === 1 ? undefined : slice(output, 1, 1, told),
      updates: this.#taken(noise, updates),
    };
  }

  /** What the discriminator says to data and to samples, which it judges batch by batch where it sees whole batches. */
  judgeBoth(real: Rows, fake: Rows, weights: Tensors, turn: string): readonly [real: Verdict, fake: Verdict] {
    if (this.#game.seesBatch) {
      const onReal = this.judge(real, weights, `real${turn}`);
      return [onReal, this.judge(fake, { ...weights, ...onReal.updates }, `fake${turn}`)];
    }
    // Rows do not see each other, and one pass over both batches costs less than two.
    const condition =
      real.condition === undefined || fake.condition === undefined
        ? undefined
        : concat([real.condition, fake.condition], 0);
    const both = this.judge({ x: concat([real.x, fake.x], 0), condition }, weights, `both${turn}`);
    const half = (start: number): Verdict => {
      const part = (x: Tensor): Tensor => slice(x, 0, start, start + this.#batchSize);
      const { seen, logits, extras, updates } = both;
      return {
        seen: part(seen),
        logits: part(logits),
        extras: extras === undefined ? undefined : part(extras),
        updates,
      };
    };
    return [half(0), half(this.#batchSize)];
  }

  /** Random numbers that are fed anew in every step. */
  feed(name: string, shape: readonly number[], distribution: NoiseInput['distribution']): Tensor {
    this.noise.push({ name, shape, distribution });
    return input(name, shape);
  }

  #options(noisePrefix: string, condition: Tensor | undefined) {
    return { training: true, noisePrefix, ...(condition === undefined ? {} : { condition }) };
  }

  /** Takes the noise of layers such as dropout into the list of what is fed. */
  #taken(noise: readonly NetworkNoise[], updates: Tensors): Tensors {
    for (const { name, shape, distribution } of noise)
      this.noise.push({ name, distribution, shape: staticShape(shape, `The shape of ${name}`) });
    return updates;
  }
}

/** Values through which no gradient flows. */
export function detached(values: Tensors): Tensors {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, stopGradient(value)]));
}

/** The values of the parameters that gradients move. */
export function trainableOf({ trainable }: Network, values: Tensors): Tensors {
  return Object.fromEntries(Object.entries(values).filter(([name]) => trainable.includes(name)));
}
