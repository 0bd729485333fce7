// What a classifier checks about labels before it learns from them.
import { DatasetError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { classesOf, labelsOf } from '../tools/class-rows.js';

/** The data with names for all its classes. @throws DatasetError for data without labels, or with rows of one class alone */
export async function labelledRows(kind: string, data: Dataset): Promise<Dataset> {
  const labels = await labelsOf(data);
  const classes = await classesOf(data);
  const first = labels[0] ?? 0;
  if (labels.every((label) => label === first))
    throw new DatasetError(
      `${kind}: all ${data.length} rows of "${data.name}" are of the class "${classes[first]}"; a classifier tells at least two apart. ` +
        'Add rows of another class.',
    );
  const { name, exampleShape, length, source, table } = data;
  return {
    name,
    exampleShape,
    length,
    source,
    classes,
    ...(table === undefined ? {} : { table }),
    gather: (indices) => data.gather(indices),
  };
}

/** @throws DatasetError for validation rows without labels, or whose classes are not those that are learnt */
export async function checkValidation(kind: string, validation: Dataset, classes: readonly string[]): Promise<void> {
  await labelsOf(validation);
  const own = await classesOf(validation);
  const isPrefix = own.length <= classes.length && own.every((name, label) => name === classes[label]);
  if (!isPrefix)
    throw new DatasetError(
      `${kind}: the validation rows "${validation.name}" have the classes ${own.join(', ')}, those to learn from ${classes.join(', ')}. ` +
        'Use rows of the same classes in the same order.',
    );
}
