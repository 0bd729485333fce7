// Telling whether data are still the same without reading all of them.
import type { Dataset } from '../dataset.js';
import { sha256 } from './checksum.js';

/** Rows that a fingerprint looks at, spread evenly from the first to the last. */
const mostRows = 64;

/** The SHA-256 of some rows of a data set, as the float32 numbers that a model sees. */
export async function fingerprint(data: Dataset): Promise<string> {
  const count = Math.min(mostRows, data.length);
  const indices = Array.from({ length: count }, (_, index) =>
    count === 1 ? 0 : Math.round((index * (data.length - 1)) / (count - 1)),
  );
  const { x } = await data.gather(indices);
  return sha256(new Uint8Array(x.buffer, x.byteOffset, x.byteLength));
}
