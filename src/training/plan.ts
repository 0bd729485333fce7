// What a training is going to do, worked out from its options before anything runs.
import { ConfigError } from '../core/errors.js';
import type { AugmentationName } from '../data/augment.js';
import type { Dataset } from '../data/dataset.js';
import type { Checkpoint, TrainingObserver, TrainingPlan } from './observer.js';

/** How long and how to train. */
export interface TrainOptions {
  /** Passes over the data. Give this or `steps`. */
  readonly epochs?: number;
  /** Optimisation steps in all. Give this or `epochs`. */
  readonly steps?: number;
  readonly seed: number;
  /** Random changes to every batch, in this order. Default: none. */
  readonly augment?: readonly AugmentationName[];
  /** Stops after the running steps; what was learnt so far is kept. */
  readonly signal?: AbortSignal;
  readonly observer?: TrainingObserver;
  /** Continue from here instead of from the beginning. */
  readonly resume?: Checkpoint;
  /** Steps averaged into one row of metrics. Default 10. */
  readonly logEvery?: number;
  /** Steps between snapshots. Default: a quarter of an epoch. */
  readonly snapshotEvery?: number;
  /** Steps between checkpoints. Default: an epoch. */
  readonly checkpointEvery?: number;
  /** Seconds after which a checkpoint is due even within `checkpointEvery`. Default 60. */
  readonly checkpointSeconds?: number;
  /** Steps per run of the program. Default: as many as take a quarter of a second. */
  readonly stepsPerRun?: number;
  /** Rows that are not trained on. The weights of the step that is best on them are kept, for models that can tell. */
  readonly validation?: Dataset;
  /** Steps between looks at `validation`. Default: an epoch, or the whole training where that is shorter. */
  readonly validateEvery?: number;
  /** Stops after this many looks without a better one. Default: trains to the end. */
  readonly patience?: number;
}

/** Options with every default filled in. */
export interface Cadence {
  readonly logEvery: number;
  readonly snapshotEvery: number;
  readonly checkpointEvery: number;
  readonly checkpointMilliseconds: number;
  readonly stepsPerRun: number | undefined;
  readonly validateEvery: number;
}

/**
 * The steps of a training and when it looks up from them.
 *
 * @throws ConfigError where neither or both of epochs and steps are given, numbers are not whole, or the checkpoint is further on
 */
export function planTraining(
  options: TrainOptions,
  { stepsPerEpoch, batchSize }: { readonly stepsPerEpoch: number; readonly batchSize: number },
): TrainingPlan & Cadence {
  const { resume, stepsPerRun, checkpointSeconds = 60, validation, patience } = options;
  const steps = totalSteps(options, stepsPerEpoch);
  const firstStep = resume?.step ?? 0;
  if (firstStep > steps)
    throw new ConfigError(
      `${steps} steps were asked for, but ${firstStep} have already been done. Ask for more steps or epochs to go on.`,
    );
  if (!(checkpointSeconds > 0))
    throw new ConfigError(`checkpointSeconds is ${checkpointSeconds}; it has to be a number above 0.`);
  if (validation === undefined && (patience !== undefined || options.validateEvery !== undefined))
    throw new ConfigError('patience and validateEvery are about validation rows; give those too, as validation.');
  if (patience !== undefined) wholeFrom1('patience', patience);
  return {
    firstStep,
    steps,
    stepsPerEpoch,
    batchSize,
    logEvery: wholeFrom1('logEvery', options.logEvery ?? 10),
    snapshotEvery: wholeFrom1('snapshotEvery', options.snapshotEvery ?? Math.ceil(stepsPerEpoch / 4)),
    checkpointEvery: wholeFrom1('checkpointEvery', options.checkpointEvery ?? stepsPerEpoch),
    checkpointMilliseconds: checkpointSeconds * 1000,
    stepsPerRun: stepsPerRun === undefined ? undefined : wholeFrom1('stepsPerRun', stepsPerRun),
    validateEvery: wholeFrom1('validateEvery', options.validateEvery ?? Math.min(steps, stepsPerEpoch)),
  };
}

function totalSteps({ epochs, steps }: TrainOptions, stepsPerEpoch: number): number {
  if ((epochs === undefined) === (steps === undefined))
    throw new ConfigError(
      `Say how long to train by either epochs or steps; received ${epochs === undefined ? 'neither' : 'both'}.`,
    );
  if (steps !== undefined) return wholeFrom1('steps', steps);
  if (!(Number.isFinite(epochs) && (epochs ?? 0) > 0))
    throw new ConfigError(`epochs is ${epochs}; it has to be a positive number.`);
  return Math.max(1, Math.round((epochs ?? 0) * stepsPerEpoch));
}

function wholeFrom1(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new ConfigError(`${name} is ${value}; it has to be a whole number from 1.`);
  return value;
}
