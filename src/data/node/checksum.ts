// SHA-256 of bytes and files, in hexadecimal.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** The SHA-256 of bytes. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The SHA-256 of a file, read piece by piece. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** One checksum for several files: the SHA-256 of theirs, one a line. That of one file is its own. */
export function jointChecksum(checksums: readonly string[]): string {
  const [only] = checksums;
  if (checksums.length === 1 && only !== undefined) return only;
  return sha256(new TextEncoder().encode(checksums.map((checksum) => `${checksum}\n`).join('')));
}
