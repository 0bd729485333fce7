// What all adversarial models share: two networks that play a game, and a generator that draws.

import { ShapeError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import { float32 } from '../../runtime/runtime.js';
import { add, clip, multiply } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, type Program } from '../../tensor/program.js';
import type { FitReport, HasDecoder, SampleOptions, Samples } from '../contract.js';
import { checkCount, NeuralModel, type TrainingDescription } from '../neural-model.js';
import type { SavedModel } from '../saved-model.js';
import { balanceWarnings } from './balance.js';
import { type Game, gameProgram } from './game.js';

/** Options that every adversarial model has. */
export interface AdversarialConfig {
  readonly latentSize: number;
}

/** Codes decoded at a time. */
const decodeBatch = 256;

/** A model trained by a game between a generator and a discriminator. */
export abstract class AdversarialModel<Config extends AdversarialConfig>
  extends NeuralModel<Config>
  implements HasDecoder
{
  protected override readonly defaultBatchSize = 64;

  constructor(config: Config, saved?: SavedModel) {
    super(config, saved);
  }

  get latentSize(): number {
    return this.config.latentSize;
  }

  /** The networks and rules for rows of some shape. @throws ShapeError for rows they cannot take */
  abstract gameFor(exampleShape: readonly number[]): Game;

  protected override describeTraining(data: Dataset, batchSize: number, seed: number): TrainingDescription {
    const game = this.gameFor(data.exampleShape);
    return {
      program: gameProgram(game, batchSize, seed),
      weights: [...Object.keys(game.generator.parameters), ...Object.keys(game.discriminator.parameters)],
      warnings: (report: Omit<FitReport, 'warnings'>) => balanceWarnings(report.history),
    };
  }

  /** Decodes codes drawn from N(0, I). The same seed and count give the same rows. */
  async sample(count: number, { seed = freshSeed() }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { latentSize } = this;
    return this.decode({
      data: random(seed)
        .split('codes')
        .normal(count * latentSize),
      shape: [count, latentSize],
    });
  }

  /** G(z) for codes z [N, latentSize]. @throws ShapeError for codes of another size, NotFittedError before fit */
  async decode({ data, shape }: Samples): Promise<Samples> {
    const { latentSize } = this;
    const [count = 0, size] = shape;
    if (shape.length !== 2 || size !== latentSize || data.length !== count * latentSize)
      throw new ShapeError(
        `${this.kind}: codes have to be [N, ${latentSize}]; received [${shape}] with ${data.length} numbers.`,
      );
    const { exampleShape } = this.fitted();
    const rowSize = exampleShape.reduce((a, b) => a * b, 1);
    const rows = new Float32Array(count * rowSize);
    for (let start = 0; start < count; start += decodeBatch) {
      const part = Math.min(decodeBatch, count - start);
      const z = float32(data.slice(start * latentSize, (start + part) * latentSize), [part, latentSize]);
      const { x } = await this.run('decode', () => this.samplingProgram(), { z });
      if (x?.data instanceof Float32Array) rows.set(x.data, start * rowSize);
    }
    return { data: rows, shape: [count, ...exampleShape] };
  }

  /** The program z -> x that draws, for running and for explaining. */
  samplingProgram(): Program {
    const game = this.gameFor(this.fitted().exampleShape);
    const weights = Object.fromEntries(
      Object.entries(game.generator.parameters).map(([name, { shape }]) => [name, input(name, shape)]),
    );
    const { output } = game.generator.apply(batchInput('z', game.generator.inputShape), weights);
    return {
      name: `${this.kind}-decode`,
      results: { x: game.isImage ? clip(multiply(add(output, 1), 0.5), 0, 1) : output },
    };
  }
}
