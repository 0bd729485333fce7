// The one training loop. It runs a step program in chunks of steps, feeds it, watches its metrics, and tells observers. What comes
// out depends on the program, the data, the seed and the number of steps, never on chunk sizes, interruptions or observers.
import { ConfigError, DivergedError } from '../core/errors.js';
import { batcher } from '../data/batching.js';
import type { Dataset } from '../data/dataset.js';
import type { CompiledStepProgram, Runtime, Values } from '../runtime/runtime.js';
import { lowerLoop, lowerStep } from '../tensor/program.js';
import { feedMaker } from './feeds.js';
import { MetricWindow } from './metric-window.js';
import type { Checkpoint, MetricRow, TrainingObserver } from './observer.js';
import type { TrainingProgram } from './program.js';

/** How long and how to train. */
export interface TrainOptions {
  /** Passes over the data. Give this or `steps`. */
  readonly epochs?: number;
  /** Optimisation steps in all. Give this or `epochs`. */
  readonly steps?: number;
  readonly seed: number;
  /** Stops after the running chunk; what was learnt so far is kept. */
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
}

/** Why a training ended. */
export type StopReason = 'finished' | 'aborted' | 'diverged';

/** What came out of a training. */
export interface TrainResult {
  readonly variables: Values;
  readonly steps: number;
  readonly stoppedBecause: StopReason;
  readonly history: readonly MetricRow[];
  /** What broke, where training diverged. `variables` are then the last good ones. */
  readonly divergence?: DivergedError;
}

/** A chunk should take about this long, so that progress, Ctrl-C and checkpoints feel immediate. */
const chunkMilliseconds = 250;
const longestChunk = 64;
/** The feeds of one chunk take at most this much memory. */
const chunkBytes = 8 * 2 ** 20;

/**
 * Trains.
 *
 * @throws ConfigError where neither or both of epochs and steps are given, or numbers are not whole
 */
export async function train(
  program: TrainingProgram,
  data: Dataset,
  runtime: Runtime,
  options: TrainOptions,
): Promise<TrainResult> {
  const batches = batcher({ length: data.length, batchSize: program.batchSize, seed: options.seed });
  const { stepsPerEpoch } = batches;
  const steps = totalSteps(options, stepsPerEpoch);
  const logEvery = positive('logEvery', options.logEvery ?? 10);
  const snapshotEvery = positive('snapshotEvery', options.snapshotEvery ?? Math.ceil(stepsPerEpoch / 4));
  const checkpointEvery = positive('checkpointEvery', options.checkpointEvery ?? stepsPerEpoch);
  const firstStep = options.resume?.step ?? 0;
  const { observer, signal } = options;

  const compiled = await compile(program, runtime, options.resume?.variables ?? program.initial);
  try {
    const makeFeeds = feedMaker(program, data, batches, options.seed);
    const window = new MetricWindow(logEvery, stepsPerEpoch);
    const history: MetricRow[] = [];
    const clock = new Clock();
    const largest = Math.max(1, Math.min(longestChunk, Math.floor(chunkBytes / bytesPerStep(compiled))));
    /** Chunks end where somebody wants to look. */
    const chunkAt = (step: number): number => {
      const wanted =
        clock.millisecondsPerStep === undefined ? 1 : Math.round(chunkMilliseconds / clock.millisecondsPerStep);
      const boundaries = [snapshotEvery, checkpointEvery].map((every) => every - (step % every));
      return Math.min(Math.max(1, Math.min(wanted, largest)), steps - step, ...boundaries);
    };
    const state = async (step: number): Promise<Checkpoint> => ({ step, variables: await compiled.read() });

    await observer?.onStart?.({ firstStep, steps, stepsPerEpoch, batchSize: program.batchSize });
    if (firstStep === 0 && observer?.onSnapshot !== undefined) await observer.onSnapshot(await state(0));
    let step = firstStep;
    let stoppedBecause: StopReason = 'finished';
    let divergence: DivergedError | undefined;
    let lastGood: Checkpoint = options.resume ?? { step: 0, variables: program.initial };
    let next = step < steps ? await makeFeeds(step, chunkAt(step)) : undefined;
    let count = step < steps ? chunkAt(step) : 0;
    while (next !== undefined && divergence === undefined) {
      if (signal?.aborted) {
        stoppedBecause = 'aborted';
        break;
      }
      const running = compiled.run(count, next);
      // The next chunk's rows and noise are made while this one computes.
      const following = step + count;
      const followingCount = following < steps ? chunkAt(following) : 0;
      const [metrics, followingFeeds] = await Promise.all([
        running,
        followingCount > 0 ? makeFeeds(following, followingCount) : undefined,
      ]);
      divergence = firstDivergence(metrics, step, program.remedies);
      if (divergence !== undefined) {
        stoppedBecause = 'diverged';
        break;
      }
      clock.record(compiled.lastRunMs, count);
      for (const row of window.add(step, count, metrics)) {
        history.push(row);
        await observer?.onMetrics?.(row);
      }
      step = following;
      const perStep = clock.millisecondsPerStep ?? 0;
      observer?.onProgress?.({
        ...window.latest(step, metrics),
        steps,
        epochs: steps / stepsPerEpoch,
        stepsPerSecond: 1000 / clock.wallMillisecondsPerStep(),
        secondsLeft: ((steps - step) * Math.max(perStep, clock.wallMillisecondsPerStep())) / 1000,
      });
      const isLast = step === steps;
      const wantsSnapshot = observer?.onSnapshot !== undefined && (isLast || step % snapshotEvery === 0);
      const wantsCheckpoint = observer?.onCheckpoint !== undefined && (isLast || step % checkpointEvery === 0);
      if (wantsSnapshot || wantsCheckpoint) {
        const checkpoint = await state(step);
        divergence = brokenVariable(checkpoint, program.remedies);
        if (divergence !== undefined) stoppedBecause = 'diverged';
        else {
          if (wantsSnapshot) await observer.onSnapshot?.(checkpoint);
          if (wantsCheckpoint) await observer.onCheckpoint?.(checkpoint);
          lastGood = checkpoint;
        }
        clock.pause();
      }
      next = followingFeeds;
      count = followingCount;
    }
    let last = await state(step);
    if (stoppedBecause === 'aborted') await observer?.onCheckpoint?.(last);
    // A chunk that diverged is not kept, but the weights may have broken in an earlier chunk without a metric showing it.
    if (brokenVariable(last, program.remedies) !== undefined) last = lastGood;
    return {
      variables: last.variables,
      steps: last.step,
      stoppedBecause,
      history,
      ...(divergence === undefined ? {} : { divergence }),
    };
  } finally {
    await compiled.dispose();
  }
}

