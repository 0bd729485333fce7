// Plain arrays as a data set: the way in for data that a program already holds.
import { ShapeError } from '../core/errors.js';
import { arrayDataset } from './array-dataset.js';
import type { Dataset } from './dataset.js';

/** What `fromArrays` takes. */
export interface ArrayOptions {
  /** The rows: one flat typed array, or an array of rows. A Uint8Array of images holds pixels of 0 to 255. */
  readonly x: Float32Array | Float64Array | Uint8Array | readonly ArrayLike<number>[];
  /** The shape of one row, such as [28, 28, 1] or [4]; may be left out where `x` is an array of rows. */
  readonly shape?: readonly number[];
  /** The class number of each row. */
  readonly labels?: ArrayLike<number>;
  /** The names of the classes. */
  readonly classes?: readonly string[];
  /** Default: 'arrays'. */
  readonly name?: string;
}

/**
 * A data set over plain arrays. Rows of three axes are images [H, W, C] with pixels in [0, 1], or bytes.
 * A Float32Array or Uint8Array is not copied: changing it changes the data set.
 *
 * @throws ShapeError for rows of different lengths, or numbers that do not make whole rows
 * @throws DatasetError for no rows, a number that is not finite, a pixel out of range (naming row and value) or a bad label
 * @example fromArrays({ x: [[0, 1], [2, 3]], labels: [0, 1], classes: ['low', 'high'] })
 */
export function fromArrays(options: ArrayOptions): Dataset {
  const { x, labels, classes, name = 'arrays' } = options;
  const isFlat = x instanceof Float32Array || x instanceof Float64Array || x instanceof Uint8Array;
  const shape = options.shape ?? (isFlat ? undefined : [x[0]?.length ?? 0]);
  if (shape === undefined)
    throw new ShapeError(
      `"${name}" is one flat array of ${x.length} numbers without a shape; say what one row is, for example shape: [28, 28, 1].`,
    );
  return arrayDataset({
    name,
    exampleShape: shape,
    data: isFlat ? x : flatten(name, x, shape),
    ...(labels === undefined ? {} : { labels }),
    ...(classes === undefined ? {} : { classes }),
    source: { description: 'arrays given by the program' },
  });
}

function flatten(name: string, rows: readonly ArrayLike<number>[], shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const flat = new Float32Array(rows.length * size);
  rows.forEach((row, i) => {
    if (row.length !== size)
      throw new ShapeError(
        `Row ${i} of "${name}" has ${row.length} numbers; rows of shape [${shape.join(', ')}] have ${size}.`,
      );
    flat.set(row, i * size);
  });
  return flat;
}
