// What tests keep of a training in order to compare it with another.
import type { Checkpoint, TrainingObserver } from '../observer.js';
import type { TrainResult } from '../train.js';

/** All variables as text: float32 numbers written out in full are equal exactly where their bits are. */
export function weights({ variables }: Pick<TrainResult, 'variables'>): string {
  return JSON.stringify(Object.entries(variables).map(([name, { data }]) => [name, [...data].map(String)]));
}

/** An observer that keeps all checkpoints. */
export function checkpointKeeper(): TrainingObserver & { readonly kept: Checkpoint[] } {
  const kept: Checkpoint[] = [];
  return { kept, onCheckpoint: (checkpoint) => void kept.push(checkpoint) };
}
