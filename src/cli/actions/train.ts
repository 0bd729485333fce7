// What "verisim train" does.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ConfigError, DivergedError, RunFolderError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { version } from '../../core/version.js';
import { type Dataset, openDataset } from '../../data/index.js';
import type { FitOptions, FitReport, GenerativeModel } from '../../models/contract.js';
import { parseOptionText } from '../../models/definition.js';
import { drawGrid } from '../../models/draw.js';
import { modelDefinition } from '../../models/registry.js';
import { recorder, writeAnimation } from '../../training/node/recorder.js';
import { type RunConfig, RunFolder } from '../../training/node/run-folder.js';
import { downloadDisplay } from '../download-display.js';
import { exitCodes } from '../exit-codes.js';
import { formatDuration, progressDisplay } from '../progress.js';
import type { TrainArguments } from '../train.js';

/** Samples in the grids that a training draws. */
const gridCount = 64;
/** The codes of those grids: the same in every run, so that runs can be compared. */
const gridSeed = 1;

export async function train(kind: string | undefined, options: TrainArguments): Promise<void> {
  const started = performance.now();
  const job =
    options.resume === undefined ? await startJob(kind, options) : await resumeJob(kind, options, options.resume);
  const { run, model, data, fit } = job;
  const stop = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write('\nStopping after the running steps and saving; press Ctrl-C again to quit at once.\n');
    stop.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const display = progressDisplay();
  try {
    process.stderr.write(
      `${model.kind} on ${data.name}: ${data.length} rows of ${data.exampleShape.join('x')} -> ${run.path}\n`,
    );
    const earlier = fit.resume === undefined ? [] : await run.rewindMetrics(fit.resume.step);
    const record = recorder(
      run,
      { draw: () => drawGrid(model, gridCount, gridSeed), save: (folder) => model.save(folder) },
      chartLayout,
      earlier,
    );
    const report = await model.fit(data, {
      ...fit,
      signal: stop.signal,
      observer: { ...record, onProgress: (progress) => display.show(progress) },
    });
    display.end();
    await writeAnimation(run);
    finish(run, report, options, (performance.now() - started) / 1000);
  } catch (error) {
    display.end();
    if (error instanceof DivergedError) await model.save(join(run.path, 'model'));
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await model.dispose();
    await data.dispose?.();
    await run.close();
  }
}

const chartLayout = [
  { label: 'loss (nats)', metrics: ['discriminatorLoss', 'generatorLoss'] },
  { label: 'probability', metrics: ['D(x)', 'D(G(z))'] },
] as const;

interface Job {
  readonly run: RunFolder;
  readonly model: GenerativeModel;
  readonly data: Dataset;
  readonly fit: FitOptions;
}

async function startJob(kind: string | undefined, options: TrainArguments): Promise<Job> {
  if (kind === undefined)
    throw new ConfigError(
      'Name the kind of model to train, such as "verisim train dcgan --data mnist"; "verisim models" lists them.',
    );
  const definition = modelDefinition(kind);
  if (options.data === undefined)
    throw new ConfigError(
      `Name the data to train on, such as "verisim train ${kind} --data mnist"; "verisim datasets" lists what is known.`,
    );
  const model = definition.create(Object.fromEntries(options.set.map(parseOptionText)));
  const data = await openDataset(options.data, { split: 'train', onDownload: downloadDisplay(options.data) });
  const { seed, device, threads, batch: batchSize, steps } = options;
  const epochs = options.epochs ?? (steps === undefined ? 5 : undefined);
  const config: RunConfig = {
    model: model.kind,
    options: model.config,
    training: { epochs, steps, batchSize, seed, device, threads },
    data: {
      name: options.data,
      split: 'train',
      length: data.length,
      exampleShape: data.exampleShape,
      classes: data.classes ?? [],
      source: data.source,
    },
    versions: { verisim: version, node: process.version },
  };
  const run = await RunFolder.create(options.out ?? join('runs', `${kind}-${basename(options.data)}`), config);
  return { run, model, data, fit: present({ epochs, steps, batchSize, seed, device, threads }) };
}

async function resumeJob(kind: string | undefined, options: TrainArguments, folder: string): Promise<Job> {
  const changed = Object.entries({
    '--data': options.data,
    '--batch': options.batch,
    '--out': options.out,
    '--set': options.set[0],
  });
  for (const [name, value] of [['a model', kind] as const, ...changed])
    if (value !== undefined)
      throw new ConfigError(
        `--resume continues ${folder} as it was started; ${name} cannot be given with it. Only --epochs or --steps may, to go on for longer.`,
      );
  if (!existsSync(folder)) throw new RunFolderError(`There is no folder ${folder} to resume. Look in runs/.`);
  const run = await RunFolder.open(folder);
  try {
    const { model: modelKind, options: modelOptions, training, data: recorded } = run.config;
    const model = modelDefinition(modelKind).create(modelOptions);
    const data = await openDataset(recorded.name, { split: 'train', onDownload: downloadDisplay(recorded.name) });
    if (data.length !== recorded.length || data.exampleShape.join() !== recorded.exampleShape.join())
      throw new RunFolderError(
        `${folder} was trained on ${recorded.length} rows of ${recorded.exampleShape.join('x')}; ${recorded.name} now has ${data.length} rows of ` +
          `${data.exampleShape.join('x')}. Restore the data it was started with.`,
      );
    const isLonger = options.epochs !== undefined || options.steps !== undefined;
    const length = isLonger
      ? { epochs: options.epochs, steps: options.steps }
      : { epochs: training.epochs, steps: training.steps };
    const { seed, batchSize, threads } = training;
    const device = training.device === 'webgpu' || training.device === 'wasm' ? training.device : 'cpu';
    const resume = await run.readCheckpoint();
    process.stderr.write(
      resume === undefined ? 'No checkpoint yet: starting again.\n' : `Continuing after step ${resume.step}.\n`,
    );
    return { run, model, data, fit: present({ ...length, batchSize, seed, device, threads, resume }) };
  } catch (error) {
    await run.close();
    throw error;
  }
}

function finish(run: RunFolder, report: FitReport, options: TrainArguments, seconds: number): void {
  for (const warning of report.warnings) process.stderr.write(`warning: ${warning}\n`);
  const isAborted = report.stoppedBecause === 'aborted';
  if (isAborted) {
    process.stderr.write(
      `Interrupted after step ${report.iterations}; everything is saved. Continue with: verisim train --resume ${run.path}\n`,
    );
    process.exitCode = exitCodes.interrupted;
  }
  const last = report.history.at(-1);
  if (options.json === true) {
    const { iterations, stoppedBecause, converged, warnings } = report;
    process.stdout.write(
      `${JSON.stringify({ run: run.path, iterations, stoppedBecause, converged, warnings, seconds, metrics: last?.metrics ?? {} })}\n`,
    );
  } else if (!isAborted)
    process.stdout.write(
      `Trained ${report.iterations} steps in ${formatDuration(seconds)}.\n` +
        `  samples  ${join(run.path, 'samples')}\n  curves   ${join(run.path, 'charts', 'training.svg')}\n` +
        `  model    ${join(run.path, 'model')}\nNext: npx verisim sample ${run.path}\n`,
    );
}
