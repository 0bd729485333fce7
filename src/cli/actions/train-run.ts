// Running a training that can start: the model learns while the terminal shows how far it is and the run folder is kept up to date.
import { join } from 'node:path';
import { ConfigError, DivergedError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import type { FitReport } from '../../models/contract.js';
import { drawSamples } from '../../models/draw.js';
import { drawPictures } from '../../models/pictures/draw-pictures.js';
import { takesBatches } from '../../models/takes-batches.js';
import { canSample } from '../../models/tools/abilities.js';
import { type Recorded, type Recorder, recorder } from '../../training/node/recorder.js';
import type { RunFolder } from '../../training/node/run-folder.js';
import { observers, type TrainingObserver } from '../../training/observer.js';
import { counted } from '../counted.js';
import { exitCodes } from '../exit-codes.js';
import { watchInterruption } from '../interruption.js';
import { type ProgressStream, progressDisplay } from '../progress.js';
import { versionsOf } from '../versions.js';
import type { TrainJob } from './train-job.js';

/** The codes of the samples drawn on the way: the same in every run, so that runs can be compared. */
const sampleSeed = 1;

/**
 * Fits the job's model, telling how far it is on `stream`, by default standard error.
 *
 * @param signal stops it. Default: Ctrl-C does
 * @returns the report, or undefined where the fit was interrupted before there was anything to report
 */
export async function runJob(
  job: TrainJob,
  { stream, signal }: { readonly stream?: ProgressStream; readonly signal?: AbortSignal } = {},
): Promise<FitReport | undefined> {
  const { run, definition, model, data, fit: options, isNew } = job;
  const inBatches = takesBatches(model);
  const display = progressDisplay(stream, inBatches ? 'step' : 'iteration');
  const stopping = `Stopping after the running ${inBatches ? 'steps' : 'iteration'} and saving; press Ctrl-C again to quit at once.`;
  const interruption =
    signal === undefined ? watchInterruption(() => display.note(stopping)) : { signal, release: () => undefined };
  let hasStarted = false;
  try {
    const earlier = isNew ? [] : await run.rewindMetrics(inBatches ? options.resume : undefined);
    const note = (text: string): void => display.note(text);
    const recorded = {
      draw: drawing(job, note),
      pictures: picturing(job, note),
      save: (folder: string) => model.save(folder),
    };
    const charts = { ...present({ panels: definition.charts }), axis: inBatches ? 'epoch' : 'iteration' } as const;
    const record = recorder(run, recorded, charts, earlier);
    note(
      `${model.kind} on ${data.name}: ${counted(data.length, 'row')} of ${data.exampleShape.join('x')} -> ${run.path}`,
    );
    if (!isNew) announceResume(job, note);
    display.wait(inBatches ? 'Compiling the training step ...' : 'Fitting ...');
    const progress: TrainingObserver = {
      async onStart({ steps }) {
        // A fit of all rows at once leaves nothing to go on with before its end.
        if (!inBatches) return;
        hasStarted = true;
        const { epochs, steps: wanted } = options;
        await run.configure({
          ...run.config,
          training: { ...run.config.training, epochs, steps: wanted, totalSteps: steps },
        });
      },
      onProgress: display.show,
      onWarning: ({ step, text }) => note(`warning after step ${step}: ${text}`),
    };
    try {
      const observer = observers(progress, inBatches ? record : withoutCheckpoints(record));
      const report = await model.fit(data, { ...options, signal: interruption.signal, observer });
      display.end();
      if (!inBatches && report.iterations === 0) return await nothingLearnt(job, display.note);
      hasStarted = true;
      await record.finish(inBatches ? undefined : report);
      if (!inBatches && report.stoppedBecause === 'finished') await finished(run, report);
      return report;
    } catch (error) {
      if (error instanceof DivergedError) {
        await model.save(join(run.path, 'model'));
        await record.finish();
      }
      throw error;
    } finally {
      display.end();
    }
  } catch (error) {
    if (interruption.signal.aborted && isAbort(error)) return await nothingLearnt(job, display.note);
    if (isNew && !hasStarted) await run.discard();
    else if (hasStarted && !(error instanceof DivergedError))
      display.note(`The training stopped. Once the cause is gone, continue with: verisim train --resume ${run.path}`);
    throw error;
  } finally {
    interruption.release();
  }
}

/** An interruption so early that there is nothing to keep. */
async function nothingLearnt({ run, isNew }: TrainJob, note: (text: string) => void): Promise<undefined> {
  note('Interrupted before anything was learnt; nothing is saved.');
  process.exitCode = exitCodes.interrupted;
  if (isNew) await run.discard();
  return undefined;
}

/** A model that takes all rows at once is fitted again rather than resumed: what it tells on the way is for display alone. */
function withoutCheckpoints({ onMetrics, onSnapshot }: Recorder): TrainingObserver {
  return present({ onMetrics, onSnapshot });
}

/** Draws what the model has learnt; a model that cannot draw says so and leaves no samples. */
function drawing({ model, data }: TrainJob, note: (text: string) => void): Recorded['draw'] {
  return async () => {
    // A classifier draws nothing.
    if (!canSample(model)) return undefined;
    try {
      return await drawSamples(model, data.exampleShape, sampleSeed);
    } catch (error) {
      if (takesBatches(model) || !(error instanceof ConfigError)) throw error;
      note(`No samples are drawn: ${error.message}`);
      return undefined;
    }
  };
}

/** Draws what the model has learnt. A picture that cannot be drawn is no reason to call a finished training failed. */
function picturing({ model, data }: TrainJob, note: (text: string) => void): NonNullable<Recorded['pictures']> {
  return async () => {
    try {
      return await drawPictures(model, { data, seed: sampleSeed });
    } catch (error) {
      note(`No pictures of the model are drawn: ${error instanceof Error ? error.message : error}`);
      return [];
    }
  };
}

/** Records that a fit without checkpoints has come to its end, which no step tells. */
async function finished(run: RunFolder, { iterations, converged }: FitReport): Promise<void> {
  await run.configure({ ...run.config, training: { ...run.config.training, iterations, converged } });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function announceResume({ run: { config }, model, fit: { resume } }: TrainJob, note: (text: string) => void): void {
  if (!takesBatches(model)) note(`${model.kind} has no checkpoints: fitting again from the beginning.`);
  else note(resume === undefined ? 'No checkpoint yet: starting again.' : `Continuing after step ${resume.step}.`);
  for (const [name, now] of Object.entries(versionsOf(config.training.device)))
    if (config.versions[name] !== now)
      note(
        `warning: started with ${name} ${config.versions[name]}, continued with ${now}: numbers may differ in their last digits.`,
      );
}
