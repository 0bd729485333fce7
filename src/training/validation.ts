// Early stopping (Prechelt 1998): a look now and then at rows that are not trained on. The weights of the best step are kept, and a
// training that has found none better for some looks may stop. The same noise is drawn in every look, so that only the weights differ.
import { ConfigError, DatasetError } from '../core/errors.js';
import type { Dataset } from '../data/dataset.js';
import { random } from '../runtime/random.js';
import { type CompiledProgram, float32, type Runtime, type Value, type Values } from '../runtime/runtime.js';
import { lowerProgram } from '../tensor/program.js';
import { labelsInput } from './objective.js';
import type { BestWeights } from './observer.js';
import type { TrainOptions } from './plan.js';
import type { Evaluation, TrainingProgram } from './program.js';

/** The metric that looks report. */
export const validationMetric = 'validationLoss';

/** Looks at the validation rows of one training. */
export class Validation {
  readonly #evaluation: Evaluation;
  readonly #compiled: CompiledProgram;
  readonly #data: Dataset;
  readonly #options: Pick<TrainOptions, 'seed' | 'patience'>;
  #best: BestWeights | undefined;

  private constructor(
    evaluation: Evaluation,
    compiled: CompiledProgram,
    data: Dataset,
    options: Pick<TrainOptions, 'seed' | 'patience'>,
    best: BestWeights | undefined,
  ) {
    this.#evaluation = evaluation;
    this.#compiled = compiled;
    this.#data = data;
    this.#options = options;
    this.#best = best;
  }

  /**
   * Prepares the looks; undefined where no validation rows were given.
   *
   * @throws ConfigError for a training that nothing can be said of on held-out rows, DatasetError for rows of another shape
   */
  static async open(
    runtime: Runtime,
    program: TrainingProgram,
    training: Dataset,
    { validation, seed, patience, resume }: TrainOptions,
  ): Promise<Validation | undefined> {
    if (validation === undefined) return undefined;
    const { evaluation } = program;
    if (evaluation === undefined)
      throw new ConfigError(
        `${program.step.name} has no loss that held-out rows could be judged by; train it without validation rows.`,
      );
    if (validation.exampleShape.join() !== training.exampleShape.join())
      throw new DatasetError(
        `The validation rows "${validation.name}" are of shape [${validation.exampleShape.join(', ')}], those to train on ` +
          `[${training.exampleShape.join(', ')}]; they have to be alike.`,
      );
    const compiled = await runtime.compile(lowerProgram(evaluation.program));
    return new Validation(
      evaluation,
      compiled,
      validation,
      { seed, ...(patience === undefined ? {} : { patience }) },
      resume?.best,
    );
  }

  /** What the best look so far found. */
  get best(): BestWeights | undefined {
    return this.#best;
  }

  /** Whether the patience is at an end. */
  get isExhausted(): boolean {
    return (this.#best?.looksSince ?? 0) >= (this.#options.patience ?? Number.POSITIVE_INFINITY);
  }

  /** The mean loss of the validation rows under some variables; one that is not finite is never the best. */
  async look(step: number, variables: Values): Promise<number> {
    const loss = await this.#mean(variables);
    if (this.#best === undefined ? Number.isFinite(loss) : loss < this.#best.loss) {
      const weights = Object.fromEntries(
        this.#evaluation.weights.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])),
      );
      this.#best = { weights, loss, looksSince: 0, step };
    } else if (this.#best !== undefined) this.#best = { ...this.#best, looksSince: this.#best.looksSince + 1 };
    return loss;
  }

  async dispose(): Promise<void> {
    await this.#compiled.dispose();
  }

  async #mean(variables: Values): Promise<number> {
    const { batchSize, noise } = this.#evaluation;
    const stream = random(this.#options.seed).split('validation');
    let sum = 0;
    for (let start = 0; start < this.#data.length; start += batchSize) {
      const rows = Math.min(batchSize, this.#data.length - start);
      const batch = await this.#data.gather(Uint32Array.from({ length: rows }, (_, i) => start + i));
      const feeds: Record<string, Value> = { x: float32(batch.x, [rows, ...this.#data.exampleShape]) };
      if (batch.labels !== undefined)
        feeds[labelsInput] = { dtype: 'int64', shape: [rows], data: BigInt64Array.from(batch.labels, BigInt) };
      for (const { name, shape, distribution } of noise) {
        const own = stream.split(name).split(start);
        const size = shape.slice(1).reduce((a, b) => a * b, rows);
        feeds[name] = float32(distribution === 'normal' ? own.normal(size) : own.uniform(size), [
          rows,
          ...shape.slice(1),
        ]);
      }
      for (const { name } of this.#compiled.inputs) {
        const value = variables[name];
        if (feeds[name] === undefined && value !== undefined) feeds[name] = value;
      }
      const wanted = new Set(this.#compiled.inputs.map(({ name }) => name));
      const { loss } = await this.#compiled.run(
        Object.fromEntries(Object.entries(feeds).filter(([name]) => wanted.has(name))),
      );
      for (const value of loss?.data ?? []) sum += Number(value);
    }
    return sum / this.#data.length;
  }
}
