// What fit is given, checked where it comes in: programs without types would otherwise train with defaults they did not mean.
import { ConfigError } from '../core/errors.js';
import { unknownName } from '../core/nearest.js';
import type { Dataset } from '../data/dataset.js';
import type { FitOptions } from './contract.js';

/** Every option of fit; the type keeps the list complete. */
const optionNames = {
  epochs: true,
  steps: true,
  seed: true,
  batchSize: true,
  device: true,
  threads: true,
  augment: true,
  signal: true,
  observer: true,
  resume: true,
  logEvery: true,
  snapshotEvery: true,
  checkpointEvery: true,
  checkpointSeconds: true,
  stepsPerRun: true,
  validation: true,
  validateEvery: true,
  patience: true,
} as const satisfies Record<keyof FitOptions, true>;

/**
 * Checks that `data` is a data set and that every option is one of fit's.
 *
 * @throws ConfigError for anything else as data, UnknownNameError for an option that does not exist
 */
export function checkFit(kind: string, data: Dataset, options: FitOptions): void {
  if (!isDataset(data))
    throw new ConfigError(
      `${kind}: fit takes a data set; received ${described(data)}. Name one, such as await mnist(), or make one of rows with fromArrays.`,
    );
  for (const name of Object.keys(options))
    if (!Object.hasOwn(optionNames, name)) throw unknownName('option of fit', name, Object.keys(optionNames));
}

/** @throws ConfigError for rows to validate on, where the model has no steps of which one could be the best */
export function refuseValidation(kind: string, { validation, validateEvery, patience }: FitOptions): void {
  const given = Object.entries({ validation, validateEvery, patience }).find(([, value]) => value !== undefined);
  if (given !== undefined)
    throw new ConfigError(
      `${given[0]} is for models trained batch by batch, of which the best step is kept. ${kind} is fitted to all rows at once: leave ` +
        `${given[0]} out, and compare models with crossValidate or chooseBy.`,
    );
}

function isDataset(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'gather' in data && 'exampleShape' in data && 'length' in data;
}

function described(data: unknown): string {
  if (data instanceof Promise) return 'a promise, so an await is missing';
  if (Array.isArray(data) || ArrayBuffer.isView(data)) return 'an array';
  return data === null ? 'null' : `a value of type ${typeof data}`;
}
