// How often each value of each column occurs in each class: n_il of the frequencies theta_il. Counts of parts add up.
import { ConfigError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { firstByteAbove, masksOfBytes, wordsOf } from './above.js';
import { type ClassSummary, checkSameData } from './bayes-model.js';
import { classByteRows, classRows, rowsByClass } from './class-rows.js';

/** Counted rows. */
export interface CategoryCounts extends ClassSummary {
  /** How many categories each column has: they are the whole numbers from 0. */
  readonly categories: Float64Array;
  /** [classes, sum of categories]: in each class, one column's categories after the other's. */
  readonly categoryCounts: Float64Array;
}

/** What a value counts as. */
export interface Coding {
  /** Values above it are category 1, others 0; undefined where values are categories themselves. */
  readonly threshold: number | undefined;
  /** The least number of categories of a column. */
  readonly leastCategories: number;
}

/** The most counts that are kept, 1 GiB. */
const mostCounts = 2 ** 27;

/** Counts the rows of a data set. @throws ConfigError where a value is no category */
export async function countCategories(
  kind: string,
  data: Dataset,
  classes: readonly string[],
  { threshold, leastCategories, signal }: Coding & { readonly signal?: AbortSignal },
): Promise<CategoryCounts> {
  const { exampleShape } = data;
  const size = exampleSize(exampleShape);
  const classCount = Math.max(1, classes.length);
  const counts = new Float64Array(classCount);
  const isBinary = threshold !== undefined;
  let categories = new Float64Array(size).fill(isBinary ? 2 : leastCategories);
  checkSize(kind, categories, classCount);
  let categoryCounts = new Float64Array(classCount * total(categories));
  const pass = { classes: classes.length === 0 ? undefined : classCount, ...(signal === undefined ? {} : { signal }) };
  const finished = (): CategoryCounts => {
    if (isBinary)
      for (let i = 0; i < categoryCounts.length; i += 2)
        categoryCounts[i] = counts[Math.floor(i / (2 * size))]! - categoryCounts[i + 1]!;
    return { exampleShape, classes, counts, categories, categoryCounts };
  };
  const { bytes } = data.gather;
  if (isBinary && bytes !== undefined) {
    const above = new AboveCounts(classCount, size);
    const firstAbove = firstByteAbove(bytes, threshold);
    let masks = new Int32Array();
    for await (const { bytes: part, labels } of classByteRows(data, bytes, pass)) {
      if (masks.length < labels.length * wordsOf(size)) masks = new Int32Array(labels.length * wordsOf(size));
      above.add(masksOfBytes(part, size, firstAbove, masks), labels);
      for (const label of labels) counts[label]! += 1;
    }
    above.addTo(categoryCounts);
    return finished();
  }
  for await (const { x, labels, count, first } of classRows(data, pass)) {
    if (!isBinary) {
      const needed = categoriesOf(kind, x, first, categories);
      if (needed !== undefined) {
        checkSize(kind, needed, classCount);
        categoryCounts = spread(categoryCounts, categories, needed, classCount);
        categories = needed;
      }
    }
    if (isBinary) {
      countAbove(categoryCounts, x, labels, { size, threshold });
      for (let row = 0; row < count; row++) counts[labels[row]!]! += 1;
      continue;
    }
    const starts = startsOf(categories);
    const perClass = total(categories);
    for (let row = 0; row < count; row++) {
      const label = labels[row]!;
      const base = label * perClass;
      const start = row * size;
      counts[label]! += 1;
      for (let i = 0; i < size; i++) categoryCounts[base + starts[i]! + x[start + i]!]! += 1;
    }
  }
  return finished();
}

/** Counts masks of rows: four columns at a time in the bytes of a word, until one might run over. */
class AboveCounts {
  readonly #size: number;
  readonly #words: number;
  /** [classes, words], four counts each, and how many rows are in them. */
  readonly #narrow: Int32Array;
  readonly #rows: Int32Array;
  /** [classes, words * 4] */
  readonly #wide: Float64Array;

  constructor(classes: number, size: number) {
    this.#size = size;
    this.#words = wordsOf(size);
    this.#narrow = new Int32Array(classes * this.#words);
    this.#rows = new Int32Array(classes);
    this.#wide = new Float64Array(classes * this.#words * 4);
  }

  add(masks: Int32Array, labels: Int32Array): void {
    const narrow = this.#narrow;
    for (let row = 0, at = 0; row < labels.length; row++) {
      const label = labels[row]!;
      const start = label * this.#words;
      const end = start + this.#words;
      for (let word = start; word < end; word++, at++) narrow[word]! += masks[at]!;
      this.#rows[label]! += 1;
      if (this.#rows[label] === 255) this.#widen(label);
    }
  }

  /** Adds to the odd places of counts [classes, D, 2]. */
  addTo(counts: Float64Array): void {
    for (let label = 0; label < this.#rows.length; label++) {
      this.#widen(label);
      const start = label * this.#words * 4;
      for (let i = 0; i < this.#size; i++) counts[2 * (label * this.#size + i) + 1]! += this.#wide[start + i]!;
    }
  }

  #widen(label: number): void {
    const start = label * this.#words;
    for (let word = start; word < start + this.#words; word++)
      for (let j = 0; j < 4; j++) this.#wide[4 * word + j]! += (this.#narrow[word]! >>> (8 * j)) & 255;
    this.#narrow.fill(0, start, start + this.#words);
    this.#rows[label] = 0;
  }
}

/** Adds to the odd places of counts [classes, D, 2] how many rows are above the threshold, four rows of a class at a time. */
function countAbove(
  counts: Float64Array,
  x: Float32Array,
  labels: Int32Array,
  { size, threshold }: { readonly size: number; readonly threshold: number },
): void {
  const starts = rowsByClass(labels, counts.length / (2 * size), size);
  for (const [label, rows] of starts.entries()) {
    const above = new Int32Array(size);
    const fours = rows.length - (rows.length % 4);
    for (let row = 0; row < fours; row += 4) {
      const [a, b, c, d] = [rows[row]!, rows[row + 1]!, rows[row + 2]!, rows[row + 3]!];
      for (let i = 0; i < size; i++)
        above[i]! +=
          (x[a + i]! > threshold ? 1 : 0) +
          (x[b + i]! > threshold ? 1 : 0) +
          (x[c + i]! > threshold ? 1 : 0) +
          (x[d + i]! > threshold ? 1 : 0);
    }
    for (const start of rows.subarray(fours))
      for (let i = 0; i < size; i++) if (x[start + i]! > threshold) above[i]! += 1;
    for (let i = 0; i < size; i++) counts[2 * (label * size + i) + 1]! += above[i]!;
  }
}

/** The counts of two parts of the same data, taken together. @throws ShapeError where they are of different data */
export function combineCounts(kind: string, a: CategoryCounts, b: CategoryCounts): CategoryCounts {
  checkSameData(kind, a, b);
  const { exampleShape, classes } = a;
  const categories = a.categories.map((count, i) => Math.max(count, b.categories[i] ?? 0));
  const [first, second] = [a, b].map((part) =>
    spread(part.categoryCounts, part.categories, categories, part.counts.length),
  );
  return {
    exampleShape,
    classes,
    counts: a.counts.map((count, label) => count + (b.counts[label] ?? 0)),
    categories,
    categoryCounts: (first ?? new Float64Array()).map((count, i) => count + (second?.[i] ?? 0)),
  };
}

/** Where each column's categories start. */
export function startsOf(categories: Float64Array): Int32Array {
  const starts = new Int32Array(categories.length);
  for (let i = 1; i < starts.length; i++) starts[i] = starts[i - 1]! + categories[i - 1]!;
  return starts;
}

/** @throws ConfigError naming row and column of a value that is no whole number from 0 */
export function checkCategory(kind: string, value: number, row: number, column: number): void {
  if (!(Number.isInteger(value) && value >= 0))
    throw new ConfigError(
      `${kind}: column ${column} of row ${row} is ${value}; categories are whole numbers from 0. Number the categories, ` +
        "use distribution 'bernoulli' for columns that are on or off, or gaussian-bayes for measurements.",
    );
}

/** The categories that columns need for these rows, or undefined where they suffice. */
function categoriesOf(
  kind: string,
  x: Float32Array,
  firstRow: number,
  categories: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> | undefined {
  const size = categories.length;
  let needed: Float64Array<ArrayBuffer> | undefined;
  for (let i = 0, column = 0; i < x.length; i++, column = column + 1 === size ? 0 : column + 1) {
    const value = x[i]!;
    if (value < (needed ?? categories)[column]! && value >= 0 && Number.isInteger(value)) continue;
    checkCategory(kind, value, firstRow + Math.floor(i / size), column);
    needed ??= categories.slice();
    needed[column] = value + 1;
  }
  return needed;
}

/** Counts with room for more categories. */
function spread(
  counts: Float64Array,
  from: Float64Array,
  to: Float64Array,
  classes: number,
): Float64Array<ArrayBuffer> {
  const [fromStarts, toStarts] = [startsOf(from), startsOf(to)];
  const [fromTotal, toTotal] = [total(from), total(to)];
  const result = new Float64Array(classes * toTotal);
  for (let label = 0; label < classes; label++)
    for (const [column, length] of from.entries()) {
      const start = label * fromTotal + fromStarts[column]!;
      result.set(counts.subarray(start, start + length), label * toTotal + toStarts[column]!);
    }
  return result;
}

function checkSize(kind: string, categories: Float64Array, classes: number): void {
  const counts = total(categories) * classes;
  if (counts <= mostCounts) return;
  const column = categories.reduce((widest, count, i) => (count > categories[widest]! ? i : widest), 0);
  throw new ConfigError(
    `${kind}: ${counts} counts would be needed, of which column ${column} alone has ${categories[column]} categories in each of ` +
      `${classes} classes; at most ${mostCounts} are kept. Are these measurements? Then use gaussian-bayes; otherwise number the ` +
      'categories from 0 without gaps.',
  );
}

function total(categories: Float64Array): number {
  return categories.reduce((sum, count) => sum + count, 0);
}
