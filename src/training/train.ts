// The one training loop. It runs a step program several steps at a time, feeds it, watches its metrics, and tells observers. What
// comes out depends on the program, the data, the seed and the number of steps, never on how the steps were cut up, on
// interruptions or on observers.
import { ConfigError, type DivergedError } from '../core/errors.js';
import { present } from '../core/present.js';
import { batcher } from '../data/batching.js';
import type { Dataset } from '../data/dataset.js';
import { lowerFor } from '../runtime/lower-for.js';
import type { CompiledStepProgram, Runtime, Values } from '../runtime/runtime.js';
import { brokenMetric, brokenVariable, type Divergence, divergedError } from './divergence.js';
import { type FeedMaker, type Feeds, feedMaker } from './feeds.js';
import { emptyWindow, MetricWindow, newestMetrics } from './metric-window.js';
import type { Checkpoint, MetricRow, TrainingPlan } from './observer.js';
import { Pace } from './pace.js';
import { type Cadence, planTraining, type TrainOptions } from './plan.js';
import type { TrainingProgram } from './program.js';
import { Validation, validationMetric } from './validation.js';

/** Why a training ended; `converged` where the rows it is validated on got no better any more. */
export type StopReason = 'finished' | 'converged' | 'aborted' | 'diverged';

/** What came out of a training. */
export interface TrainResult {
  readonly variables: Values;
  /** The weights of the step that was best on the validation rows, where there are some and it looked at them. */
  readonly best?: Values;
  readonly steps: number;
  readonly stoppedBecause: StopReason;
  readonly history: readonly MetricRow[];
  /** What broke, where training diverged. `variables` are then the last good ones. */
  readonly divergence?: DivergedError;
}

/**
 * Trains.
 *
 * @throws ConfigError where neither or both of epochs and steps are given, numbers are not whole, or a checkpoint does not fit
 * @throws whatever an observer or the data throws; the device is then free again
 */
export async function train(
  program: TrainingProgram,
  data: Dataset,
  runtime: Runtime,
  options: TrainOptions,
): Promise<TrainResult> {
  const { batchSize, initial } = program;
  const batches = batcher({ length: data.length, batchSize, seed: options.seed });
  const plan = planTraining(options, { stepsPerEpoch: batches.stepsPerEpoch, batchSize });
  const start = options.resume ?? { step: 0, variables: initial, window: emptyWindow };
  if (options.resume !== undefined) checkFits(start.variables, initial);
  const makeFeeds = feedMaker(program, data, batches, options);
  const compiled = await runtime.compileStep(await lowerFor(runtime, program.step));
  let validation: Validation | undefined;
  try {
    validation = await Validation.open(runtime, program, data, options);
    await compiled.write(start.variables);
    await options.observer?.onStart?.(plan);
    return await runSteps(compiled, makeFeeds, { plan, start, program, options, validation });
  } finally {
    await validation?.dispose();
    await compiled.dispose();
  }
}

interface Task {
  readonly plan: TrainingPlan & Cadence;
  readonly start: Checkpoint;
  readonly program: TrainingProgram;
  readonly options: TrainOptions;
  readonly validation: Validation | undefined;
}