/** WebGPU keeps the state on the device anyway and gains nothing from a Loop. */
async function compile(program: TrainingProgram, runtime: Runtime, variables: Values): Promise<CompiledStepProgram> {
  const lowered = runtime.device === 'webgpu' ? lowerStep(program.step) : lowerLoop(program.step);
  const compiled = await runtime.compileStep(lowered);
  await compiled.write(variables);
  return compiled;
}

function totalSteps({ epochs, steps }: TrainOptions, stepsPerEpoch: number): number {
  if ((epochs === undefined) === (steps === undefined))
    throw new ConfigError('Say how long to train: either epochs or steps, not both and not neither.');
  if (steps !== undefined) return positive('steps', steps);
  if (!(Number.isFinite(epochs) && (epochs ?? 0) > 0))
    throw new ConfigError(`epochs is ${epochs}; it has to be a positive number.`);
  return Math.max(1, Math.round((epochs ?? 0) * stepsPerEpoch));
}

function positive(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new ConfigError(`${name} is ${value}; it has to be a whole number from 1.`);
  return value;
}

function bytesPerStep({ feeds }: CompiledStepProgram): number {
  return feeds.reduce(
    (total, { shape }) => total + 4 * shape.reduce<number>((product, dim) => product * Number(dim), 1),
    1,
  );
}

/** The first step of a chunk at which a metric is not finite. */
function firstDivergence(
  metrics: Readonly<Record<string, Float64Array>>,
  firstStep: number,
  remedies: readonly string[],
): DivergedError | undefined {
  let found: { index: number; name: string; value: number } | undefined;
  for (const [name, values] of Object.entries(metrics)) {
    const index = values.findIndex((value) => !Number.isFinite(value));
    if (index >= 0 && (found === undefined || index < found.index))
      found = { index, name, value: values[index] ?? Number.NaN };
  }
  if (found === undefined) return undefined;
  return diverged(firstStep + found.index + 1, found.name, `became ${found.value}`, remedies);
}

/** A variable with a value that is not finite: a metric may still look fine while the weights are already lost. */
function brokenVariable({ step, variables }: Checkpoint, remedies: readonly string[]): DivergedError | undefined {
  for (const [name, { data }] of Object.entries(variables))
    if (data instanceof Float32Array && !data.every(Number.isFinite))
      return diverged(step, name, 'is no longer finite', remedies);
  return undefined;
}

function diverged(step: number, quantity: string, what: string, remedies: readonly string[]): DivergedError {
  return new DivergedError(
    `Training diverged at step ${step}: ${quantity} ${what}. The last good weights are kept. What helps: ${remedies.join('; ')}.`,
    step,
    quantity,
  );
}

/** How fast training goes: on the device, and by the wall clock, pauses left out. */
class Clock {
  millisecondsPerStep: number | undefined;
  #wall: number | undefined;
  #last = performance.now();

  record(deviceMilliseconds: number, steps: number): void {
    const now = performance.now();
    const perStep = deviceMilliseconds / steps;
    const wall = (now - this.#last) / steps;
    this.#last = now;
    // The first run also warms up and says little; afterwards a slow average steadies the display.
    this.millisecondsPerStep =
      this.millisecondsPerStep === undefined ? perStep : 0.5 * this.millisecondsPerStep + 0.5 * perStep;
    this.#wall = this.#wall === undefined ? wall : 0.8 * this.#wall + 0.2 * wall;
  }

  wallMillisecondsPerStep(): number {
    return this.#wall ?? 1;
  }

  pause(): void {
    this.#last = performance.now();
  }
}
