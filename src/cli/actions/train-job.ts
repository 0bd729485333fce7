// What a training needs before it can start: the run folder, the model, the data and the options, for a new run or a resumed one.
import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { ConfigError, RunFolderError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type AugmentationName, type Dataset, defaultMissingTexts, namedDatasets } from '../../data/index.js';
import { fingerprint } from '../../data/node/fingerprint.js';
import type { FitOptions, FittableModel } from '../../models/contract.js';
import { type ModelDefinition, parseOptionText } from '../../models/definition.js';
import { modelDefinition } from '../../models/registry.js';
import { takesBatches, usualBatchSize } from '../../models/takes-batches.js';
import { physicalCores } from '../../runtime/node/cores.js';
import type { RunConfig } from '../../training/node/run-config.js';
import { checkFree, RunFolder } from '../../training/node/run-folder.js';
import type { TrainArguments } from '../train.js';
import { versionsOf } from '../versions.js';
import { openOnce } from './open-data.js';
import { trainingRows } from './validation-rows.js';

/** A training that can start. */
export interface TrainJob {
  readonly run: RunFolder;
  readonly definition: ModelDefinition;
  readonly model: FittableModel;
  /** The rows that are trained on. */
  readonly data: Dataset;
  readonly fit: FitOptions;
  /** Whether the run folder was made for this, so that a mistake may take it back. */
  readonly isNew: boolean;
  /** Closes the data. */
  close(): Promise<void>;
}

const defaultEpochs = 5;

/** How the data of a run are opened. */
type DataOptions = Pick<RunConfig['data'], 'size' | 'binarise' | 'table'>;

/**
 * A new run.
 *
 * @param opened the rows to train on, where they are open already, as the options would have them opened
 * @throws ConfigError, DatasetError, RunFolderError before anything is written
 */
export async function startJob(kind: string | undefined, options: TrainArguments, opened?: Dataset): Promise<TrainJob> {
  if (kind === undefined)
    throw new ConfigError(
      'Name the kind of model to train, such as "verisim train dcgan --data mnist"; "verisim models" lists them.',
    );
  const definition = modelDefinition(kind);
  if (options.data === undefined)
    throw new ConfigError(
      `Name the data to train on, such as "verisim train ${kind} --data mnist"; "verisim datasets" lists what is known.`,
    );
  const model = definition.create(modelOptions(options.set));
  if (!takesBatches(model)) refuseBatches(definition, options);
  const name = Object.hasOwn(namedDatasets, options.data) ? options.data : resolve(options.data);
  const path = options.out ?? join('runs', `${kind}-${basename(name, extname(name))}`);
  await checkFree(path);
  const { seed = 0, device = 'cpu', threads = physicalCores(), steps, size } = options;
  const augment = augmentationsOf(options);
  const epochs = options.epochs ?? (takesBatches(model) && steps === undefined ? defaultEpochs : undefined);
  const opening = present({
    size: size && ([...size] satisfies [number, number]),
    binarise: options.binarise,
    table: tableOptions(options, model),
  });
  const data = await openOnce(opened, options.data, { split: 'train', ...opening });
  try {
    checkTable(data, options);
    const { validation: choice, patience } = options;
    const { rows, validation, close } = await trainingRows(data, choice, options.data, opening, seed);
    const batch = options.batch ?? usualBatchSize(model, rows.length);
    const run = await RunFolder.create(path, {
      format: 'verisim-run',
      started: new Date().toISOString(),
      model: model.kind,
      options: { ...model.config },
      training: {
        epochs,
        steps,
        batchSize: batch,
        seed,
        device,
        threads,
        ...present({ augment: augment && [...augment], validation: choice, patience }),
      },
      data: await describe(data, name, opening),
      versions: versionsOf(device),
    });
    return {
      run,
      definition,
      model,
      data: rows,
      fit: present({ epochs, steps, batchSize: batch, seed, device, threads, augment, validation, patience }),
      isNew: true,
      async close() {
        await close();
        await data.dispose?.();
      },
    };
  } catch (error) {
    await data.dispose?.();
    throw error;
  }
}

/**
 * A run to be continued.
 *
 * @param opened as of startJob
 * @throws ConfigError, DatasetError, FileFormatError, RunFolderError
 */
export async function resumeJob(
  kind: string | undefined,
  options: TrainArguments,
  path: string,
  opened?: Dataset,
): Promise<TrainJob> {
  refuseChanges(kind, options, path);
  if (!existsSync(path))
    throw new RunFolderError(`There is no folder ${path} to resume. Runs are by default in runs/.`);
  const run = await RunFolder.open(path);
  try {
    const { model: modelKind, training, data: recorded } = run.config;
    const { definition, model } = recreate(run, modelKind);
    if (!takesBatches(model)) refuseBatches(definition, options);
    const opening = present({ size: recorded.size, binarise: recorded.binarise, table: recorded.table });
    const data = await openOnce(opened, recorded.name, { split: 'train', ...opening });
    await checkUnchanged(run, data);
    const isLonger = options.epochs !== undefined || options.steps !== undefined;
    const { epochs, steps } = isLonger ? options : training;
    const { seed, batchSize, device, threads, augment, patience } = training;
    const { rows, validation, close } = await trainingRows(data, training.validation, recorded.name, opening, seed);
    const resume = takesBatches(model) ? await run.readCheckpoint() : undefined;
    return {
      run,
      definition,
      model,
      data: rows,
      fit: present({ epochs, steps, batchSize, seed, device, threads, augment, resume, validation, patience }),
      isNew: false,
      async close() {
        await close();
        await data.dispose?.();
      },
    };
  } catch (error) {
    await run.close();
    throw error;
  }
}

