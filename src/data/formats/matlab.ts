// MATLAB 5 files (.mat) with matrices of bytes, uncompressed or compressed by zlib: a header of 128 bytes, then data elements of a type,
// a length and content. Described in MathWorks' "MAT-File Format". Matrices of other kinds are passed over.
import { FileFormatError } from '../../core/errors.js';

/** A matrix as the file has it: the first axis is the fastest. */
export interface MatlabMatrix {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const headerBytes = 128;
/** Types of data elements. */
const types = { uint8: 2, int32: 5, uint32: 6, matrix: 14, compressed: 15 } as const;
/** Classes of arrays that are matrices of real numbers: double, single, and whole numbers of 8 to 64 bits. */
const numberClasses = { first: 6, last: 15 } as const;
const complexFlag = 0x0800;

/**
 * The matrices of bytes in a MATLAB 5 file, by name. MATLAB stores whole numbers of 0 to 255 as bytes whatever their class.
 *
 * @param path names the file in errors
 * @param maxBytes the most that a compressed matrix may unpack to
 * @throws FileFormatError for bytes that are truncated, damaged, or of another format
 * @example const { ff } = await readMatlab(bytes)
 */
export async function readMatlab(
  bytes: Uint8Array,
  path = 'MATLAB data',
  maxBytes = 2 ** 30,
): Promise<Readonly<Record<string, MatlabMatrix>>> {
  const mark = String.fromCharCode(bytes[126] ?? 0, bytes[127] ?? 0);
  if (bytes.length < headerBytes || (mark !== 'IM' && mark !== 'MI'))
    throw new FileFormatError(
      path,
      'has not the header of a MATLAB 5 file. Save it by save(..., "-v7") or scipy.io.savemat.',
    );
  const reader: Reader = { path, littleEndian: mark === 'IM' };
  const found = new Map<string, MatlabMatrix>();
  for (let place = headerBytes; place < bytes.length; ) {
    const element = readElement(bytes, place, reader);
    place = element.end;
    const content = element.type === types.compressed ? await unpack(element.content, path, maxBytes) : undefined;
    const matrix = content === undefined ? element : readElement(content, 0, reader);
    if (matrix.type !== types.matrix) continue;
    const named = readMatrix(matrix.content, reader);
    if (named !== undefined) found.set(named.name, named.matrix);
  }
  return Object.fromEntries(found);
}

interface Reader {
  readonly path: string;
  readonly littleEndian: boolean;
}

interface Element {
  readonly type: number;
  readonly content: Uint8Array;
  /** Where the next one starts. */
  readonly end: number;
}

function readElement(bytes: Uint8Array, place: number, { path, littleEndian }: Reader): Element {
  if (place + 8 > bytes.length) throw truncated(path, place);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = view.getUint32(place, littleEndian);
  // Up to four bytes stand in the tag itself, which then has their number in its upper half.
  const shortLength = word >>> 16;
  const isShort = shortLength !== 0;
  const length = isShort ? shortLength : view.getUint32(place + 4, littleEndian);
  const start = place + (isShort ? 4 : 8);
  if ((isShort && length > 4) || start + length > bytes.length) throw truncated(path, place);
  const type = isShort ? word & 0xffff : word;
  const end = isShort ? place + 8 : start + (type === types.compressed ? length : Math.ceil(length / 8) * 8);
  return { type, content: bytes.subarray(start, start + length), end };
}

function readMatrix(
  bytes: Uint8Array,
  reader: Reader,
): { readonly name: string; readonly matrix: MatlabMatrix } | undefined {
  const { path, littleEndian } = reader;
  const flags = readElement(bytes, 0, reader);
  if (flags.type !== types.uint32 || flags.content.length !== 8) throw damaged(path, 'has no flags');
  const flag = viewOf(flags.content).getUint32(0, littleEndian);
  const kind = flag & 0xff;
  if (kind < numberClasses.first || kind > numberClasses.last || (flag & complexFlag) !== 0) return undefined;
  const dimensions = readElement(bytes, flags.end, reader);
  if (dimensions.type !== types.int32 || dimensions.content.length % 4 !== 0 || dimensions.content.length < 8)
    throw damaged(path, 'has no dimensions');
  const sizes = viewOf(dimensions.content);
  const shape = Array.from({ length: dimensions.content.length / 4 }, (_, i) => sizes.getInt32(4 * i, littleEndian));
  const name = readElement(bytes, dimensions.end, reader);
  const data = readElement(bytes, name.end, reader);
  if (data.type !== types.uint8) return undefined;
  const count = shape.reduce((product, length) => product * length, 1);
  if (shape.some((length) => length < 0) || count !== data.content.length)
    throw damaged(path, `has ${data.content.length} bytes where its shape [${shape.join(', ')}] takes ${count}`);
  return { name: new TextDecoder('latin1').decode(name.content), matrix: { shape, data: data.content } };
}

/** What zlib packed. The stream is of the web's, so that it is there on every runtime. */
async function unpack(bytes: Uint8Array, path: string, maxBytes: number): Promise<Uint8Array> {
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  const writing = writer.write(bytes.slice()).then(() => writer.close());
  // Its error surfaces at the reader.
  writing.catch(() => undefined);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.readable.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      length += part.value.length;
      if (length > maxBytes) {
        await reader.cancel();
        throw new FileFormatError(path, `unpacks to more than ${maxBytes} bytes.`);
      }
    }
    await writing;
  } catch (error) {
    if (error instanceof FileFormatError) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw Object.assign(damaged(path, `cannot be unpacked (${problem})`), { cause: error });
  }
  const whole = new Uint8Array(length);
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function truncated(path: string, place: number): FileFormatError {
  return new FileFormatError(path, `ends inside the data element at byte ${place}. It is truncated or damaged.`);
}

function damaged(path: string, problem: string): FileFormatError {
  return new FileFormatError(path, `a matrix of it ${problem}. It is truncated or damaged.`);
}
