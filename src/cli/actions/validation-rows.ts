// The rows that a training is validated on: another split of the data set, or a share of the rows to train on.
import { present } from '../../core/present.js';
import { type Dataset, split } from '../../data/index.js';
import { type DataChoice, openData } from './open-data.js';

/** What `--validation` takes: a split by its name, or a share of the rows. */
export type ValidationChoice = 'valid' | 'test' | number;

/** Rows to train on, and rows to validate on. */
export interface TrainingRows {
  readonly rows: Dataset;
  readonly validation?: Dataset;
  /** Closes what was opened for validation. */
  close(): Promise<void>;
}

/** Divides data as `--validation` asks; a share is always the same rows for the same seed. */
export async function trainingRows(
  data: Dataset,
  choice: ValidationChoice | undefined,
  name: string,
  opening: DataChoice,
  seed: number,
): Promise<TrainingRows> {
  const close = async (): Promise<void> => {};
  if (choice === undefined) return { rows: data, close };
  if (typeof choice === 'number') {
    const [rows = data, validation = data] = split(data, { fractions: [1 - choice, choice], seed });
    return { rows, validation, close };
  }
  // A table is read as the rows to train on were: their columns, categories and units.
  const { table, ...rest } = opening;
  const reading = data.table === undefined ? {} : { schema: data.table, table: present({ missing: table?.missing }) };
  const validation = await openData(name, { ...rest, ...reading, split: choice });
  return { rows: data, validation, close: async () => validation.dispose?.() };
}
