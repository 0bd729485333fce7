// What the training loop tells others: progress for people, metrics, snapshots and checkpoints for a run folder.
import type { Values } from '../runtime/runtime.js';

/** Metrics averaged over the steps since the row before. */
export interface MetricRow {
  /** Steps done when the row was written, counted from 1. */
  readonly step: number;
  readonly epoch: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Where a training stands. */
export interface Progress extends MetricRow {
  readonly steps: number;
  readonly epochs: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
}

/** What a training is going to do. */
export interface TrainingPlan {
  readonly firstStep: number;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
}

/** The metrics of the steps since the last row: sums, so that resuming changes no row. */
export interface OpenWindow {
  readonly steps: number;
  readonly sums: Readonly<Record<string, number>>;
}

/** The weights of the step that was best on the validation rows. */
export interface BestWeights {
  readonly weights: Values;
  /** The mean loss of the validation rows. */
  readonly loss: number;
  readonly step: number;
  /** Looks since then, none of them better. */
  readonly looksSince: number;
}

/** Everything that a training needs to go on from some step as if it had never stopped. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  readonly variables: Values;
  /** The metrics that have not become a row yet. */
  readonly window: OpenWindow;
  /** Where the training looks at validation rows and has done so. */
  readonly best?: BestWeights;
  /** What its observers had seen, where they {@link TrainingObserver.remember} anything. */
  readonly seen?: Values;
}

/** Something that looks wrong while a training runs. */
export interface TrainingWarning {
  /** Steps done when it was seen. */
  readonly step: number;
  /** What it is and what helps. */
  readonly text: string;
}

/**
 * Listens to a training. Promises are awaited, so that nothing is reported twice or out of order. What an observer throws ends the
 * training.
 */
export interface TrainingObserver {
  /** The program is compiled and the first step is about to run. */
  onStart?(plan: TrainingPlan): Promise<void> | void;
  /** A few times a second. */
  onProgress?(progress: Progress): Promise<void> | void;
  onMetrics?(row: MetricRow): Promise<void> | void;
  /** Something looks wrong, told once, of models that watch their training; what still does at the end is in the report. */
  onWarning?(warning: TrainingWarning): Promise<void> | void;
  /** Time to draw samples: at the start, a few times an epoch, at the end. */
  onSnapshot?(checkpoint: Checkpoint): Promise<void> | void;
  /** Time to save: whoever continues from here gets the same final weights, bit for bit. */
  onCheckpoint?(checkpoint: Checkpoint): Promise<void> | void;
  /** Numbers by name that this observer needs to go on from a checkpoint as if the training had never stopped: its `seen`. */
  remember?(checkpoint: Checkpoint): Values;
}

/** One observer made of several, told in order. */
export function observers(...all: readonly (TrainingObserver | undefined)[]): TrainingObserver {
  const present = all.filter((observer) => observer !== undefined);
  const each = async (tell: (observer: TrainingObserver) => Promise<void> | void): Promise<void> => {
    for (const observer of present) await tell(observer);
  };
  return {
    onStart: (plan) => each((observer) => observer.onStart?.(plan)),
    onProgress: (progress) => each((observer) => observer.onProgress?.(progress)),
    onMetrics: (row) => each((observer) => observer.onMetrics?.(row)),
    onWarning: (warning) => each((observer) => observer.onWarning?.(warning)),
    onSnapshot: (checkpoint) => each((observer) => observer.onSnapshot?.(checkpoint)),
    onCheckpoint: (checkpoint) => each((observer) => observer.onCheckpoint?.(checkpoint)),
    remember: (checkpoint) => Object.assign({}, ...present.map((observer) => observer.remember?.(checkpoint))),
  };
}
