// safetensors, the format of weights: the header's length as a little-endian uint64, the header as JSON
// { name: { dtype, shape, data_offsets: [start, end] }, __metadata__: { key: text } }, then all the numbers, little-endian.
// The offsets cover the data exactly: no overlap, no gap. Described at https://github.com/huggingface/safetensors#format.
import { ConfigError, FileFormatError } from '../../core/errors.js';
import {
  decodeNumbers,
  elementCount,
  encodeNumbers,
  halfBits,
  type NumberArray,
  type NumberType,
  numberTypes,
} from './numbers.js';

/** A named array of a safetensors file. */
export interface SafeTensor {
  /** The type as the file names it. */
  readonly dtype: SafeTensorType;
  readonly shape: readonly number[];
  readonly data: NumberArray;
}

/** What a safetensors file holds. */
export interface SafeTensors {
  readonly tensors: ReadonlyMap<string, SafeTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The types that can be read and written. */
export type SafeTensorType = 'F64' | 'I64' | 'F32' | 'I32' | 'F16' | 'U8' | 'BOOL';

/** From the largest number to the smallest, which is the order of the data. */
const types: ReadonlyMap<SafeTensorType, NumberType> = new Map([
  ['F64', 'float64'],
  ['I64', 'int64'],
  ['F32', 'float32'],
  ['I32', 'int32'],
  ['F16', 'float16'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
]);

/** The types that the numbers of another may be written as. */
const narrower: Readonly<Partial<Record<SafeTensorType, SafeTensorType>>> = { U8: 'BOOL', F32: 'F16' };

/** The longest header that the reference implementation accepts. */
const longestHeader = 100_000_000;

/**
 * Reads a whole safetensors file. The numbers share memory with `bytes` where they can.
 *
 * @param path names the file in errors
 * @throws FileFormatError for bytes that are empty, truncated, too long, of another format, or whose header contradicts itself
 * @example const { tensors, metadata } = readSafetensors(await readFile('weights.safetensors'))
 */
export function readSafetensors(bytes: Uint8Array, path = 'safetensors data'): SafeTensors {
  const fail = (problem: string): never => {
    throw new FileFormatError(path, problem);
  };
  if (bytes.length < 10) fail(`only ${bytes.length} bytes long; a safetensors file has at least 10.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > longestHeader || bytes[8] !== 0x7b)
    fail('does not start with a header length and a JSON object; it is no safetensors file.');
  if (8 + headerBytes > bytes.length)
    fail(`ends inside its header: ${bytes.length} bytes, but the header takes ${8 + headerBytes}. It is truncated.`);
  const header = parseJson(bytes.subarray(8, 8 + headerBytes), path);
  const body = bytes.subarray(8 + headerBytes);

  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, description]) => parseEntry(name, description, path));
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (entry.start !== end)
      fail(
        `tensor "${entry.name}" starts at byte ${entry.start} of the data, but the one before it ends at ${end}. It is damaged.`,
      );
    end = entry.end;
  }
  if (end !== body.length)
    fail(
      `has ${body.length} bytes of data, but its tensors take ${end}. It is ${body.length < end ? 'truncated' : 'damaged'}.`,
    );
  const tensors = new Map(
    entries.map(({ name, dtype, type, shape, start, end }) => [
      name,
      { dtype, shape, data: decodeNumbers(body.subarray(start, end), type) },
    ]),
  );
  return { tensors, metadata: parseMetadata(header.__metadata__, path) };
}

/**
 * The bytes of a safetensors file: the same content always gives the same bytes, with the largest numbers first so that all are aligned.
 *
 * @param tensors arrays by name; `dtype` 'BOOL' stores bytes as booleans, 'F16' a Float32Array rounded to half precision; otherwise the
 *   typed array decides
 * @throws ConfigError for a shape that does not fit the numbers, or numbers that safetensors files of Verisim do not hold
 * @example writeSafetensors({ 'layer.weight': { shape: [2, 3], data: new Float32Array(6) } }, { kind: 'vae' })
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, { shape: readonly number[]; data: NumberArray; dtype?: SafeTensorType }>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const order = [...types.keys()];
  const entries = Object.entries(tensors)
    .map(([name, { shape, data, dtype }]) => ({ name, shape, data, dtype: tensorType(name, shape, data, dtype) }))
    .sort((a, b) => order.indexOf(a.dtype) - order.indexOf(b.dtype) || (a.name < b.name ? -1 : 1));
  let end = 0;
  // From pairs, so that a tensor may be named "__proto__" or after a number without changing places.
  const members = entries.map(({ name, shape, data, dtype }) => {
    const start = end;
    end += data.length * numberTypes[types.get(dtype) ?? 'uint8'].bytes;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [start, end] })}`;
  });
  if (Object.keys(metadata).length > 0) members.unshift(`"__metadata__":${JSON.stringify(metadata)}`);
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const dataOffset = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(dataOffset + end).fill(0x20, 8 + json.length, dataOffset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataOffset - 8), true);
  bytes.set(json, 8);
  let position = dataOffset;
  for (const { data, dtype } of entries) {
    const encoded = encodeNumbers(
      dtype === 'F16' && data instanceof Float32Array ? Uint16Array.from(data, halfBits) : data,
    );
    bytes.set(encoded, position);
    position += encoded.length;
  }
  return bytes;
}

