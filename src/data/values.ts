// What numbers a row may hold: finite ones, and within [0, 1] for the pixels of an image. One check for arrays and for files.
import { DatasetError } from '../core/errors.js';
import { exampleSize, isImageShape } from './dataset.js';

/**
 * Checks rows of float32 numbers.
 *
 * @param rowOf maps a position in `x` to the row number to name in the error
 * @throws DatasetError naming the row, the place in it and the value
 */
export function checkValues(
  name: string,
  x: Float32Array,
  shape: readonly number[],
  rowOf: (position: number) => number = (position) => position,
): void {
  const image = isImageShape(shape);
  const low = image ? 0 : -Number.MAX_VALUE;
  const high = image ? 1 : Number.MAX_VALUE;
  for (let i = 0; i < x.length; i++) {
    const value = x[i] ?? Number.NaN;
    if (!(value >= low && value <= high)) throw badValue(name, value, i, shape, rowOf);
  }
}

function badValue(
  name: string,
  value: number,
  position: number,
  shape: readonly number[],
  rowOf: (position: number) => number,
): DatasetError {
  const size = exampleSize(shape);
  const row = rowOf(Math.floor(position / size));
  const place = `Row ${row} of "${name}" holds ${value} at position ${position % size} of ${size}`;
  if (!Number.isFinite(value))
    return new DatasetError(
      `${place}; every number has to be finite as a float32. Remove such rows or fill in the missing values first.`,
    );
  return new DatasetError(
    `${place}; the pixels of an image [${shape.join(', ')}] have to lie in [0, 1]. Divide pixels of 0 to 255 by 255, ` +
      'give them as a Uint8Array, or, where the rows are no images, use a shape that has not three axes.',
  );
}

/**
 * Labels as whole numbers, one per row.
 *
 * @throws DatasetError for another number of labels, or a label that is not the number of a class
 */
export function checkLabels(
  name: string,
  labels: ArrayLike<number | bigint>,
  length: number,
  classes?: readonly string[],
): Int32Array<ArrayBuffer> {
  if (labels.length !== length)
    throw new DatasetError(
      `"${name}" has ${length} rows but ${labels.length} labels; there has to be one label per row.`,
    );
  const highest = classes === undefined ? 2147483647 : classes.length - 1;
  const checked = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const label = Number(labels[i]);
    if (!Number.isInteger(label) || label < 0 || label > highest)
      throw new DatasetError(
        `The label of row ${i} of "${name}" is ${label}; labels are class numbers from 0 to ${highest}` +
          `${classes === undefined ? '' : ` (${classes.length} classes are named)`}.`,
      );
    checked[i] = label;
  }
  return checked;
}
