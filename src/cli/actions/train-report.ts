// What "verisim train" says when a training has ended.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FitReport } from '../../models/contract.js';
import { takesBatches } from '../../models/takes-batches.js';
import { canSample } from '../../models/tools/abilities.js';
import { readMetrics } from '../../training/node/metrics-file.js';
import { counted } from '../counted.js';
import { exitCodes } from '../exit-codes.js';
import { formatDuration, formatMetric } from '../progress-line.js';
import type { TrainJob } from './train-job.js';

/** Writes the warnings to standard error and what came of it to standard output. */
export async function printReport(
  { run, model, fit }: Pick<TrainJob, 'run' | 'model' | 'fit'>,
  { iterations, stoppedBecause, converged, warnings }: FitReport,
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
  // Not the report's history: a run that had ended already has none, and tries that were dropped are in it.
  const metrics = (await readMetrics(run.path)).at(-1)?.metrics ?? {};
  if (json === true) {
    process.stdout.write(
      `${JSON.stringify({ run: run.path, iterations, stoppedBecause, converged, warnings, seconds, metrics, pictures: await picturesOf(run.path) })}\n`,
    );
  } else if (!isAborted) {
    const newest = (await readdir(join(run.path, 'samples')))
      .filter((name) => name.startsWith('step-'))
      .sort()
      .at(-1);
    const curves = join(run.path, 'charts', 'training.svg');
    const pictures = await picturesOf(run.path);
    const time = formatDuration(seconds);
    process.stdout.write(
      (inBatches
        ? `${trained(fit.resume?.step ?? 0, iterations, time)}\n`
        : `${fitted(iterations, converged, time)}\n${resultLine(metrics)}`) +
        (newest === undefined ? '' : `  samples  ${join(run.path, 'samples', newest)}\n`) +
        (existsSync(curves) ? `  curves   ${curves}\n` : '') +
        pictures.map((path) => `  picture  ${path}\n`).join('') +
        `  model    ${join(run.path, 'model')}\nNext: npx verisim ${nextCommand({ run, model })}\n`,
    );
  }
}

/** What to do with the model now. */
function nextCommand({ run, model }: Pick<TrainJob, 'run' | 'model'>): string {
  if (canSample(model)) return `sample ${run.path}`;
  return `classify ${run.path} --data ${run.config.data.name} --split test`;
}

/** The figures of what was learnt. */
async function picturesOf(path: string): Promise<string[]> {
  const names = await readdir(join(path, 'charts'));
  return names
    .filter((name) => name.endsWith('.png') && name !== 'training.png')
    .sort()
    .map((name) => join(path, 'charts', name));
}

/** What this command did of a run's steps. */
function trained(before: number, after: number, time: string): string {
  if (before === after) return `${after === 1 ? 'The only step' : `All ${after} steps`} had been done before.`;
  if (after === before + 1 && before > 0) return `Trained step ${after} in ${time}.`;
  const steps = before === 0 ? counted(after, 'step') : `steps ${before + 1} to ${after}`;
  return `Trained ${steps} in ${time}.`;
}

/** What this command did of a fit to all rows at once. */
function fitted(iterations: number, converged: boolean, time: string): string {
  return iterations === 1 && converged
    ? `Fitted in ${time}, in one pass.`
    : `Fitted in ${time}, ${counted(iterations, 'iteration')}: ${converged ? 'converged' : 'not converged'}.`;
}

/** What the fit ended with; nothing where that is about one of several starts or classes. */
function resultLine(metrics: Readonly<Record<string, number>>): string {
  if ('restart' in metrics || 'class' in metrics) return '';
  const numbers = Object.entries(metrics).map(([name, value]) => `${name} ${formatMetric(value)}`);
  return numbers.length === 0 ? '' : `  result   ${numbers.join(', ')}\n`;
}
