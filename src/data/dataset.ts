// What a data set is to everything else: rows that can be fetched by number as float32 batches.
// Rows are independent draws from the unknown p_data. Where they live (memory, disk, image files) is the data set's business.
import { DatasetError } from '../core/errors.js';
import type { TableSchema } from './table/schema.js';

/** Rows of a data set, ready to feed to a model. */
export interface Batch {
  /** The rows one after the other, [rows, ...exampleShape]; images are in [0, 1] and laid out [H, W, C]. */
  readonly x: Float32Array<ArrayBuffer>;
  /** The class number of each row, where the data set has classes. */
  readonly labels?: Int32Array<ArrayBuffer>;
}

/** Rows as the bytes that they are kept as. */
export interface ByteBatch {
  /** [rows, ...exampleShape] */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** As in {@link Batch}. */
  readonly labels?: Int32Array<ArrayBuffer>;
}

/** A quarter of the memory for whoever can do with bytes. */
export interface ByteRows {
  /** What a byte has to be divided by, in float32, to be the number that a batch has in its place: 255 for pixels, else 1. */
  readonly divisor: number;
  /** The rows that `gather` gives as numbers; as fresh memory, too. @throws what `gather` throws */
  gather(indices: ArrayLike<number>): Promise<ByteBatch> | ByteBatch;
}

/**
 * The way to the rows of a data set. The way to their bytes is a property of it and not of the data set, so that whoever puts another
 * `gather` into a copy of a data set does not leave the bytes of other rows in it.
 */
export interface Gather {
  (indices: ArrayLike<number>): Promise<Batch> | Batch;
  /** Where the numbers are kept as bytes. */
  readonly bytes?: ByteRows;
}

/** Where data came from, as a run's config.json records it. */
export interface DatasetSource {
  readonly description: string;
  /** The file or folder that was read. */
  readonly path?: string;
  /** SHA-256 of the file's unpacked content, in hexadecimal; of several files, that of their checksums, one a line. */
  readonly sha256?: string;
  readonly licence?: string;
}

/** Rows of one shape that can be fetched by number, in memory or not. */
export interface Dataset {
  readonly name: string;
  /** The shape of one row: [H, W, C] for images, [features] for tables. */
  readonly exampleShape: readonly number[];
  /** How many rows there are. */
  readonly length: number;
  /** The names of the classes that labels count through. */
  readonly classes?: readonly string[];
  /** Every row's class number, where all are known. */
  readonly labels?: Int32Array<ArrayBuffer>;
  /** What the columns of a table are, so that rows of numbers can become rows of the table again. */
  readonly table?: TableSchema;
  readonly source: DatasetSource;
  /**
   * The rows with these numbers, in this order; a number may repeat. The batch is fresh memory that the caller may keep.
   *
   * @throws DatasetError for a number that is not a row, or a row that cannot be read
   */
  readonly gather: Gather;
  /** Closes what the data set holds open. Views made by `subset`, `split` and the like leave that to what they view. */
  dispose?(): Promise<void>;
}

/** Rows that can be had as bytes, too. */
export function gatherWithBytes(gather: Gather, bytes: ByteRows | undefined): Gather {
  // A function of its own: a property set on the given one would show wherever else it is used.
  const own: Gather = (indices) => gather(indices);
  return bytes === undefined ? own : Object.assign(own, { bytes });
}

/** How many numbers one row has: the product of its shape. */
export function exampleSize(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Whether rows of this shape are images: three axes, [H, W, C]. */
export function isImageShape(shape: readonly number[]): shape is readonly [number, number, number] {
  return shape.length === 3;
}

/** @throws DatasetError where one of `indices` is not the number of a row of `dataset` */
export function checkIndices(dataset: { name: string; length: number }, indices: ArrayLike<number>): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (index === undefined || !Number.isInteger(index) || index < 0 || index >= dataset.length)
      throw new DatasetError(
        `Row ${index} of "${dataset.name}" was asked for; its rows are the whole numbers from 0 to ${dataset.length - 1}.`,
      );
  }
}

/** The labels of the rows `indices`. */
export function gatherLabels(labels: Int32Array, indices: ArrayLike<number>): Int32Array<ArrayBuffer> {
  const gathered = new Int32Array(indices.length);
  for (let i = 0; i < gathered.length; i++) gathered[i] = labels[indices[i] ?? 0] ?? 0;
  return gathered;
}

/** Every row of `dataset` as one batch: for small data, and for models that need all of it at once. */
export async function gatherAll(dataset: Dataset): Promise<Batch> {
  return dataset.gather(Uint32Array.from({ length: dataset.length }, (_, i) => i));
}
