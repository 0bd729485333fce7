// What all models trained by gradients share: fitting by the one training loop.
import { ConfigError } from '../core/errors.js';
import type { Dataset } from '../data/dataset.js';
import type { Values } from '../runtime/runtime.js';
import { type Checkpoint, observers } from '../training/observer.js';
import type { TrainingProgram } from '../training/program.js';
import { train } from '../training/train.js';
import type { FitOptions, FitReport } from './contract.js';
import { FittedModel } from './fitted-model.js';
import { usualBatchSize } from './takes-batches.js';

/** What a subclass says about a training. */
export interface TrainingDescription {
  readonly program: TrainingProgram;
  /** Looks at the finished training and says what is wrong with it. */
  readonly warnings?: (report: Omit<FitReport, 'warnings'>) => readonly string[];
}

/** How long a training is going to be: one of the two is given. */
export type TrainingLength = Pick<FitOptions, 'epochs' | 'steps'>;

/** A model whose parameters are learnt by gradient descent. */
export abstract class NeuralModel<Config extends object> extends FittedModel<Config> {
  abstract override readonly defaultBatchSize: number;

  /**
   * The step program for data of some shape.
   *
   * @param length how long the training is going to be, for schedules
   * @throws ShapeError, ConfigError for data the model cannot take
   */
  protected abstract describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
    length: TrainingLength,
  ): TrainingDescription | Promise<TrainingDescription>;

  protected override async learn(
    data: Dataset,
    { seed = 0, batchSize: wanted, device, threads, observer, ...training }: FitOptions = {},
  ): Promise<FitReport> {
    const batchSize = wanted ?? usualBatchSize(this, data.length) ?? this.defaultBatchSize;
    if (!Number.isInteger(batchSize) || batchSize < 1)
      throw new ConfigError(`The batch size is ${batchSize}; it has to be a whole number from 1.`);
    const length =
      training.epochs === undefined && training.steps === undefined ? { ...training, epochs: 1 } : training;
    const description = await this.describeTraining(data, batchSize, seed, length);
    const names = Object.keys(this.weightShapes(data.exampleShape, data.classes ?? []));
    const take = async (variables: Values): Promise<void> => {
      const weights = names.flatMap((name) =>
        variables[name] === undefined ? [] : [[name, variables[name]] as const],
      );
      await this.keep({
        exampleShape: data.exampleShape,
        classes: data.classes ?? [],
        weights: Object.fromEntries(weights),
      });
    };
    // Of a training with validation rows the model is the best step so far, not the last one.
    const keep = ({ variables, best }: Checkpoint): Promise<void> => take(best?.weights ?? variables);
    const before = this.isFitted ? this.fitted() : undefined;
    const runtime = await this.device.open({
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
    });
    const result = await train(description.program, data, runtime, {
      ...length,
      seed,
      // The model can already draw while it is being trained: observers come after it has taken the new weights.
      observer: observers({ onSnapshot: keep, onCheckpoint: keep }, observer),
    });
    // A fit that did not get anywhere takes nothing away from what was known before.
    if (before !== undefined && result.steps === 0) await this.keep(before);
    else await take(result.best ?? result.variables);
    if (result.divergence !== undefined) throw result.divergence;
    const report = {
      converged: result.stoppedBecause === 'converged',
      iterations: result.steps,
      stoppedBecause: result.stoppedBecause,
      history: result.history,
    };
    return { ...report, warnings: description.warnings?.(report) ?? [] };
  }
}