/** The random changes that are asked for; undefined for none. */
function augmentationsOf(options: TrainArguments): readonly AugmentationName[] | undefined {
  const names = (['flip', 'shift'] as const).filter((name) => options[name] === true);
  return names.length === 0 ? undefined : names;
}

function modelOptions(texts: readonly string[]): object {
  const options = new Map<string, unknown>();
  for (const [name, value] of texts.map(parseOptionText)) {
    if (options.has(name)) throw new ConfigError(`--set ${name} was given twice; give it once.`);
    options.set(name, value);
  }
  return Object.fromEntries(options);
}

/** How a table is to be read; undefined where nothing was said and the model wants nothing. @throws ConfigError */
function tableOptions(
  { label, column, missing, missingText, categorical, standardise }: TrainArguments,
  model: FittableModel,
): RunConfig['data']['table'] {
  // Gradients want numbers of size 1; models that are fitted in closed form have densities in the table's own units.
  return present({
    label,
    columns: column,
    missing,
    missingTexts: missingText && [...defaultMissingTexts, ...missingText],
    categorical,
    standardise: standardise ?? takesBatches(model),
  });
}

/** @throws ConfigError for options about tables where the data are none */
function checkTable(
  { name, table }: Dataset,
  { label, column, missing, missingText, categorical, standardise }: TrainArguments,
): void {
  const given = Object.entries({ label, column, missing, 'missing-text': missingText, categorical, standardise }).find(
    ([, value]) => value !== undefined,
  );
  if (given !== undefined && table === undefined)
    throw new ConfigError(`--${given[0]} is for tables: CSV, Parquet, and named ones such as iris; "${name}" is none.`);
}

async function describe(
  data: Dataset,
  name: string,
  { size, binarise, table }: DataOptions,
): Promise<RunConfig['data']> {
  const { length, exampleShape, classes, source } = data;
  return {
    name,
    split: 'train',
    ...present({ size, binarise, table: data.table && table }),
    length,
    exampleShape: [...exampleShape],
    classes: [...(classes ?? [])],
    fingerprint: await fingerprint(data),
    source: { ...source },
  };
}

/** @throws RunFolderError where the data are not those that the run was started with */
async function checkUnchanged({ path, config: { data: recorded } }: RunFolder, data: Dataset): Promise<void> {
  const shape = (rows: { readonly length: number; readonly exampleShape: readonly number[] }): string =>
    `${rows.length} rows of ${rows.exampleShape.join('x')}`;
  const isSameShape = shape(data) === shape(recorded);
  // The fingerprint looks at some rows only; of files whose checksum is known every byte counts.
  const { sha256 } = recorded.source;
  const isSameFile = sha256 === undefined || data.source.sha256 === undefined || sha256 === data.source.sha256;
  if (isSameShape && isSameFile && (await fingerprint(data)) === recorded.fingerprint) return;
  const change = isSameShape ? 'has other values now' : `now has ${shape(data)}`;
  throw new RunFolderError(
    `${path} was trained on ${shape(recorded)} of ${recorded.name}, which ${change}. Restore the data to resume, or start a new run.`,
  );
}

function recreate({ path, config: { options } }: RunFolder, kind: string): Pick<TrainJob, 'definition' | 'model'> {
  try {
    const definition = modelDefinition(kind);
    return { definition, model: definition.create(options) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new RunFolderError(`${path} cannot be resumed by this version of Verisim: ${error.message}`);
  }
}

/** @throws ConfigError for options about batches, which a model that takes all rows at once has no use for */
function refuseBatches(
  { kind, schema }: ModelDefinition,
  {
    epochs,
    steps,
    batch,
    flip,
    shift,
    validation,
    patience,
  }: Pick<TrainArguments, 'epochs' | 'steps' | 'batch' | 'flip' | 'shift' | 'validation' | 'patience'>,
): void {
  const given = Object.entries({
    '--epochs': epochs,
    '--steps': steps,
    '--batch': batch,
    '--flip': flip,
    '--shift': shift,
    '--validation': validation,
    '--patience': patience,
  }).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  const length =
    'maxIterations' in schema.shape
      ? 'it iterates over all rows until it converges. To bound that, use --set maxIterations=50'
      : 'it is fitted to all rows in one go';
  throw new ConfigError(
    `${given[0]} is for models trained batch by batch. ${kind} is not: ${length}. Leave ${given[0]} out.`,
  );
}

function refuseChanges(kind: string | undefined, options: TrainArguments, path: string): void {
  const {
    data,
    batch,
    seed,
    device,
    threads,
    size,
    flip,
    shift,
    binarise,
    validation,
    patience,
    label,
    column,
    missing,
    missingText,
    categorical,
    standardise,
    out,
    set,
  } = options;
  const given = Object.entries({
    'a model': kind,
    '--data': data,
    '--batch': batch,
    '--seed': seed,
    '--device': device,
    '--threads': threads,
    '--size': size,
    '--flip': flip,
    '--shift': shift,
    '--binarise': binarise,
    '--validation': validation,
    '--patience': patience,
    '--label': label,
    '--column': column,
    '--missing': missing,
    '--missing-text': missingText,
    '--categorical': categorical,
    '--standardise': standardise,
    '--out': out,
    '--set': set[0],
  }).find(([, value]) => value !== undefined);
  if (given !== undefined)
    throw new ConfigError(
      `--resume continues ${path} as it was started, so ${given[0]} cannot be given with it; --epochs or --steps can, to go on for longer.`,
    );
}
