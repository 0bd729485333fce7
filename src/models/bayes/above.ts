// Which numbers of rows are above a threshold, four at a time: as a mask with 1 in each of the four bytes of a word.
import type { ByteRows } from '../../data/dataset.js';

/** The smallest byte that stands for a number above the threshold; 256 where there is none. */
export function firstByteAbove({ divisor }: Pick<ByteRows, 'divisor'>, threshold: number): number {
  let byte = 0;
  while (byte < 256 && !(Math.fround(byte / divisor) > threshold)) byte += 1;
  return byte;
}

/** Words of rows of `size` bytes or numbers. */
export function wordsOf(size: number): number {
  return Math.ceil(size / 4);
}

/**
 * Of bytes [rows, size], those from `first` on, as masks [rows, words].
 *
 * A word is compared at once: adding 128 - first to the lower seven bits of each byte carries into its eighth where they are large enough.
 *
 * @param into where to put them, for many calls
 */
export function masksOfBytes(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
  first: number,
  into?: Int32Array,
): Int32Array {
  const words = wordsOf(size);
  const count = (bytes.length / size) * words;
  const masks = into?.subarray(0, count) ?? new Int32Array(count);
  if (first > 255) return masks.fill(0);
  const numbers = wordsIn(bytes, size);
  const carry = Math.imul(128 - (first & 127), 0x01010101);
  const needsHighBit = first >= 128;
  for (let i = 0; i < count; i++) {
    const word = numbers[i]!;
    const sum = ((word & 0x7f7f7f7f) + carry) | 0;
    masks[i] = ((needsHighBit ? sum & word : sum | word) >>> 7) & 0x01010101;
  }
  if (first === 0) clearEnds(masks, size, words);
  return masks;
}

/** Of numbers [rows, size], those above a threshold, as masks [rows, words]. */
export function masksOfNumbers(x: Float32Array, size: number, threshold: number): Int32Array {
  const words = wordsOf(size);
  const rows = x.length / size;
  const masks = new Int32Array(rows * words);
  for (let row = 0, at = 0; row < rows; row++) {
    const end = (row + 1) * size;
    for (let i = row * size; i < end; i += 4, at++) {
      let mask = x[i]! > threshold ? 1 : 0;
      if (i + 1 < end && x[i + 1]! > threshold) mask |= 1 << 8;
      if (i + 2 < end && x[i + 2]! > threshold) mask |= 1 << 16;
      if (i + 3 < end && x[i + 3]! > threshold) mask |= 1 << 24;
      masks[at] = mask;
    }
  }
  return masks;
}

/** The bytes of rows as words, the first byte lowest. */
function wordsIn(bytes: Uint8Array<ArrayBuffer>, size: number): Int32Array {
  if (size % 4 === 0 && bytes.byteOffset % 4 === 0 && isLittleEndian())
    return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const words = wordsOf(size);
  const rows = bytes.length / size;
  const result = new Int32Array(rows * words);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < size; i++) result[row * words + (i >>> 2)]! |= bytes[row * size + i]! << (8 * (i & 3));
  return result;
}

function clearEnds(masks: Int32Array, size: number, words: number): void {
  if (size % 4 === 0) return;
  const kept = 2 ** (8 * (size % 4)) - 1;
  for (let i = words - 1; i < masks.length; i += words) masks[i]! &= kept;
}

function isLittleEndian(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}
