// What "verisim train" says when a training has ended.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FitReport } from '../../models/contract.js';
import { takesBatches } from '../../models/takes-batches.js';
import { readMetrics } from '../../training/node/metrics-file.js';
import { exitCodes } from '../exit-codes.js';
import { formatDuration } from '../progress-line.js';
import type { TrainJob } from './train-job.js';

/** Writes the warnings to standard error and what came of it to standard output. */
export async function printReport(
  { run, model, fit }: Pick<TrainJob, 'run' | 'model' | 'fit'>,
  { iterations, stoppedBecause, converged, warnings, history }: FitReport,
  { json }: { readonly json?: boolean },
  seconds: number,
): Promise<void> {
  const inBatches = takesBatches(model);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  const isAborted = stoppedBecause === 'aborted';
  if (isAborted) {
    process.stderr.write(
      inBatches
        ? `Interrupted after step ${iterations}; everything is saved. Continue with: verisim train --resume ${run.path}\n`
        : `Interrupted after ${counted(iterations, 'iteration')}; the model as it is now is saved. ` +
            `To fit it from the beginning to its end: verisim train --resume ${run.path}\n`,
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
    const curves = join(run.path, 'charts', 'training.svg');
    const time = formatDuration(seconds);
    process.stdout.write(
      (inBatches
        ? `${trained(fit.resume?.step ?? 0, iterations, time)}\n`
        : `Fitted in ${time}, ${counted(iterations, 'iteration')}: ${converged ? 'converged' : 'not converged'}.\n`) +
        (newest === undefined ? '' : `  samples  ${join(run.path, 'samples', newest)}\n`) +
        (existsSync(curves) ? `  curves   ${curves}\n` : '') +
        `  model    ${join(run.path, 'model')}\nNext: npx verisim sample ${run.path}\n`,
    );
  }
}

/** What this command did of a run's steps. */
function trained(before: number, after: number, time: string): string {
  if (before === after) return `All ${after} steps had been done before.`;
  const steps = before === 0 ? `${after} steps` : `steps ${before + 1} to ${after}`;
  return `Trained ${steps} in ${time}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
