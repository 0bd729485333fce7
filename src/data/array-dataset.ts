// Data sets in memory. Pixels stay the bytes they came as and become float32 only in a batch, so that MNIST takes 47 MB.
import { DatasetError, ShapeError } from '../core/errors.js';
import {
  checkIndices,
  type Dataset,
  type DatasetSource,
  exampleSize,
  gatherLabels,
  gatherWithBytes,
  isImageShape,
} from './dataset.js';
import type { NumberArray } from './formats/numbers.js';
import type { TableSchema } from './table/schema.js';
import { checkLabels, checkValues } from './values.js';

/** The rows of a data set as one array. */
export interface ArrayContent {
  readonly name: string;
  readonly exampleShape: readonly number[];
  /** [rows, ...exampleShape]. Bytes of an image are pixels of 0 to 255; any other number is taken as it is. */
  readonly data: NumberArray;
  readonly labels?: ArrayLike<number | bigint>;
  readonly classes?: readonly string[];
  readonly table?: TableSchema;
  readonly source: DatasetSource;
}

/**
 * A data set over numbers in memory, which are checked once here and not copied where they are bytes or float32.
 *
 * @throws ShapeError where the numbers do not make whole rows
 * @throws DatasetError for an empty array, numbers that are not finite, pixels out of range or labels that do not fit
 */
export function arrayDataset(content: ArrayContent): Dataset {
  const { name, exampleShape: shape, data, classes, table, source } = content;
  const size = exampleSize(shape);
  if (!shape.every((axis) => Number.isInteger(axis) && axis >= 1))
    throw new ShapeError(`The rows of "${name}" have shape [${shape.join(', ')}]; every axis has to be 1 or more.`);
  if (data.length === 0) throw new DatasetError(`"${name}" has no rows; at least one is needed.`);
  if (data.length % size !== 0)
    throw new ShapeError(
      `"${name}" has ${data.length} numbers, which do not make whole rows of shape [${shape.join(', ')}] (${size} each).`,
    );
  const length = data.length / size;
  const labels = content.labels === undefined ? undefined : checkLabels(name, content.labels, length, classes);
  const copyRows = rowCopier(data, name, shape);
  const labelsOf = (indices: ArrayLike<number>) => {
    checkIndices({ name, length }, indices);
    return labels === undefined ? {} : { labels: gatherLabels(labels, indices) };
  };
  return {
    name,
    exampleShape: [...shape],
    length,
    source,
    ...(classes === undefined ? {} : { classes: [...classes] }),
    ...(labels === undefined ? {} : { labels }),
    ...(table === undefined ? {} : { table }),
    gather: gatherWithBytes(
      (indices) => {
        const found = labelsOf(indices);
        const x = new Float32Array(indices.length * size);
        copyRows(indices, x);
        return { x, ...found };
      },
      data instanceof Uint8Array
        ? {
            divisor: isImageShape(shape) ? 255 : 1,
            gather(indices) {
              const found = labelsOf(indices);
              const bytes = new Uint8Array(indices.length * size);
              copier(data, size)(indices, bytes);
              return { bytes, ...found };
            },
          }
        : undefined,
    ),
  };
}

type RowCopier<Numbers = Float32Array> = (indices: ArrayLike<number>, into: Numbers) => void;

function rowCopier(data: NumberArray, name: string, shape: readonly number[]): RowCopier {
  const size = exampleSize(shape);
  if (data instanceof Uint8Array) return isImageShape(shape) ? pixelCopier(data, size) : copier(data, size);
  const floats = data instanceof Float32Array ? data : Float32Array.from(data, Number);
  checkValues(name, floats, shape);
  return copier(floats, size);
}

function copier(data: Uint8Array | Float32Array, size: number): RowCopier<Uint8Array | Float32Array> {
  return (indices, into) => {
    for (let row = 0; row < indices.length; ) {
      const first = indices[row] ?? 0;
      // Rows that lie one after the other are copied at once.
      let count = 1;
      while (row + count < indices.length && indices[row + count] === first + count) count += 1;
      into.set(data.subarray(first * size, (first + count) * size), row * size);
      row += count;
    }
  };
}

/** Bytes to [0, 1]. Multiplying by 1/255 in float64 rounds to the same float32 as dividing, for every byte; the test says so. */
function pixelCopier(bytes: Uint8Array, size: number): RowCopier {
  const step = 1 / 255;
  if (bytes.byteOffset % 4 === 0 && size % 4 === 0 && isLittleEndian()) {
    // Four pixels per read, which halves the time: 64 rows of 784 take about 0.04 ms.
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const wordsPerRow = size / 4;
    return (indices, into) => {
      let to = 0;
      for (let row = 0; row < indices.length; row++) {
        const start = (indices[row] ?? 0) * wordsPerRow;
        for (let i = start; i < start + wordsPerRow; i++, to += 4) {
          const word = words[i] ?? 0;
          into[to] = (word & 255) * step;
          into[to + 1] = ((word >>> 8) & 255) * step;
          into[to + 2] = ((word >>> 16) & 255) * step;
          into[to + 3] = (word >>> 24) * step;
        }
      }
    };
  }
  return (indices, into) => {
    let to = 0;
    for (let row = 0; row < indices.length; row++) {
      const start = (indices[row] ?? 0) * size;
      for (let i = start; i < start + size; i++, to++) into[to] = (bytes[i] ?? 0) * step;
    }
  };
}

function isLittleEndian(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}
