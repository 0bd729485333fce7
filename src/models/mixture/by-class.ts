// Labelled data taken apart, for one mixture per class.
import { ConfigError, DatasetError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { subset } from '../../data/split.js';

/** The names of the classes. @throws DatasetError for data without labels */
export function classNames({ name, labels, classes }: Dataset): readonly string[] {
  if (labels === undefined)
    throw new DatasetError(`perClass: true needs labels, but "${name}" has none. Give labels, or leave perClass out.`);
  return classes ?? Array.from({ length: labels.reduce((a, b) => Math.max(a, b), 0) + 1 }, (_, label) => String(label));
}

/** The rows of every class. @throws ConfigError for a class of fewer rows than components */
export function byClass(data: Dataset, classes: readonly string[], components: number): Dataset[] {
  const rows = classes.map((): number[] => []);
  for (const [row, label] of (data.labels ?? new Int32Array()).entries()) rows[label]?.push(row);
  return rows.map((own, index) => {
    if (own.length < components)
      throw new ConfigError(
        `Class "${classes[index]}" of "${data.name}" has ${own.length} rows, fewer than the ${components} components of each class. ` +
          'Ask for fewer components, or leave that class out.',
      );
    return subset(data, own);
  });
}
