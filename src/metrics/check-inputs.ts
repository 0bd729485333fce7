// What every metric asks of its inputs before it computes, so that all say the same about the same mistake.
import { DatasetError, ShapeError } from '../core/errors.js';
import { counted } from './in-words.js';
import type { ClassProbabilities, FeatureRows, ImageRows } from './metric.js';

/** Who asks: a metric, or what errors shall name and how many rows it needs. */
export interface Asking {
  readonly title: string;
  readonly minimumRows: number;
}

/** How far the probabilities of a row may be from adding up to 1: float32 softmax over many classes stays well within. */
const sumTolerance = 1e-3;

/**
 * Checks rows of features: as many numbers as said, all finite, of one width, enough of them.
 *
 * @param inputs by their names in errors: { real, samples }
 * @throws ShapeError for numbers that do not fill the rows, or widths that differ
 * @throws DatasetError for fewer rows than the metric needs, or a number that is not finite
 * @example checkFeatures(fid, { real, samples })
 */
export function checkFeatures(asking: Asking, inputs: Readonly<Record<string, FeatureRows>>): void {
  checkFeatureShapes(asking, inputs);
  for (const [name, { data, width }] of Object.entries(inputs)) checkFinite(asking.title, name, data, width);
}

/**
 * Checks all of that but whether numbers are finite, for metrics that see it by their results.
 *
 * @throws ShapeError, DatasetError as `checkFeatures` does
 */
export function checkFeatureShapes(asking: Asking, inputs: Readonly<Record<string, FeatureRows>>): void {
  const { title } = asking;
  const names = Object.entries(inputs);
  for (const [name, { data, rows, width }] of names) {
    if (!Number.isInteger(rows) || !Number.isInteger(width) || width < 1 || data.length !== rows * width)
      throw new ShapeError(
        `${title}: "${name}" says ${rows} rows of ${width} numbers and holds ${data.length}; it has to hold rows x width numbers.`,
      );
    checkRowCount(asking, name, rows);
  }
  const [first] = names;
  for (const [name, { width }] of names)
    if (first !== undefined && width !== first[1].width)
      throw new ShapeError(
        `${title} compares rows of one feature space: "${first[0]}" has ${first[1].width} numbers a row, "${name}" ${width}. ` +
          'Compute the features of both with the same feature space.',
      );
}

/**
 * Checks that there are enough rows.
 *
 * @throws DatasetError that says how many are needed
 */
export function checkRowCount({ title, minimumRows }: Asking, name: string, rows: number): void {
  if (rows < minimumRows)
    throw new DatasetError(
      `${title} needs at least ${counted(minimumRows, 'row')} of "${name}"; received ${rows}. ` +
        (name === 'samples' ? 'Draw more samples.' : 'Use more rows, or a split of the data that has more.'),
    );
}

/**
 * Checks that numbers, in rows of `width`, are finite.
 *
 * @throws DatasetError naming the row, the place in it and the value
 */
export function checkFinite(title: string, name: string, data: ArrayLike<number>, width: number): void {
  if (areFinite(data)) return;
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]))
      throw new DatasetError(
        `${title}: row ${Math.floor(i / width)} of "${name}" holds ${data[i]} at position ${i % width} of ${width}; every number has ` +
          `to be finite. ${name === 'samples' ? 'A model that draws such rows has diverged: train it again with a lower learning rate.' : 'Remove such rows.'}`,
      );
}

/** Whether all numbers are finite: only those leave 0 of themselves. Four sums need not wait for each other. */
function areFinite(data: ArrayLike<number>): boolean {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let i = 0;
  for (; i + 3 < data.length; i += 4) {
    sum0 += data[i]! - data[i]!;
    sum1 += data[i + 1]! - data[i + 1]!;
    sum2 += data[i + 2]! - data[i + 2]!;
    sum3 += data[i + 3]! - data[i + 3]!;
  }
  for (; i < data.length; i++) sum0 += data[i]! - data[i]!;
  return sum0 + sum1 + sum2 + sum3 === 0;
}

/**
 * Checks labels: one for each row, each a whole number from 0, below `classes` where that is given.
 *
 * @throws ShapeError for another number of labels than of rows, DatasetError for one that is no class
 */
export function checkLabels(
  { title }: Asking,
  name: string,
  labels: Int32Array,
  rows: number,
  classes: number = Number.POSITIVE_INFINITY,
): void {
  if (labels.length !== rows)
    throw new ShapeError(`${title}: "${name}" holds ${labels.length} labels for ${rows} rows; each row needs one.`);
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0)
    throw new DatasetError(
      `${title}: row ${wrong} of "${name}" has label ${labels[wrong]}; classes are numbered from 0` +
        `${Number.isFinite(classes) ? ` to ${classes - 1}` : ''}.`,
    );
}

/**
 * Checks the probabilities of classes: one of each class for each row, none negative, each row adding up to 1.
 *
 * @throws ShapeError, DatasetError
 */
export function checkProbabilities(asking: Asking, name: string, { data, rows, classes }: ClassProbabilities): void {
  const { title } = asking;
  if (!Number.isInteger(rows) || !Number.isInteger(classes) || classes < 2 || data.length !== rows * classes)
    throw new ShapeError(
      `${title}: "${name}" says ${rows} rows of ${classes} classes and holds ${data.length} numbers; it has to hold rows x classes ` +
        'probabilities, of at least 2 classes.',
    );
  checkRowCount(asking, name, rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * classes; i < (row + 1) * classes; i++) {
      const probability = data[i] ?? Number.NaN;
      sum += probability >= 0 ? probability : Number.NaN;
    }
    if (!(Math.abs(sum - 1) <= sumTolerance))
      throw new DatasetError(
        `${title}: row ${row} of "${name}" is no distribution over ${classes} classes: its probabilities ` +
          `${Number.isNaN(sum) ? 'are not all numbers from 0' : `add up to ${sum}`}. Give probabilities, not logits.`,
      );
  }
}

/**
 * Checks two sets of images of one shape, value in [0, 1].
 *
 * @throws ShapeError for shapes that differ or that the numbers do not fill
 * @throws DatasetError for fewer images than needed, or a value outside [0, 1]
 */
export function checkImagePairs(asking: Asking, inputs: Readonly<Record<string, ImageRows>>): void {
  const { title } = asking;
  const names = Object.entries(inputs);
  const [first] = names;
  for (const [name, { data, shape }] of names) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (!shape.every((length) => Number.isInteger(length) && length >= 0) || data.length !== size)
      throw new ShapeError(
        `${title}: "${name}" says images [${shape.join(', ')}] and holds ${data.length} numbers; it has to hold N x H x W x C numbers.`,
      );
    if (first !== undefined && shape.some((length, axis) => length !== first[1].shape[axis]))
      throw new ShapeError(
        `${title} compares images pair by pair: "${first[0]}" has the shape [${first[1].shape.join(', ')}], "${name}" ` +
          `[${shape.join(', ')}]. Both have to be the same.`,
      );
    checkRowCount(asking, name, shape[0]);
  }
  for (const [name, { data, shape }] of names) {
    const width = data.length / shape[0];
    for (let i = 0; i < data.length; i++) {
      const value = data[i] ?? Number.NaN;
      if (!(value >= 0 && value <= 1))
        throw new DatasetError(
          `${title}: image ${Math.floor(i / width)} of "${name}" holds ${value} at position ${i % width} of ${width}; images are in [0, 1].`,
        );
    }
  }
}