interface Entry {
  readonly name: string;
  readonly dtype: SafeTensorType;
  readonly type: NumberType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

function parseEntry(name: string, description: unknown, path: string): Entry {
  const { dtype, shape, data_offsets: offsets } = isObject(description) ? description : {};
  const type = [...types].find(([known]) => known === dtype);
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2)
    throw new FileFormatError(path, `tensor "${name}" has no proper dtype, shape and data_offsets in the header.`);
  if (type === undefined)
    throw new FileFormatError(
      path,
      `tensor "${name}" has type ${dtype}; supported are ${[...types.keys()].join(', ')}. Convert it to F32 first.`,
    );
  const [start = 0, end = 0] = offsets;
  const needed = (elementCount(shape) ?? Number.POSITIVE_INFINITY) * numberTypes[type[1]].bytes;
  if (end - start !== needed)
    throw new FileFormatError(
      path,
      `tensor "${name}" of shape [${shape.join(', ')}] and type ${dtype} takes ${needed} bytes, ` +
        `but its offsets [${start}, ${end}] hold ${end - start}. It is damaged.`,
    );
  return { name, dtype: type[0], type: type[1], shape, start, end };
}

function parseJson(bytes: Uint8Array, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isObject(value)) return value;
  } catch (cause) {
    throw Object.assign(new FileFormatError(path, `its header is not JSON (${String(cause)}). It is damaged.`), {
      cause,
    });
  }
  throw new FileFormatError(path, 'its header is not a JSON object. It is damaged.');
}

function parseMetadata(value: unknown, path: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isObject(value)) throw new FileFormatError(path, 'its "__metadata__" is not an object of texts.');
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => {
      if (typeof text !== 'string') throw new FileFormatError(path, `its metadata "${key}" is not a text.`);
      return [key, text];
    }),
  );
}

function tensorType(
  name: string,
  shape: readonly number[],
  data: NumberArray,
  wanted: SafeTensorType | undefined,
): SafeTensorType {
  if (name === '__metadata__')
    throw new ConfigError('A tensor cannot be named "__metadata__"; pass metadata separately.');
  if (elementCount(shape) !== data.length)
    throw new ConfigError(
      `Tensor "${name}" has ${data.length} numbers, which do not fill shape [${shape.join(', ')}].`,
    );
  const natural = naturalType(data);
  const fits = wanted === undefined || wanted === natural || (natural !== undefined && narrower[natural] === wanted);
  if (natural === undefined || !fits)
    throw new ConfigError(
      `Tensor "${name}" is a ${data.constructor.name} and cannot be written as ${wanted ?? 'safetensors'}; ` +
        'use Float32Array, Float64Array, Int32Array, BigInt64Array or Uint8Array.',
    );
  return wanted ?? natural;
}

function naturalType(data: NumberArray): SafeTensorType | undefined {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof BigInt64Array) return 'I64';
  if (data instanceof Uint8Array) return 'U8';
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
