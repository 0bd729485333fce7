// The binary version of CIFAR-10: records of one label byte and 3072 pixel bytes, 1024 red, 1024 green, 1024 blue, each 32 x 32
// row by row. No header. Described at https://www.cs.toronto.edu/~kriz/cifar.html.
import { FileFormatError } from '../../core/errors.js';

/** Bytes per record: the label and the pixels. */
export const cifarRecordBytes = 3073;

/** The shape of one image, [H, W, C]. */
export const cifarShape: readonly [32, 32, 3] = [32, 32, 3];

const planeBytes = 1024;
const classCount = 10;

/** Labels and images of a CIFAR file; the pixels are bytes, [records, 32, 32, 3]. */
export interface CifarRecords {
  readonly labels: Uint8Array;
  readonly images: Uint8Array;
}

/**
 * How many records a file of this many bytes holds.
 *
 * @throws FileFormatError where it is empty or ends inside a record
 */
export function cifarRecordCount(fileBytes: number, path = 'CIFAR data'): number {
  if (fileBytes === 0 || fileBytes % cifarRecordBytes !== 0)
    throw new FileFormatError(
      path,
      `has ${fileBytes} bytes, which is not a whole number of CIFAR-10 records of ${cifarRecordBytes} bytes. ` +
        'It is truncated, or of another format.',
    );
  return fileBytes / cifarRecordBytes;
}

/**
 * Reads a whole CIFAR-10 file.
 *
 * @param path names the file in errors
 * @throws FileFormatError for bytes that are empty, truncated or of another format
 */
export function readCifar(bytes: Uint8Array, path = 'CIFAR data'): CifarRecords {
  const count = cifarRecordCount(bytes.length, path);
  const labels = new Uint8Array(count);
  const images = new Uint8Array(count * 3 * planeBytes);
  for (let i = 0; i < count; i++) {
    const start = i * cifarRecordBytes;
    labels[i] = checkCifarLabel(bytes[start] ?? 0, i, path);
    interleave(bytes.subarray(start + 1, start + cifarRecordBytes), images, i * 3 * planeBytes);
  }
  return { labels, images };
}

/** @throws FileFormatError for a label that CIFAR-10 does not have: the file is of another format, or damaged */
export function checkCifarLabel(label: number, record: number, path: string): number {
  if (label >= classCount)
    throw new FileFormatError(
      path,
      `the label of record ${record} is ${label}; CIFAR-10 has the classes 0 to ${classCount - 1}. ` +
        'The file is damaged, or of another format (CIFAR-100 has two label bytes per record).',
    );
  return label;
}

/** The 3072 pixel bytes of one record as [0, 1] numbers, [32, 32, 3], at `start` of `into`. */
export function cifarPixels(planes: Uint8Array, into: Float32Array, start: number): void {
  interleave(planes, into, start);
  for (let i = start; i < start + 3 * planeBytes; i++) into[i] = (into[i] ?? 0) / 255;
}

/** Three planes one after the other to three channels side by side. */
function interleave(planes: Uint8Array, into: Uint8Array | Float32Array, start: number): void {
  for (let pixel = 0, to = start; pixel < planeBytes; pixel++, to += 3) {
    into[to] = planes[pixel] ?? 0;
    into[to + 1] = planes[pixel + planeBytes] ?? 0;
    into[to + 2] = planes[pixel + 2 * planeBytes] ?? 0;
  }
}
