// What a model hands to the training loop: a compiled step's ingredients, nothing about the model itself.
import type { Values } from '../runtime/runtime.js';
import type { StepProgram } from '../tensor/program.js';

/** An input that the loop fills with fresh random numbers for every step. */
export interface NoiseInput {
  readonly name: string;
  readonly shape: readonly number[];
  /** N(0, 1), or uniform on [0, 1). */
  readonly distribution: 'normal' | 'uniform';
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
  /** What to try when this training diverges, in the user's words. */
  readonly remedies: readonly string[];
}
