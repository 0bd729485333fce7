// Training one stage of a tour: as many steps as fit into its time, in a run folder of its own that "verisim train --resume" knows too.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../../core/present.js';
import type { Dataset } from '../../data/index.js';
import { drawSamples } from '../../models/draw.js';
import { createModel } from '../../models/registry.js';
import { usualBatchSize } from '../../models/takes-batches.js';
import { canSample } from '../../models/tools/abilities.js';
import { measurePace, stepsWithin } from '../../report/tour/pace.js';
import type { TourStage } from '../../report/tour/stage.js';
import { writeWarnings } from '../../report/tour/warnings-file.js';
import { configFile, readRunConfig } from '../../training/node/run-config.js';
import type { TrainArguments } from '../train.js';
import type { TourData } from './tour-data.js';
import { resumeJob, startJob, type TrainJob } from './train-job.js';
import { runJob } from './train-run.js';

/** What a stage trains with. */
export interface StageTraining extends TourData {
  /** Its run folder. */
  readonly path: string;
  readonly data: Dataset;
  readonly seconds: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** A training takes at least so long, even where the time of the tour is used up. */
const leastSeconds = 1;
/** Looks at the samples during a training: epochs of small data would be over many times a second. */
const snapshots = 10;
/** A trial takes this share of a stage's time, at least a second and at most ten, and of little time not more than a quarter. */
const trialShare = 0.03;

/**
 * Trains a stage's model, unless that was done before, or goes on where its training was interrupted.
 *
 * @returns whether it came to its end; otherwise it was interrupted, and what was learnt is saved
 * @throws DivergedError and what else a training throws
 */
export async function trainStage(stage: TourStage, training: StageTraining): Promise<boolean> {
  if (await isFitted(training.path)) return true;
  const job = await stageJob(stage, training);
  try {
    // Ctrl-C while the run was being prepared.
    training.signal.throwIfAborted();
    const report = await runJob({ ...job, fit: { ...job.fit, ...cadence(job) } }, { signal: training.signal });
    if (report === undefined || report.stoppedBecause === 'aborted') return false;
    // A training that had ended before has nothing to warn of any more.
    if (report.history.length > 0) await writeWarnings(training.path, report.warnings);
    return true;
  } finally {
    await job.model.dispose();
    await job.close();
    await job.run.close();
  }
}

/** When samples are drawn and checkpoints written, besides once a minute and at the end. */
function cadence({ fit: { steps } }: TrainJob): { snapshotEvery?: number; checkpointEvery?: number } {
  return steps === undefined ? {} : { snapshotEvery: Math.ceil(steps / snapshots), checkpointEvery: steps };
}

/** Whether a fit of all rows at once is over: nothing of it has to be done again. */
async function isFitted(path: string): Promise<boolean> {
  return existsSync(join(path, configFile)) && (await readRunConfig(path)).training.iterations !== undefined;
}

async function stageJob(stage: TourStage, training: StageTraining): Promise<TrainJob> {
  const { path, data, dataName, seed, size, label } = training;
  if (existsSync(join(path, configFile))) return resumeJob(undefined, { set: [], resume: path }, path, data);
  const asked = { data: dataName, out: path, seed, ...present({ size, label }) };
  return startJob(stage.kind, { ...asked, ...(await lengthOf(stage, training)) }, data);
}

/** The model's options, and how long it trains. */
async function lengthOf(
  stage: TourStage,
  { data, seconds, signal }: StageTraining,
): Promise<Pick<TrainArguments, 'standardise' | 'steps' | 'batch' | 'set'>> {
  const options = stage.options({ seconds, data });
  const steps = await stepsOf(stage, options, { data, seconds, signal });
  const schedule = steps === undefined ? {} : (stage.schedule?.(steps) ?? {});
  return {
    // As they were opened.
    ...(data.table === undefined ? {} : { standardise: true }),
    ...(steps === undefined ? {} : { steps: steps.steps, batch: steps.batchSize }),
    set: Object.entries({ ...options, ...schedule }).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
  };
}

/** The steps that a model can do in its time; undefined for one that is fitted to all rows at once. */
async function stepsOf(
  { kind, batchSize: wanted }: TourStage,
  options: Readonly<Record<string, unknown>>,
  { data, seconds, signal }: Pick<StageTraining, 'data' | 'seconds' | 'signal'>,
): Promise<{ steps: number; epochs: number; batchSize: number } | undefined> {
  const trial = createModel(kind, options);
  const usual = usualBatchSize(trial, data.length);
  if (usual === undefined) return undefined;
  const batchSize = Math.min(wanted?.(data) ?? usual, data.length);
  const trialSeconds = Math.min(10, seconds / 4, Math.max(1, seconds * trialShare));
  const draw = canSample(trial) ? () => drawSamples(trial, data.exampleShape, 0) : undefined;
  const pace = await measurePace(trial, data, {
    seconds: trialSeconds,
    batchSize,
    seed: 0,
    signal,
    ...present({ draw }),
  });
  // Before the first step, too.
  const training = seconds - pace.trialSeconds - (snapshots + 1) * pace.drawSeconds;
  const steps = stepsWithin(Math.max(training, leastSeconds + pace.startSeconds), pace);
  return { steps, epochs: (steps * batchSize) / data.length, batchSize };
}
