// What all models trained by gradients share: fitting by the one training loop, keeping the weights, saving, and running programs
// on the model's device.
import { ConfigError, NotFittedError, ShapeError } from '../core/errors.js';
import type { Dataset } from '../data/dataset.js';
import type { Values } from '../runtime/runtime.js';
import type { Program } from '../tensor/program.js';
import { type Checkpoint, observers } from '../training/observer.js';
import type { TrainingProgram } from '../training/program.js';
import { train } from '../training/train.js';
import type { FitOptions, FitReport, GenerativeModel, SampleOptions, Samples } from './contract.js';
import { ModelDevice } from './model-device.js';
import type { SavedModel } from './saved-model.js';

/** What was learnt, and what data it was learnt from. */
export interface Fitted {
  readonly exampleShape: readonly number[];
  readonly classes: readonly string[];
  /** The values that sampling, scoring and saving need, by name. */
  readonly weights: Values;
}

/** What a subclass says about a training. */
export interface TrainingDescription {
  readonly program: TrainingProgram;
  /** Looks at the finished training and says what is wrong with it. */
  readonly warnings?: (report: Omit<FitReport, 'warnings'>) => readonly string[];
}

/** The shapes of a model's weights by name. */
export type WeightShapes = Readonly<Record<string, readonly number[]>>;

/** A model whose parameters are learnt by gradient descent. */
export abstract class NeuralModel<Config extends object> implements GenerativeModel<Config> {
  abstract readonly kind: string;
  abstract readonly defaultBatchSize: number;
  readonly config: Readonly<Config>;
  readonly #device = new ModelDevice();
  #fitted: Fitted | undefined;
  #isFitting = false;

  /** @param config frozen options, as `parseOptions` gives them */
  constructor(config: Readonly<Config>) {
    this.config = config;
  }

  /** The step program for data of some shape. @throws ShapeError, ConfigError for data the model cannot take */
  protected abstract describeTraining(data: Dataset, batchSize: number, seed: number): TrainingDescription;

  /** What of a training's variables makes up the model, without the optimiser's. @throws ShapeError as `describeTraining` */
  protected abstract weightShapes(exampleShape: readonly number[]): WeightShapes;

  abstract sample(count: number, options?: SampleOptions): Promise<Samples>;

  async fit(data: Dataset, options: FitOptions = {}): Promise<FitReport> {
    if (this.#isFitting)
      throw new ConfigError(`This ${this.kind} is already being fitted. Await that fit, or make a second model.`);
    this.#isFitting = true;
    try {
      return await this.#fit(data, options);
    } finally {
      this.#isFitting = false;
    }
  }

  async #fit(
    data: Dataset,
    { seed = 0, batchSize = this.defaultBatchSize, device, threads, observer, ...training }: FitOptions,
  ): Promise<FitReport> {
    if (!Number.isInteger(batchSize) || batchSize < 1)
      throw new ConfigError(`The batch size is ${batchSize}; it has to be a whole number from 1.`);
    const description = this.describeTraining(data, batchSize, seed);
    const names = Object.keys(this.weightShapes(data.exampleShape));
    const keep = async ({ variables }: Pick<Checkpoint, 'variables'>): Promise<void> => {
      // Programs are compiled for rows of one shape.
      if (this.#fitted?.exampleShape.join() !== data.exampleShape.join()) await this.#device.forget();
      const weights = names.flatMap((name) =>
        variables[name] === undefined ? [] : [[name, variables[name]] as const],
      );
      this.#fitted = {
        exampleShape: data.exampleShape,
        classes: data.classes ?? [],
        weights: Object.fromEntries(weights),
      };
    };
    const runtime = await this.#device.open({
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
    });
    const result = await train(description.program, data, runtime, {
      ...training,
      ...(training.epochs === undefined && training.steps === undefined ? { epochs: 1 } : {}),
      seed,
      // The model can already draw while it is being trained: observers come after it has taken the new weights.
      observer: observers({ onSnapshot: keep, onCheckpoint: keep }, observer),
    });
    await keep(result);
    if (result.divergence !== undefined) throw result.divergence;
    const report = {
      converged: result.stoppedBecause === 'finished',
      iterations: result.steps,
      stoppedBecause: result.stoppedBecause,
      history: result.history,
    };
    return { ...report, warnings: description.warnings?.(report) ?? [] };
  }

  async save(folder: string): Promise<void> {
    const { writeModelFolder } = await import('./node/model-folder.js');
    await writeModelFolder(folder, { kind: this.kind, config: this.config, ...this.fitted() });
  }

  /** Takes over what a saved model learnt. @throws ShapeError where its weights are not those of this model's configuration */
  adopt({ exampleShape, classes, weights }: SavedModel): this {
    const expected = this.weightShapes(exampleShape);
    const describe = (shape: readonly number[] | undefined) =>
      shape === undefined ? 'missing' : `[${shape.join(', ')}]`;
    for (const name of new Set([...Object.keys(expected), ...Object.keys(weights)])) {
      const [received, wanted] = [describe(weights[name]?.shape), describe(expected[name])];
      if (received !== wanted)
        throw new ShapeError(
          `The weight "${name}" is ${received} but has to be ${wanted} for this ${this.kind}'s options; ` +
            'options and weights are of different models.',
        );
    }
    this.#fitted = { exampleShape, classes, weights };
    return this;
  }

  async dispose(): Promise<void> {
    await this.#device.close();
  }

  /** What was learnt. @throws NotFittedError before fit */
  protected fitted(): Fitted {
    if (this.#fitted === undefined)
      throw new NotFittedError(`This ${this.kind} has not been fitted. Call fit(data) first, or load a saved one.`);
    return this.#fitted;
  }

  /** Runs a program of the model's weights, compiled when first used. */
  protected async run(name: string, define: () => Program, feeds: Values): Promise<Values> {
    const { weights } = this.fitted();
    const program = await this.#device.program(name, define);
    const needed = program.inputs.flatMap(({ name: input }) => {
      const weight = weights[input];
      return weight === undefined ? [] : [[input, weight] as const];
    });
    return program.run({ ...Object.fromEntries(needed), ...feeds });
  }
}

/** @throws ConfigError for a number of rows that cannot be drawn */
export function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 1)
    throw new ConfigError(`${count} samples were asked for; it has to be a whole number from 1.`);
}
