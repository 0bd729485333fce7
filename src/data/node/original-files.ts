// Reading the original files of a named data set: plain, gzipped or inside a tar.gz, each checked against its known SHA-256.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { DatasetError, FileFormatError } from '../../core/errors.js';
import type { OriginalFile } from '../named/entry.js';
import { sha256 } from './checksum.js';
import { gunzip, isGzip } from './gzip.js';
import type { FoundFile } from './places.js';

/** Room for the container of a file that something is taken out of. */
const containerBytes = 65536;

/**
 * The content of each file, by its name.
 *
 * @throws FileFormatError where one is truncated, damaged or not the original
 */
export async function readOriginals(found: readonly FoundFile[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  for (const { file, path, isArchive } of found)
    if (!isArchive) contents.set(file.name, await readFileContent(path, file));
  for (const archive of new Set(found.filter(({ isArchive }) => isArchive).map(({ path }) => path))) {
    const wanted = found.filter(({ path, isArchive }) => isArchive && path === archive).map(({ file }) => file);
    const members = await readMembers(archive, wanted);
    for (const file of wanted) {
      const content = members.get(file.name);
      if (content === undefined)
        throw new FileFormatError(archive, `has no ${file.name} in it. It is truncated or damaged.`);
      contents.set(file.name, checked(content, file, `${archive} (${file.name})`));
    }
  }
  return contents;
}

async function readFileContent(path: string, file: OriginalFile): Promise<Uint8Array> {
  // A file that something is taken out of may be packed less tightly than the known one, up to 8 bytes for a pixel.
  const content = await readPlain(path, file.extract === undefined ? file.bytes : 8 * file.bytes + containerBytes);
  return checked(file.extract === undefined ? content : await file.extract(content, path), file, path);
}

/** The bytes of a file, unpacked where they are gzipped. @throws DatasetError where it cannot be read */
export async function readPlain(path: string, maxBytes: number): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw Object.assign(new DatasetError(`${path} cannot be read: ${problem}.`), { cause: error });
  }
  return isGzip(bytes) ? gunzip(bytes, path, maxBytes) : bytes;
}

function checked(content: Uint8Array, file: OriginalFile, path: string): Uint8Array {
  const received = sha256(content);
  if (received !== file.sha256)
    throw new FileFormatError(
      path,
      `is not the original ${file.name}: ${content.length} bytes with the SHA-256 ${received}, ` +
        `expected ${file.bytes} bytes with ${file.sha256}. Delete it to have it fetched again, ` +
        'or open the file by its own path to use it as it is.',
    );
  return content;
}

/** The wanted members of a tar.gz; reading stops after the last of them. */
async function readMembers(path: string, wanted: readonly OriginalFile[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const members = new Map<string, Uint8Array>();
  const unpack = extract();
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const flow = pipeline(file, createGunzip({ chunkSize: 1 << 18 }), unpack);
  // The error surfaces in the loop below, or there is none because reading stopped early.
  flow.catch(() => undefined);
  try {
    for await (const entry of unpack) {
      const name = entry.header.name.replace(/^\.\//, '');
      const known = wanted.find((member) => member.name === name);
      if (known === undefined || entry.header.size !== known.bytes) {
        entry.resume();
        continue;
      }
      members.set(name, await buffer(entry));
      if (members.size === wanted.length) break;
    }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw Object.assign(new FileFormatError(path, `cannot be unpacked (${problem}). It is truncated or damaged.`), {
      cause: error,
    });
  } finally {
    file.destroy();
  }
  return members;
}
