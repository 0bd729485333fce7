// What an autoregressive model looks at in rows before it takes them.
import { ConfigError, DatasetError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import type { Survey } from '../survey.js';

/** @throws DatasetError for data without the classes that are to be learnt, ConfigError for fewer rows than a step takes */
export function checkTraining(kind: string, data: Dataset, conditional: boolean, batchSize: number): void {
  if (conditional && data.classes === undefined)
    throw new DatasetError(
      `${kind}: conditional is true, but "${data.name}" has no classes. Use labelled data, or leave conditional out.`,
    );
  if (batchSize > data.length)
    throw new ConfigError(
      `${kind}: a step takes ${batchSize} rows, but "${data.name}" has only ${data.length}. Use a batch size of at most ${data.length}.`,
    );
}

/** What looks wrong with real numbers that are to be learnt. */
export function columnWarnings(kind: string, { means, squares }: Survey): string[] {
  const constantColumns = means.reduce(
    (count, value, i) => count + Number((squares[i] ?? 0) - value ** 2 <= 1e-12 * Math.max(1, value ** 2)),
    0,
  );
  if (constantColumns === 0) return [];
  return [
    `${kind}: ${constantColumns} of ${means.length} columns are constant; a density of real numbers has no bound there, so leave them out.`,
  ];
}