async function runSteps(
  compiled: CompiledStepProgram,
  makeFeeds: FeedMaker,
  { plan, start, program, options: { observer, signal }, validation }: Task,
): Promise<TrainResult> {
  const { steps, stepsPerEpoch, snapshotEvery, checkpointEvery, checkpointMilliseconds, validateEvery } = plan;
  const window = new MetricWindow(plan.logEvery, stepsPerEpoch, start.window);
  const pace = new Pace(bytesPerStep(compiled), plan.stepsPerRun);
  const history: MetricRow[] = [];
  let step = start.step;
  let lastGood = start;
  let divergence: Divergence | undefined;
  let savedAt = performance.now();

  const state = async (): Promise<Checkpoint> => {
    const best = validation?.best;
    return { step, variables: await compiled.read(), window: window.open, ...present({ best }) };
  };
  const save = async (checkpoint: Checkpoint): Promise<void> => {
    const seen = observer?.remember?.(checkpoint) ?? {};
    await observer?.onCheckpoint?.(Object.keys(seen).length === 0 ? checkpoint : { ...checkpoint, seen });
  };
  const log = async (rows: readonly MetricRow[]): Promise<void> => {
    for (const row of rows) {
      history.push(row);
      await observer?.onMetrics?.(row);
    }
  };
  /** The feeds of the run from `first` on. Runs end where somebody wants to look. */
  const prepare = async (first: number): Promise<{ count: number; feeds: Feeds } | undefined> => {
    const left = steps - first;
    if (left <= 0) return undefined;
    const looks = [snapshotEvery, checkpointEvery, ...(validation === undefined ? [] : [validateEvery])];
    const boundaries = looks.map((every) => every - (first % every));
    const count = Math.min(pace.stepsPerRun, left, ...boundaries);
    return { count, feeds: await makeFeeds(first, count) };
  };

  // Data that cannot be read are found before anybody takes over the first weights.
  let run = await prepare(step);
  if (step === 0) await observer?.onSnapshot?.(await state());
  pace.pause();
  while (run !== undefined && signal?.aborted !== true && validation?.isExhausted !== true) {
    const { count, feeds } = run;
    // The next run's rows and noise are made while this one computes.
    const [metrics, following] = await Promise.all([compiled.run(count, feeds), prepare(step + count)]);
    divergence = brokenMetric(metrics, step);
    if (divergence !== undefined) break;
    pace.record(compiled.lastRunMs, count);
    await log(window.add(step, count, metrics));
    step += count;
    run = following;
    await observer?.onProgress?.({
      ...window.row(step, newestMetrics(metrics)),
      steps,
      epochs: steps / stepsPerEpoch,
      stepsPerSecond: 1000 / pace.millisecondsPerStep,
      secondsLeft: ((steps - step) * pace.millisecondsPerStep) / 1000,
    });
    // The end has its own snapshot and checkpoint below.
    const wantsSnapshot = step < steps && step % snapshotEvery === 0;
    const isDue = step % checkpointEvery === 0 || performance.now() - savedAt >= checkpointMilliseconds;
    const wantsCheckpoint = step < steps && isDue;
    const wantsLook = validation !== undefined && step % validateEvery === 0;
    if (!wantsSnapshot && !wantsCheckpoint && !wantsLook) continue;
    let checkpoint = await state();
    divergence = brokenVariable(checkpoint.variables, step);
    if (divergence !== undefined) break;
    if (wantsLook) {
      const loss = await validation.look(step, checkpoint.variables);
      divergence = brokenMetric({ [validationMetric]: Float64Array.of(loss) }, step - 1);
      if (divergence !== undefined) break;
      await log([window.row(step, { [validationMetric]: loss })]);
      checkpoint = await state();
    }
    lastGood = checkpoint;
    if (wantsSnapshot) await observer?.onSnapshot?.(checkpoint);
    if (wantsCheckpoint) {
      await save(checkpoint);
      savedAt = performance.now();
    }
    pace.pause();
  }

  let last = await state();
  const broken = brokenVariable(last.variables, step);
  divergence ??= broken;
  if (divergence !== undefined) {
    // A run that diverged is not kept, but weights may have broken in an earlier one without a metric showing it.
    if (broken !== undefined) last = lastGood;
    const error = divergedError(divergence, last.step, program.remedies);
    return { ...outcome(last), stoppedBecause: 'diverged', history, divergence: error };
  }
  const isConverged = validation?.isExhausted === true;
  const isFinished = step === steps || isConverged;
  if (isFinished) {
    // The last row may be of a part of a window; the checkpoint keeps that part open, for whoever continues.
    await log(window.close(step));
    await observer?.onSnapshot?.(last);
  }
  await save(last);
  return { ...outcome(last), stoppedBecause: isConverged ? 'converged' : isFinished ? 'finished' : 'aborted', history };
}

function outcome({ variables, step, best }: Checkpoint): Pick<TrainResult, 'variables' | 'best' | 'steps'> {
  return { variables, steps: step, ...(best === undefined ? {} : { best: best.weights }) };
}

/** @throws ConfigError where a checkpoint is not one of this program */
function checkFits(variables: Values, expected: Values): void {
  const describe = (values: Values, name: string): string => {
    const value = values[name];
    return value === undefined ? 'missing' : `${value.dtype} [${value.shape.join(', ')}]`;
  };
  for (const name of new Set([...Object.keys(expected), ...Object.keys(variables)])) {
    const [received, wanted] = [describe(variables, name), describe(expected, name)];
    if (received !== wanted)
      throw new ConfigError(
        `The checkpoint does not fit this training: "${name}" is ${received} in it, but ${wanted} in the model. ` +
          'Resume with the options and data that the training was started with.',
      );
  }
}

const elementBytes = { float32: 4, float64: 8, int64: 8, bool: 1, uint8: 1 } as const;

function bytesPerStep({ feeds }: CompiledStepProgram): number {
  return feeds.reduce(
    (total, { shape, dtype }) =>
      total + elementBytes[dtype] * shape.reduce<number>((product, dim) => product * Number(dim), 1),
    0,
  );
}
