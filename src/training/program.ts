// What a model hands to the training loop: a compiled step's ingredients, nothing about the model itself.
import type { Values } from '../runtime/runtime.js';
import type { Program, StepProgram } from '../tensor/program.js';

/** An input that the loop fills with fresh random numbers for every step. */
export interface NoiseInput {
  readonly name: string;
  readonly shape: readonly number[];
  /** N(0, 1), or uniform on [0, 1). */
  readonly distribution: 'normal' | 'uniform';
}

/** How good the weights are on rows that are not trained on: what chooses the step whose weights are kept. */
export interface Evaluation {
  /**
   * The inputs `x` [batch, ...exampleShape] (and `labels` [batch] int64, where the training wants labels), noise, and weights under
   * the names of the training's variables; the result `loss` [batch], lower is better.
   */
  readonly program: Program;
  /** The noise of one batch of `batchSize` rows, with the batch as first axis; the same in every evaluation. */
  readonly noise: readonly NoiseInput[];
  readonly batchSize: number;
  /** The variables that make up the model, kept of the best step; the program's weights are among them. */
  readonly weights: readonly string[];
}

/** A model's training as data: the step, where it starts, and what feeds it. */
export interface TrainingProgram {
  readonly step: StepProgram;
  /** The variables before the first step. */
  readonly initial: Values;
  /** The input that takes a batch of rows, [batchSize, ...exampleShape]. */
  readonly rows: string;
  /** The int64 input that takes the rows' labels, where the model wants them. */
  readonly labels?: string;
  readonly batchSize: number;
  readonly noise: readonly NoiseInput[];
  /** Absent where nothing says how good the weights are on held-out rows, as in a game. */
  readonly evaluation?: Evaluation;
  /** What to try when this training diverges, in the user's words. */
  readonly remedies: readonly string[];
}
