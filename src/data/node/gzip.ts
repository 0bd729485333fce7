// gzip, told by its first two bytes rather than by the file's name.
import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import { DatasetError, FileFormatError } from '../../core/errors.js';
import { errorCode } from './file-errors.js';

const unzip = promisify(gunzipCallback);

/** Whether the bytes begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The content of gzipped bytes.
 *
 * @param path names the file in errors
 * @param maxBytes the most bytes that the content may have
 * @throws FileFormatError where they are truncated or damaged
 * @throws DatasetError where the content is larger than `maxBytes`
 */
export async function gunzip(bytes: Uint8Array, path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const maxOutputLength = Math.min(maxBytes, 2 ** 32);
    return await unzip(bytes, { maxOutputLength, chunkSize: likelySize(bytes, maxOutputLength) + 1 });
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE')
      throw new DatasetError(
        `${path} holds more than ${maxBytes} bytes once unpacked, which is more than may be kept in memory. ` +
          `Unpack it (gunzip -k "${path}") and open the result, which can be read from disk row by row, or raise memoryBudget.`,
      );
    const problem = error instanceof Error ? error.message : String(error);
    throw Object.assign(
      new FileFormatError(path, `cannot be unpacked by gzip (${problem}). It is truncated or damaged.`),
      {
        cause: error,
      },
    );
  }
}

/** What deflate makes of a byte at most. */
const mostPerByte = 1032;
const leastChunk = 64;

/**
 * The size of the content as the last four bytes say it (modulo 2^32, of the last part), within what is possible: a buffer of that size
 * takes everything at once, where pieces would have to be joined, in twice the memory.
 */
function likelySize(bytes: Uint8Array, most: number): number {
  if (bytes.length < 4) return leastChunk;
  const said = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true);
  return Math.max(leastChunk, Math.min(said, most, mostPerByte * bytes.length));
}
