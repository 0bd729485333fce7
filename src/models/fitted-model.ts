// What all models share that are fitted, kept and saved: what was learnt, the device, and the guard that only one fit runs at a time.
import { digest } from '../core/digest.js';
import { ConfigError, NotFittedError, ShapeError } from '../core/errors.js';
import type { Dataset } from '../data/dataset.js';
import type { TableSchema } from '../data/table/schema.js';
import type { Values } from '../runtime/runtime.js';
import type { Program } from '../tensor/program.js';
import { checkFit, refuseValidation } from './check-fit.js';
import type { FitOptions, FitReport, FittableModel } from './contract.js';
import { ModelDevice } from './model-device.js';
import { inRowBatches } from './row-batches.js';
import type { SavedModel } from './saved-model.js';
import { takesBatches } from './takes-batches.js';

/** What was learnt, and what data it was learnt from. */
export interface Fitted {
  readonly exampleShape: readonly number[];
  readonly classes: readonly string[];
  /** The table that the rows came from, where they did; taken from the data being fitted where it is not given. */
  readonly table?: TableSchema;
  /** The values that sampling, scoring and saving need, by name. */
  readonly weights: Values;
}

/** The shapes of a model's weights by name. */
export type WeightShapes = Readonly<Record<string, readonly number[]>>;

/** A model that learns, keeps what it learnt, and can be saved. */
export abstract class FittedModel<Config extends object> implements FittableModel<Config> {
  abstract readonly kind: string;
  readonly config: Readonly<Config>;
  readonly defaultBatchSize?: number;
  readonly batchesPerStep?: number;
  protected readonly device = new ModelDevice();
  #fitted: Fitted | undefined;
  #isFitting = false;
  #fittedTable: TableSchema | undefined;

  /** @param config frozen options, as `parseOptions` gives them */
  constructor(config: Readonly<Config>) {
    this.config = config;
  }

  /** Learns, calling {@link keep} with what was learnt. */
  protected abstract learn(data: Dataset, options: FitOptions): Promise<FitReport>;

  /** The weights that a model of this configuration has for rows of a shape and a number of classes. @throws ShapeError */
  protected abstract weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes;

  /** The table that the model was fitted to, where it was one: with it, samples become rows of that table. */
  get table(): TableSchema | undefined {
    return this.#fitted?.table;
  }

  async fit(data: Dataset, options: FitOptions = {}): Promise<FitReport> {
    checkFit(this.kind, data, options);
    if (!takesBatches(this)) refuseValidation(this.kind, options);
    if (this.#isFitting)
      throw new ConfigError(`This ${this.kind} is already being fitted. Await that fit, or make a second model.`);
    this.#isFitting = true;
    this.#fittedTable = data.table;
    try {
      return await this.learn(data, options);
    } finally {
      this.#isFitting = false;
    }
  }

  async save(folder: string): Promise<void> {
    const { writeModelFolder } = await import('./node/model-folder.js');
    await writeModelFolder(folder, { kind: this.kind, config: this.config, ...this.fitted() });
  }

  /** What tells this model from others: a digest of its kind, its options and what it learnt. @throws NotFittedError before fit */
  async identity(): Promise<string> {
    const { exampleShape, classes, weights } = this.fitted();
    // A file has its own order of weights.
    const sorted = Object.entries(weights).sort(([a], [b]) => (a < b ? -1 : 1));
    const values = sorted.flatMap(([name, { dtype, shape, data }]) => [`${name} ${dtype} ${shape}`, data]);
    return digest([JSON.stringify([this.kind, this.config, exampleShape, classes]), ...values]);
  }

  /** Takes over what a saved model learnt. @throws ShapeError where its weights are not those of this model's configuration */
  adopt({ exampleShape, classes, table, weights }: SavedModel): this {
    const expected = this.weightShapes(exampleShape, classes);
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
    this.#fitted = { exampleShape, classes, weights, ...(table === undefined ? {} : { table }) };
    return this;
  }

  async dispose(): Promise<void> {
    await this.device.close();
  }

  /** Takes what was learnt. */
  protected async keep(fitted: Fitted): Promise<void> {
    // Programs are compiled for rows of one shape.
    if (this.#fitted?.exampleShape.join() !== fitted.exampleShape.join()) await this.device.forget();
    this.#fitted = this.#fittedTable === undefined ? fitted : { table: this.#fittedTable, ...fitted };
  }

  /** Whether anything has been learnt yet. */
  protected get isFitted(): boolean {
    return this.#fitted !== undefined;
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
    const program = await this.device.program(name, define);
    const needed = program.inputs.flatMap(({ name: input }) => {
      const weight = weights[input];
      return weight === undefined ? [] : [[input, weight] as const];
    });
    return program.run({ ...Object.fromEntries(needed), ...feeds });
  }

  /** Runs a program of the model's weights on rows, at most `batch` at a time. Every feed has the rows as its first axis. */
  protected runRows(name: string, define: () => Program, feeds: Values, batch = 256): Promise<Values> {
    return inRowBatches((part) => this.run(name, define, part), feeds, batch);
  }
}

/** @throws ConfigError for a number of rows that cannot be drawn */
export function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 1)
    throw new ConfigError(`${count} samples were asked for; it has to be a whole number from 1.`);
}
