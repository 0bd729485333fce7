// The kinds of number that array files hold, as typed arrays. Shared by IDX, .npy and safetensors.

/** Numbers as a file stores them; booleans are bytes of 0 and 1. */
export type NumberArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** The name of a kind of number. */
export type NumberType =
  | 'bool'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float16'
  | 'float32'
  | 'float64';

interface NumberKind {
  /** Bytes per number. */
  readonly bytes: number;
  /** The typed array over memory that is aligned and in this machine's byte order; of float16, float32 that hold the same numbers. */
  readonly view: (buffer: ArrayBufferLike, byteOffset: number, count: number) => NumberArray;
}

/** Every kind of number: its size and its typed array. */
export const numberTypes: Readonly<Record<NumberType, NumberKind>> = {
  bool: { bytes: 1, view: (...memory) => new Uint8Array(...memory) },
  uint8: { bytes: 1, view: (...memory) => new Uint8Array(...memory) },
  int8: { bytes: 1, view: (...memory) => new Int8Array(...memory) },
  uint16: { bytes: 2, view: (...memory) => new Uint16Array(...memory) },
  int16: { bytes: 2, view: (...memory) => new Int16Array(...memory) },
  uint32: { bytes: 4, view: (...memory) => new Uint32Array(...memory) },
  int32: { bytes: 4, view: (...memory) => new Int32Array(...memory) },
  uint64: { bytes: 8, view: (...memory) => new BigUint64Array(...memory) },
  int64: { bytes: 8, view: (...memory) => new BigInt64Array(...memory) },
  float16: { bytes: 2, view: (...memory) => Float32Array.from(new Uint16Array(...memory), halfPrecision) },
  float32: { bytes: 4, view: (...memory) => new Float32Array(...memory) },
  float64: { bytes: 8, view: (...memory) => new Float64Array(...memory) },
};

/** The kind of number that a typed array holds. */
export function numberTypeOf(data: NumberArray): NumberType {
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Uint16Array) return 'uint16';
  if (data instanceof Int16Array) return 'int16';
  if (data instanceof Uint32Array) return 'uint32';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof BigUint64Array) return 'uint64';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Float32Array) return 'float32';
  return 'float64';
}

/**
 * Bytes as numbers. The result shares the bytes' memory where alignment and byte order allow, and is a copy elsewhere.
 * `bytes` has to hold whole numbers.
 */
export function decodeNumbers(bytes: Uint8Array, type: NumberType, littleEndian = true): NumberArray {
  const { bytes: size, view } = numberTypes[type];
  const count = bytes.length / size;
  const isNative = size === 1 || littleEndian === nativeIsLittleEndian();
  if (isNative && bytes.byteOffset % size === 0) return view(bytes.buffer, bytes.byteOffset, count);
  // Not bytes.slice(): of Node's Buffer, which files are read into, that is the same memory again.
  const copy = Uint8Array.from(bytes);
  if (!isNative) reverseEach(copy, size);
  return view(copy.buffer, 0, count);
}

/** Numbers as bytes; shares memory where the byte order allows. */
export function encodeNumbers(data: NumberArray, littleEndian = true): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data.BYTES_PER_ELEMENT === 1 || littleEndian === nativeIsLittleEndian()) return bytes;
  const copy = bytes.slice();
  reverseEach(copy, data.BYTES_PER_ELEMENT);
  return copy;
}

/** The number of elements of an array of this shape, or undefined where it is beyond exact whole numbers. */
export function elementCount(shape: readonly number[]): number | undefined {
  const count = shape.reduce((product, axis) => product * axis, 1);
  return Number.isSafeInteger(count) ? count : undefined;
}

/** The number that 16 bits stand for: one of sign, five of exponent, ten of fraction (IEEE 754 binary16). */
function halfPrecision(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/** The 16 bits nearest to a number, ties to even; what is too large becomes infinite. */
export function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // From here on the nearest number would be the one after the largest, 65504.
  if (size >= 65520) return sign | 0x7c00;
  // Numbers below 2^-14 have the steps of those right above it.
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const steps = roundToEven(size / 2 ** (exponent - 10));
  // Rounding up may reach the next power of two, and a carry into the exponent's bits says just that.
  return sign | (exponent === -14 ? steps : ((exponent + 14) << 10) + steps);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

function nativeIsLittleEndian(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}

function reverseEach(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
}
