// The classes of labelled rows: how common each is, and densities added up over them.
import { DatasetError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { labelsOf } from '../tools/class-rows.js';
import { logSumExp } from '../tools/posterior.js';

/** The share of each class among the rows. @throws DatasetError for rows without labels, or labels that count through no class */
export async function classShares(kind: string, data: Dataset, classes: number): Promise<Float64Array> {
  const labels = await labelsOf(data);
  const counts = new Float64Array(classes);
  for (const [row, label] of labels.entries()) {
    if (!(label >= 0 && label < classes))
      throw new DatasetError(
        `${kind}: the label of row ${row} of "${data.name}" is ${label}; labels count through its ${classes} classes from 0.`,
      );
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts.map((count) => count / labels.length);
}

/** log sum exp; of a single value the value itself, to the last digit. */
export function logSumExpOf(values: Float64Array): number {
  return values.length === 1 ? (values[0] ?? 0) : logSumExp(values);
}
