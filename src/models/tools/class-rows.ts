// Data sets seen by their classes.
import { DatasetError } from '../../core/errors.js';
import { type Dataset, gatherWithBytes } from '../../data/dataset.js';
import { subset } from '../../data/split.js';
import { parts } from './rows.js';

/** The names of a data set's classes: those it has, otherwise the numbers of its labels. @throws DatasetError where it has no labels */
export async function classesOf(data: Dataset): Promise<readonly string[]> {
  const labels = await labelsOf(data);
  if (data.classes !== undefined) return data.classes;
  const highest = labels.reduce((most, label) => Math.max(most, label), 0);
  return Array.from({ length: highest + 1 }, (_, label) => String(label));
}

/** The class number of every row. @throws DatasetError where it has no labels */
export async function labelsOf(data: Dataset): Promise<Int32Array> {
  if (data.labels !== undefined) return data.labels;
  const labels = new Int32Array(data.length);
  let done = 0;
  for await (const part of parts(data)) {
    if (part.labels === undefined)
      throw new DatasetError(
        `"${data.name}" has no labels, which are needed here. Use data with a class for every row.`,
      );
    labels.set(part.labels, done);
    done += part.labels.length;
  }
  return labels;
}

/** The rows of one class, without their labels: what p(x | y) is learnt from. Undefined where there are none. */
export function rowsOfClass(data: Dataset, labels: Int32Array, label: number): Dataset | undefined {
  const rows = Uint32Array.from(labels.keys()).filter((row) => labels[row] === label);
  return rows.length === 0 ? undefined : withoutLabels(subset(data, rows));
}

/** A data set as if nothing were known about classes. */
export function withoutLabels(data: Dataset): Dataset {
  const { name, exampleShape, length, source } = data;
  const { bytes } = data.gather;
  const gather = gatherWithBytes(
    async (indices) => ({ x: (await data.gather(indices)).x }),
    bytes && {
      divisor: bytes.divisor,
      gather: async (indices) => ({ bytes: (await bytes.gather(indices)).bytes }),
    },
  );
  return { name, exampleShape, length, source, gather };
}

/** Labels that count through other class names. */
export interface NamedLabels {
  readonly labels: Int32Array;
  /** The names that `labels` count through: those that were asked for, then those only the data has. */
  readonly classes: readonly string[];
}

/**
 * The labels of a data set, counted through the classes of a model: classes are the same where their names are.
 *
 * @param classes the model's; classes that only the data has are added after them
 * @throws DatasetError where the data has no labels, or no class in common with the model
 */
export async function labelsAmong(data: Dataset, classes: readonly string[]): Promise<NamedLabels> {
  const [labels, names] = [await labelsOf(data), await classesOf(data)];
  if (!names.some((name) => classes.includes(name)))
    throw new DatasetError(
      `"${data.name}" has the classes ${names.join(', ')}, the model ${classes.join(', ')}: they have none in common. ` +
        'Use data with the classes that the model was fitted to.',
    );
  const present = new Set(labels);
  const added = names.filter((name, label) => present.has(label) && !classes.includes(name));
  const all = [...classes, ...added];
  const numbers = names.map((name) => all.indexOf(name));
  return { labels: labels.map((label) => numbers[label] ?? -1), classes: all };
}
