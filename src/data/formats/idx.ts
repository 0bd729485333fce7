// IDX, the format of MNIST: two zero bytes, a type code, the number of axes, each axis as a big-endian uint32, then the numbers,
// big-endian, last axis fastest. Described at the end of http://yann.lecun.com/exdb/mnist/.
import { ConfigError, FileFormatError } from '../../core/errors.js';
import {
  decodeNumbers,
  elementCount,
  encodeNumbers,
  type NumberArray,
  type NumberType,
  numberTypeOf,
  numberTypes,
} from './numbers.js';

/** An array as IDX holds it. */
export interface IdxArray {
  readonly type: NumberType;
  readonly shape: readonly number[];
  readonly data: NumberArray;
}

/** What the start of an IDX file says. */
export interface IdxHeader {
  readonly type: NumberType;
  readonly shape: readonly number[];
  /** Where the numbers start, in bytes. */
  readonly dataOffset: number;
  /** How long the file has to be, in bytes. */
  readonly fileBytes: number;
}

const typeCodes: Readonly<Partial<Record<number, NumberType>>> = {
  8: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};

/** The most bytes that an IDX header can take: 255 axes. */
export const idxHeaderBytes = 4 + 255 * 4;

/** Whether the bytes begin as IDX does: two zeros and a known type code. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && typeCodes[bytes[2] ?? 0] !== undefined;
}

/**
 * Reads the header at the start of `bytes`.
 *
 * @param path names the file in errors
 * @throws FileFormatError where it is not one
 */
export function readIdxHeader(bytes: Uint8Array, path = 'IDX data'): IdxHeader {
  if (bytes.length < 4)
    throw new FileFormatError(path, `only ${bytes.length} bytes long; an IDX file has a header of at least 4.`);
  const type = typeCodes[bytes[2] ?? 0];
  if (bytes[0] !== 0 || bytes[1] !== 0 || type === undefined) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new FileFormatError(path, `starts with the bytes ${start}, which is not the magic number of an IDX file.`);
  }
  const axes = bytes[3] ?? 0;
  const dataOffset = 4 + 4 * axes;
  if (bytes.length < dataOffset)
    throw new FileFormatError(
      path,
      `ends inside its header: ${bytes.length} bytes, but ${axes} axes take ${dataOffset}. It is truncated.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, dataOffset);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = elementCount(shape);
  if (axes === 0 || count === undefined)
    throw new FileFormatError(path, `its header says shape [${shape.join(', ')}], which no file can hold.`);
  return { type, shape, dataOffset, fileBytes: dataOffset + count * numberTypes[type].bytes };
}

/**
 * Reads a whole IDX file. The numbers share memory with `bytes` where they can.
 *
 * @param path names the file in errors
 * @throws FileFormatError for bytes that are empty, truncated, too long or of another format
 * @example const { shape, data } = readIdx(await readFile('train-images-idx3-ubyte'))
 */
export function readIdx(bytes: Uint8Array, path = 'IDX data'): IdxArray {
  const { type, shape, dataOffset, fileBytes } = readIdxHeader(bytes, path);
  if (bytes.length !== fileBytes)
    throw new FileFormatError(
      path,
      `has ${bytes.length} bytes, but shape [${shape.join(', ')}] of ${type} takes ${fileBytes}. ` +
        (bytes.length < fileBytes ? 'It is truncated.' : 'It is damaged.'),
    );
  return { type, shape, data: decodeNumbers(bytes.subarray(dataOffset), type, false) };
}

/**
 * The bytes of an IDX file.
 *
 * @throws ConfigError for a kind of number that IDX does not have, or a shape that does not fit the numbers
 */
export function writeIdx(array: { shape: readonly number[]; data: NumberArray }): Uint8Array<ArrayBuffer> {
  const { shape, data } = array;
  const type = numberTypeOf(data);
  const code = Object.entries(typeCodes).find(([, known]) => known === type)?.[0];
  if (code === undefined)
    throw new ConfigError(`IDX cannot hold ${type}; it holds ${Object.values(typeCodes).join(', ')}.`);
  if (shape.length < 1 || shape.length > 255 || elementCount(shape) !== data.length)
    throw new ConfigError(`${data.length} numbers do not fill an IDX array of shape [${shape.join(', ')}].`);
  const dataOffset = 4 + 4 * shape.length;
  const bytes = new Uint8Array(dataOffset + data.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, Number(code));
  view.setUint8(3, shape.length);
  for (const [axis, size] of shape.entries()) view.setUint32(4 + 4 * axis, size);
  bytes.set(encodeNumbers(data, false), dataOffset);
  return bytes;
}
