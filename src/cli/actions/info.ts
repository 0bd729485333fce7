// What "verisim info" does.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunFolderError } from '../../core/errors.js';
import { load } from '../../models/node/load.js';
import { readModelFolder } from '../../models/node/model-folder.js';
import type { SavedModel } from '../../models/saved-model.js';
import { canSample } from '../../models/tools/abilities.js';
import { folderHolder } from '../../training/node/folder-lock.js';
import { readMetrics } from '../../training/node/metrics-file.js';
import { type RunConfig, readRunConfig } from '../../training/node/run-config.js';
import type { MetricRow } from '../../training/observer.js';
import { counted } from '../counted.js';
import { formatMetric } from '../progress-line.js';

/** What a folder holds. */
interface Contents {
  readonly folder: string;
  readonly run: RunConfig | undefined;
  readonly saved: SavedModel | undefined;
  readonly last: MetricRow | undefined;
  /** The process that is training it now. */
  readonly holder: string | undefined;
}

export async function info(
  folder: string,
  { explain, json }: { readonly explain?: boolean; readonly json?: boolean },
): Promise<void> {
  const contents = await readContents(folder);
  const program = explain === true ? await explainModel(folder) : undefined;
  if (json === true) process.stdout.write(`${JSON.stringify(document(contents, program))}\n`);
  else process.stdout.write(`${text(contents)}\n${program === undefined ? '' : `\n${program}\n`}`);
}

async function readContents(folder: string): Promise<Contents> {
  if (!existsSync(folder)) throw new RunFolderError(`There is no folder ${folder}. Runs are by default in runs/.`);
  const isRun = existsSync(join(folder, 'config.json'));
  const modelFolder = isRun ? join(folder, 'model') : folder;
  return {
    folder,
    run: isRun ? await readRunConfig(folder) : undefined,
    saved: !isRun || existsSync(join(modelFolder, 'model.json')) ? await readModelFolder(modelFolder) : undefined,
    last: (await readMetrics(folder)).at(-1),
    holder: await folderHolder(folder),
  };
}

function weightsOf(saved: SavedModel | undefined): { name: string; shape: readonly number[]; size: number }[] {
  return Object.entries(saved?.weights ?? {}).map(([name, { shape, data }]) => ({ name, shape, size: data.length }));
}

function document({ folder, run, saved, last, holder }: Contents, program: string | undefined): object {
  const weights = weightsOf(saved);
  return {
    folder,
    run: run ?? null,
    isTraining: holder !== undefined,
    model: saved === undefined ? null : { kind: saved.kind, config: saved.config, exampleShape: saved.exampleShape },
    weights,
    size: totalSize(weights),
    last: last ?? null,
    ...(program === undefined ? {} : { program }),
  };
}

function text(contents: Contents): string {
  const { folder, run, saved } = contents;
  const weights = weightsOf(saved);
  const nameWidth = Math.max(0, ...weights.map(({ name }) => name.length));
  return [
    ...(run === undefined ? [] : [`run       ${folder}, started ${run.started}`]),
    ...modelLines(run?.model ?? saved?.kind ?? '', run?.options ?? saved?.config ?? {}),
    ...(run === undefined ? [] : runLines(run)),
    ...progressLines(contents),
    ...(saved === undefined ? [] : [`weights   ${totalSize(weights).toLocaleString('en')} numbers`]),
    ...weights.map(({ name, shape, size }) => {
      const numbers = size.toLocaleString('en');
      return `  ${name.padEnd(nameWidth)}  [${shape.join(', ')}]${size > 1 && shape.length > 1 ? `  ${numbers}` : ''}`;
    }),
  ].join('\n');
}

function modelLines(kind: string, options: object): string[] {
  const lines = Object.entries(options).map(([name, value]) => `  ${name} = ${JSON.stringify(value)}`);
  return [`model     ${kind}`, ...lines];
}

function runLines({ data, training, versions }: RunConfig): string[] {
  const list = (values: object): string =>
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  return [
    `data      ${data.name}, ${data.split}: ${counted(data.length, 'row')} of ${data.exampleShape.join('x')}`,
    `training  ${list(training)}`,
    `versions  ${list(versions)}`,
  ];
}

function progressLines({ folder, run, saved, last, holder }: Contents): string[] {
  if (run === undefined) return [];
  const { totalSteps, batchSize, iterations } = run.training;
  const isFinished = iterations !== undefined || (last !== undefined && last.step === totalSteps);
  const state =
    holder !== undefined
      ? `training now, by ${holder}`
      : isFinished
        ? 'finished'
        : `stopped before its end; continue with: verisim train --resume ${folder}`;
  const steps =
    last === undefined ? 'no metrics yet' : `step ${last.step} of ${totalSteps ?? 'some'}, epoch ${last.epoch}`;
  // Models that take all rows at once have no batches.
  const position = batchSize === undefined ? `iteration ${iterations ?? last?.step ?? 0}` : steps;
  const metrics = Object.entries(last?.metrics ?? {}).map(([name, value]) => `  ${name} ${formatMetric(value)}`);
  return [
    `state     ${state}`,
    `progress  ${position}`,
    ...metrics,
    ...(saved === undefined ? ['weights   none yet: the first checkpoint is still to come'] : []),
  ];
}

function totalSize(weights: readonly { readonly size: number }[]): number {
  return weights.reduce((total, { size }) => total + size, 0);
}

/** The model's sampling program, operator by operator. */
async function explainModel(folder: string): Promise<string> {
  const { explain } = await import('../../tensor/explain.js');
  const model = await load(folder);
  try {
    if ('samplingProgram' in model && typeof model.samplingProgram === 'function')
      return String(explain(model.samplingProgram()));
    return canSample(model)
      ? `The model ${model.kind} samples without a program.`
      : `The model ${model.kind} draws no rows, so it has no sampling program.`;
  } finally {
    await model.dispose();
  }
}
