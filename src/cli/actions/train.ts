// What "verisim train" does.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DivergedError } from '../../core/errors.js';
import type { FitReport } from '../../models/contract.js';
import { drawSamples } from '../../models/draw.js';
import { readMetrics } from '../../training/node/metrics-file.js';
import { recorder } from '../../training/node/recorder.js';
import type { RunFolder } from '../../training/node/run-folder.js';
import { observers, type TrainingObserver } from '../../training/observer.js';
import { exitCodes } from '../exit-codes.js';
import { watchInterruption } from '../interruption.js';
import { progressDisplay } from '../progress.js';
import { formatDuration } from '../progress-line.js';
import type { TrainArguments } from '../train.js';
import { versionsOf } from '../versions.js';
import { resumeJob, startJob, type TrainJob } from './train-job.js';

/** The codes of the samples drawn on the way: the same in every run, so that runs can be compared. */
const sampleSeed = 1;

const chartLayout = [
  { label: 'loss (nats)', metrics: ['discriminatorLoss', 'generatorLoss'] },
  { label: 'probability', metrics: ['D(x)', 'D(G(z))'] },
] as const;

export async function train(kind: string | undefined, options: TrainArguments): Promise<void> {
  const started = performance.now();
  const { resume } = options;
  const job = resume === undefined ? await startJob(kind, options) : await resumeJob(kind, options, resume);
  const { run, model, data } = job;
  try {
    const report = await fit(job);
    await printReport(run, report, options, {
      before: job.fit.resume?.step ?? 0,
      seconds: (performance.now() - started) / 1000,
    });
  } finally {
    await model.dispose();
    await data.dispose?.();
    await run.close();
  }
}

async function fit({ run, model, data, fit: options, isNew }: TrainJob): Promise<FitReport> {
  const display = progressDisplay();
  const interruption = watchInterruption(() =>
    display.note('Stopping after the running steps and saving; press Ctrl-C again to quit at once.'),
  );
  let hasStarted = false;
  try {
    const earlier = isNew ? [] : await run.rewindMetrics(options.resume);
    const draw = () => drawSamples(model, data.exampleShape, sampleSeed);
    const record = recorder(run, { draw, save: (folder) => model.save(folder) }, chartLayout, earlier);
    display.note(`${model.kind} on ${data.name}: ${data.length} rows of ${data.exampleShape.join('x')} -> ${run.path}`);
    if (!isNew) announceResume(run, options.resume?.step, (text) => display.note(text));
    display.wait('Compiling the training step ...');
    const progress: TrainingObserver = {
      async onStart({ steps }) {
        hasStarted = true;
        const { epochs, steps: wanted } = options;
        await run.configure({
          ...run.config,
          training: { ...run.config.training, epochs, steps: wanted, totalSteps: steps },
        });
      },
      onProgress: display.show,
    };
    try {
      const observer = observers(progress, record);
      const report = await model.fit(data, { ...options, signal: interruption.signal, observer });
      await record.finish();
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
    if (isNew && !hasStarted) await run.discard();
    else if (hasStarted && !(error instanceof DivergedError))
      display.note(`The training stopped. Once the cause is gone, continue with: verisim train --resume ${run.path}`);
    throw error;
  } finally {
    interruption.release();
  }
}

function announceResume({ config }: RunFolder, step: number | undefined, note: (text: string) => void): void {
  note(step === undefined ? 'No checkpoint yet: starting again.' : `Continuing after step ${step}.`);
  for (const [name, now] of Object.entries(versionsOf(config.training.device)))
    if (config.versions[name] !== now)
      note(
        `warning: started with ${name} ${config.versions[name]}, continued with ${now}: numbers may differ in their last digits.`,
      );
}

async function printReport(
  run: RunFolder,
  { iterations, stoppedBecause, converged, warnings, history }: FitReport,
  { json }: TrainArguments,
  { before, seconds }: { readonly before: number; readonly seconds: number },
): Promise<void> {
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  const isAborted = stoppedBecause === 'aborted';
  if (isAborted) {
    process.stderr.write(
      `Interrupted after step ${iterations}; everything is saved. Continue with: verisim train --resume ${run.path}\n`,
    );
    process.exitCode = exitCodes.interrupted;
  }
  if (json === true) {
    // A run that had ended already has no metrics of its own.
    const metrics = (history.at(-1) ?? (await readMetrics(run.path)).at(-1))?.metrics ?? {};
    process.stdout.write(
      `${JSON.stringify({ run: run.path, iterations, stoppedBecause, converged, warnings, seconds, metrics })}\n`,
    );
  } else if (!isAborted) {
    const newest = (await readdir(join(run.path, 'samples')))
      .filter((name) => name.startsWith('step-'))
      .sort()
      .at(-1);
    process.stdout.write(
      `${trained(before, iterations, seconds)}\n` +
        `  samples  ${join(run.path, 'samples', newest ?? '')}\n  curves   ${join(run.path, 'charts', 'training.svg')}\n` +
        `  model    ${join(run.path, 'model')}\nNext: npx verisim sample ${run.path}\n`,
    );
  }
}

/** What this command did of a run's steps. */
function trained(before: number, after: number, seconds: number): string {
  if (before === after) return `All ${after} steps had been done before.`;
  const steps = before === 0 ? `${after} steps` : `steps ${before + 1} to ${after}`;
  return `Trained ${steps} in ${formatDuration(seconds)}.`;
}
