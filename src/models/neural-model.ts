// What all models trained by gradients share: fitting by the one training loop, keeping the weights, saving, and running programs
// on a device that is opened when first needed.

import { openRuntime } from '#runtime';
import { ConfigError, NotFittedError } from '../core/errors.js';
import { present } from '../core/present.js';
import type { Dataset } from '../data/dataset.js';
import type { CompiledProgram, Runtime, Values } from '../runtime/runtime.js';
import { lowerProgram, type Program } from '../tensor/program.js';
import { type Checkpoint, observers } from '../training/observer.js';
import type { TrainingProgram } from '../training/program.js';
import { train } from '../training/train.js';
import type { FitOptions, FitReport, GenerativeModel, SampleOptions, Samples } from './contract.js';
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
  /** The names of the variables that make up the model, without the optimiser's. */
  readonly weights: readonly string[];
  /** Looks at the finished training and says what is wrong with it. */
  readonly warnings?: (report: Omit<FitReport, 'warnings'>) => readonly string[];
}

/** A model whose parameters are learnt by gradient descent. */
export abstract class NeuralModel<Config extends object> implements GenerativeModel<Config> {
  abstract readonly kind: string;
  readonly config: Readonly<Config>;
  #fitted: Fitted | undefined;
  #runtime: Promise<Runtime> | undefined;
  readonly #programs = new Map<string, Promise<CompiledProgram>>();

  constructor(config: Config, saved?: SavedModel) {
    this.config = Object.freeze(config);
    if (saved !== undefined) this.#fitted = saved;
  }

  /** The rows of one step where the caller names none. */
  protected abstract readonly defaultBatchSize: number;

  /** The step program for data of some shape. @throws ShapeError, ConfigError for data the model cannot take */
  protected abstract describeTraining(data: Dataset, batchSize: number, seed: number): TrainingDescription;

  abstract sample(count: number, options?: SampleOptions): Promise<Samples>;

  async fit(data: Dataset, options: FitOptions = {}): Promise<FitReport> {
    const { seed = 0, batchSize = this.defaultBatchSize, epochs, steps, observer } = options;
    const description = this.describeTraining(data, batchSize, seed);
    const keep = ({ variables }: Checkpoint): void => {
      const chosen = description.weights.map((name) => [name, variables[name]] as const);
      const weights = Object.fromEntries(
        chosen.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      );
      this.#fitted = { exampleShape: data.exampleShape, classes: data.classes ?? [], weights };
    };
    const runtime = await this.#open(options);
    const { logEvery, snapshotEvery, checkpointEvery, signal, resume } = options;
    const result = await train(description.program, data, runtime, {
      ...present({ epochs: epochs ?? (steps === undefined ? 1 : undefined), steps }),
      ...present({ logEvery, snapshotEvery, checkpointEvery, signal, resume }),
      seed,
      // The model can already draw while it is being trained: observers come after it has taken the new weights.
      observer: observers({ onSnapshot: keep, onCheckpoint: keep }, observer),
    });
    keep({ step: result.steps, variables: result.variables });
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

  async dispose(): Promise<void> {
    const runtime = this.#runtime;
    this.#runtime = undefined;
    this.#programs.clear();
    await (await runtime)?.dispose();
  }

  /** What was learnt. @throws NotFittedError before fit */
  protected fitted(): Fitted {
    if (this.#fitted === undefined)
      throw new NotFittedError(`This ${this.kind} has not been fitted. Call fit(data) first, or load a saved one.`);
    return this.#fitted;
  }

  /** Runs a program of the model's weights, compiled when first used. */
  protected async run(name: string, define: () => Program, feeds: Values): Promise<Values> {
    let compiled = this.#programs.get(name);
    if (compiled === undefined) {
      compiled = this.#open({}).then((runtime) => runtime.compile(lowerProgram(define())));
      this.#programs.set(name, compiled);
    }
    const program = await compiled;
    const { weights } = this.fitted();
    const needed = program.inputs.flatMap(({ name: input }) => {
      const weight = weights[input];
      return weight === undefined ? [] : [[input, weight] as const];
    });
    return program.run({ ...Object.fromEntries(needed), ...feeds });
  }

  /** The model's one device; asking for another one closes the first. */
  async #open({ device, threads }: Pick<FitOptions, 'device' | 'threads'>): Promise<Runtime> {
    const open = await this.#runtime;
    if (open !== undefined) {
      if ((device === undefined || device === open.device) && (threads === undefined || threads === open.threads))
        return open;
      await this.dispose();
    }
    this.#runtime ??= openRuntime(present({ device, threads }));
    return this.#runtime;
  }
}

/** @throws ConfigError for a number of rows that cannot be drawn */
export function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 1)
    throw new ConfigError(`${count} samples were asked for; it has to be a whole number from 1.`);
}
