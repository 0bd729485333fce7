// The rows of a data set with their classes, part by part: what statistics in one pass over the data are made from.
import { DatasetError } from '../../core/errors.js';
import { type ByteRows, type Dataset, exampleSize } from '../../data/dataset.js';

/** Some rows of a data set. */
export interface ClassPart {
  /** The class of each row; 0 where rows are taken without classes. */
  readonly labels: Int32Array;
  readonly count: number;
  /** The number of the first row. */
  readonly first: number;
}

/** Some rows as numbers. */
export interface ClassRows extends ClassPart {
  /** [count, features] */
  readonly x: Float32Array;
}

/** Some rows as bytes. */
export interface ClassByteRows extends ClassPart {
  /** [count, features] */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a pass needs to know. */
export interface PassOptions {
  /** How many classes the rows have; undefined takes them without. */
  readonly classes: number | undefined;
  readonly signal?: AbortSignal;
}

/** Values of a part: two passes over it find it in the caches. */
const partValues = 2 ** 17;
/** How long other work may have to wait. */
export const busyMilliseconds = 30;

/**
 * All rows in order. Lets other work run every now and then.
 *
 * @throws DatasetError for rows without the labels asked for, or a label that is no class; the signal's reason where it is aborted
 */
export function classRows(data: Dataset, options: PassOptions): AsyncGenerator<ClassRows> {
  return classParts(data, (rows) => data.gather(rows), options);
}

/** All rows in order as the bytes they are kept as. @throws as {@link classRows} */
export function classByteRows(data: Dataset, bytes: ByteRows, options: PassOptions): AsyncGenerator<ClassByteRows> {
  return classParts(data, (rows) => bytes.gather(rows), options);
}

interface LabelledBatch {
  readonly labels?: Int32Array<ArrayBuffer>;
}

async function* classParts<Found extends LabelledBatch>(
  data: Dataset,
  gather: (rows: Uint32Array) => Promise<Found> | Found,
  { classes, signal }: PassOptions,
): AsyncGenerator<Omit<Found, 'labels'> & ClassPart> {
  const partRows = Math.max(1, Math.ceil(partValues / exampleSize(data.exampleShape)));
  let rested = performance.now();
  for (let first = 0; first < data.length; first += partRows) {
    if (performance.now() - rested > busyMilliseconds) {
      await rest();
      rested = performance.now();
    }
    signal?.throwIfAborted();
    const count = Math.min(partRows, data.length - first);
    const rows = new Uint32Array(count);
    for (let i = 0; i < count; i++) rows[i] = first + i;
    const found = await gather(rows);
    yield { ...found, labels: checkedLabels(data, found.labels, { count, first, classes }), count, first };
  }
}

/** Where the rows of each class start among rows of `size` numbers. */
export function rowsByClass(labels: Int32Array, classes: number, size: number): readonly Int32Array[] {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]! += 1;
  const starts = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    starts[label]![counts[label]!++] = row * size;
  }
  return starts;
}

/** Lets timers and messages be answered. */
export function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function checkedLabels(
  data: Dataset,
  labels: Int32Array | undefined,
  { count, first, classes }: { readonly count: number; readonly first: number; readonly classes: number | undefined },
): Int32Array {
  if (classes === undefined) return new Int32Array(count);
  if (labels === undefined)
    throw new DatasetError(
      `"${data.name}" names classes but its rows have no labels; set conditional to false to learn without classes.`,
    );
  const wrong = labels.findIndex((label) => !(label >= 0 && label < classes));
  if (wrong >= 0)
    throw new DatasetError(
      `The label of row ${first + wrong} of "${data.name}" is ${labels[wrong]}; labels count through its ${classes} classes from 0.`,
    );
  return labels;
}

/** The classes that a model learns of data: those it names, else the numbers of its labels; none where it has no labels. */
export function classesOf(data: Dataset): readonly string[] {
  if (data.classes !== undefined) return data.classes;
  if (data.labels === undefined) return [];
  const highest = data.labels.reduce((most, label) => Math.max(most, label), 0);
  return Array.from({ length: highest + 1 }, (_, label) => String(label));
}
