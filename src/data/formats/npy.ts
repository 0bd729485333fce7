// .npy, NumPy's format for one array: the magic "\x93NUMPY", a version, the header's length, the header as a Python dictionary
// { descr, fortran_order, shape }, then the numbers. Described at
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Pickled objects are never loaded.
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

/** An array as .npy holds it, in C order (last axis fastest). */
export interface NpyArray {
  /** What the file holds; float16 comes as float32. */
  readonly type: NumberType;
  readonly shape: readonly number[];
  readonly data: NumberArray;
}

/** What the start of a .npy file says. */
export interface NpyHeader {
  readonly type: NumberType;
  readonly littleEndian: boolean;
  /** Whether the first axis is the fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the numbers start, in bytes. */
  readonly dataOffset: number;
  /** How long the file has to be, in bytes. */
  readonly fileBytes: number;
}

const codes: Readonly<Record<string, NumberType>> = {
  b1: 'bool',
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  u8: 'uint64',
  i8: 'int64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** The most bytes that the header of a plain array takes: version 1 counts them in 16 bits. */
export const npyHeaderBytes = 12 + 65536;

/** Whether the bytes begin as .npy does. */
export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads the header at the start of `bytes`.
 *
 * @param path names the file in errors
 * @throws FileFormatError where it is not one, or describes anything but an array of plain numbers
 */
export function readNpyHeader(bytes: Uint8Array, path = '.npy data'): NpyHeader {
  if (bytes.length < 12)
    throw new FileFormatError(path, `only ${bytes.length} bytes long; a .npy file has a header of at least 12.`);
  if (!isNpy(bytes)) throw new FileFormatError(path, 'does not start with the magic "\\x93NUMPY" of a .npy file.');
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3)
    throw new FileFormatError(path, `is .npy version ${version}; versions 1, 2 and 3 are known.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 12);
  const start = version === 1 ? 10 : 12;
  const dataOffset = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataOffset > npyHeaderBytes)
    throw new FileFormatError(path, `its header takes ${dataOffset} bytes, which no array of plain numbers needs.`);
  if (bytes.length < dataOffset)
    throw new FileFormatError(
      path,
      `ends inside its header: ${bytes.length} bytes, but the header takes ${dataOffset}. It is truncated.`,
    );
  const text = new TextDecoder('latin1').decode(bytes.subarray(start, dataOffset));
  const description = parseHeader(text, path);
  const count = elementCount(description.shape);
  if (count === undefined)
    throw new FileFormatError(path, `its header says shape (${description.shape.join(', ')}), which no file can hold.`);
  return { ...description, dataOffset, fileBytes: dataOffset + count * numberTypes[description.type].bytes };
}

/**
 * Reads a whole .npy file; an array in Fortran order is transposed into C order. The numbers share memory with `bytes` where they can.
 *
 * @param path names the file in errors
 * @throws FileFormatError for bytes that are empty, truncated, too long, of another format, or hold no plain numbers
 * @example const { shape, data } = readNpy(await readFile('x.npy'))
 */
export function readNpy(bytes: Uint8Array, path = '.npy data'): NpyArray {
  const { type, littleEndian, fortranOrder, shape, dataOffset, fileBytes } = readNpyHeader(bytes, path);
  if (bytes.length !== fileBytes)
    throw new FileFormatError(
      path,
      `has ${bytes.length} bytes, but shape (${shape.join(', ')}) of ${type} takes ${fileBytes}. ` +
        (bytes.length < fileBytes ? 'It is truncated.' : 'It is damaged.'),
    );
  const data = decodeNumbers(bytes.subarray(dataOffset), type, littleEndian);
  return {
    type,
    shape,
    data: fortranOrder && shape.length > 1 ? fromFortranOrder(data, numberTypeOf(data), shape) : data,
  };
}

/**
 * The bytes of a .npy file, version 1, little-endian, C order, aligned to 64 bytes as NumPy does.
 *
 * @param array.type 'bool' stores bytes as booleans; default: what the typed array holds
 * @throws ConfigError for a shape that does not fit the numbers, or a type that does not fit the array
 * @example await writeFile('samples.npy', writeNpy({ shape: [64, 28, 28, 1], data: samples }))
 */
export function writeNpy(array: {
  shape: readonly number[];
  data: NumberArray;
  type?: NumberType;
}): Uint8Array<ArrayBuffer> {
  const { shape, data, type = numberTypeOf(data) } = array;
  if (elementCount(shape) !== data.length)
    throw new ConfigError(`${data.length} numbers do not fill an array of shape (${shape.join(', ')}).`);
  if (type !== numberTypeOf(data) && !(type === 'bool' && data instanceof Uint8Array))
    throw new ConfigError(`The numbers are ${numberTypeOf(data)} and cannot be written as ${type}.`);
  const code = Object.entries(codes).find(([, known]) => known === type)?.[0];
  const order = numberTypes[type].bytes === 1 ? '|' : '<';
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const dataOffset = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(dataOffset + data.byteLength);
  bytes.set([...magic, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, dataOffset - 10, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(dataOffset - 11)}\n`), 10);
  bytes.set(encodeNumbers(data), dataOffset);
  return bytes;
}

function parseHeader(text: string, path: string): Pick<NpyHeader, 'type' | 'littleEndian' | 'fortranOrder' | 'shape'> {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descr === undefined && /'descr'\s*:\s*\[/.test(text))
    throw new FileFormatError(path, 'holds records of several fields; save each field as an array of its own.');
  if (descr === undefined || order === undefined || tuple === undefined)
    throw new FileFormatError(
      path,
      `its header is not a description of an array: ${JSON.stringify(text.slice(0, 80))}.`,
    );
  const code = descr.slice(1);
  const type = Object.hasOwn(codes, code) ? codes[code] : undefined;
  if (type === undefined || !'<>|='.includes(descr.charAt(0)))
    throw new FileFormatError(
      path,
      descr.endsWith('O')
        ? 'holds pickled Python objects, which are never loaded. Save an array of numbers, for example x.astype("float32").'
        : `holds numbers of type "${descr}", which is not supported. Known: ${Object.keys(codes).join(', ')}; convert with x.astype("float32").`,
    );
  const shape = tuple.split(',').flatMap((axis) => (axis.trim() === '' ? [] : [Number(axis)]));
  if (!shape.every(Number.isSafeInteger))
    throw new FileFormatError(path, `its header says shape (${tuple}), which no file can hold.`);
  return { type, littleEndian: descr.charAt(0) !== '>', fortranOrder: order === 'True', shape };
}

/** Reorders numbers whose first axis is fastest so that the last one is. */
function fromFortranOrder(data: NumberArray, type: NumberType, shape: readonly number[]): NumberArray {
  const { bytes: size, view } = numberTypes[type];
  const from = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const to = new Uint8Array(data.byteLength);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1));
  const position = new Array<number>(shape.length).fill(0);
  let source = 0;
  for (let target = 0; target < data.length; target++) {
    for (let byte = 0; byte < size; byte++) to[target * size + byte] = from[source * size + byte] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      const stride = strides[axis] ?? 0;
      if (next < (shape[axis] ?? 0)) {
        position[axis] = next;
        source += stride;
        break;
      }
      position[axis] = 0;
      source -= (next - 1) * stride;
    }
  }
  return view(to.buffer, 0, data.length);
}
