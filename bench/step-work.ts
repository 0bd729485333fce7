// A training step to be measured, and what the peers need to start where it starts.
import { writeSafetensors } from '../src/data/index.js';
import type { Value, Values } from '../src/runtime/runtime.js';
import type { TrainingProgram } from '../src/training/program.js';

/** A step and, where it has a likelihood, its start. */
export interface StepWork {
  readonly program: TrainingProgram;
  readonly start?: StepStart;
}

/** What decides the losses of the first steps. */
export interface StepStart {
  /** The weights before the first step, as peers keep them. */
  readonly initial: Values;
  /** Feeds of as many steps as the first axis is long, taken in turn. */
  readonly pool: Values;
  /** The metrics whose sum is compared with the peers'. */
  readonly losses: readonly string[];
  /** Steps after which they are compared. */
  readonly comparedSteps: number;
  /** Constants of the model that the peers need. */
  readonly others: Values;
}

/** Steps after which likelihoods are compared. */
export const comparedSteps = 16;

/** Steps after which the losses of games are compared: rounding that decides the sign of a small gradient soon drives two games apart. */
export const comparedGameSteps = 3;

/** The file in which peers find the start of a step. */
export const startFile = 'start.safetensors';

/**
 * The initial weights under `initial/`, the pool under `pool/` and other constants under `others/`.
 *
 * @throws ConfigError for numbers that are not float32
 */
export function startBytes({ initial, pool, others }: StepStart): Uint8Array<ArrayBuffer> {
  const parts = { initial, pool, others };
  const tensors = Object.entries(parts).flatMap(([part, values]) =>
    Object.entries(values).map(([name, value]) => [`${part}/${name}`, value] as const),
  );
  return writeSafetensors(Object.fromEntries(tensors.map(([name, { shape, data }]) => [name, { shape, data }])));
}

/** The numbers of `count` steps from step `first` on, the pool starting anew when it ends. */
export function turnsOf({ shape: [length = 1], data }: Value, first: number, count: number): Float32Array {
  const size = data.length / length;
  const turns = new Float32Array(count * size);
  if (!(data instanceof Float32Array)) return turns;
  for (let step = 0; step < count; step++) {
    const turn = (first + step) % length;
    turns.set(data.subarray(turn * size, (turn + 1) * size), step * size);
  }
  return turns;
}
