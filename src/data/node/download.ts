// Fetching a file over HTTP so that it appears under its name only when it is whole and has the right checksum.
// Until then it is NAME.part, which an interrupted download leaves behind and the next one continues (RFC 9110, range requests).
import fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatasetError } from '../../core/errors.js';
import { syncFolder } from './atomic-write.js';
import { sha256OfFile } from './checksum.js';
import { errorCode, writeError } from './file-errors.js';
import { makeFolder } from './make-folder.js';

/** How far a download is. */
export interface DownloadProgress {
  readonly url: string;
  readonly receivedBytes: number;
  /** Where the server says how much there is. */
  readonly totalBytes?: number;
}

/** What `download` takes. */
export interface DownloadOptions {
  readonly url: string;
  /** Where the file goes; folders that are missing are made. */
  readonly path: string;
  /** The SHA-256 that the file has to have, in hexadecimal. Absent where its content is checked when it is read. */
  readonly sha256?: string;
  /** Stops the download; what was received stays for the next one. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * Fetches a file, continuing what an earlier download left, and checks it.
 *
 * @throws DatasetError where the server refuses, the connection breaks (run again to continue) or the checksum is wrong
 * @throws VerisimError where the disk cannot take it
 * @throws the signal's reason where it was aborted
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { url, path, signal } = options;
  const part = `${path}.part`;
  await makeFolder(dirname(path));
  await fetchPart(options, part);
  signal?.throwIfAborted();
  const received = options.sha256 === undefined ? undefined : await sha256OfFile(part);
  if (received !== options.sha256) {
    await fs.rm(part, { force: true });
    throw new DatasetError(
      `${url} gave a file with the SHA-256 ${received}; the right one has ${options.sha256}. It was deleted. ` +
        'Try again; should it happen twice, the file there has changed or a proxy answers in its place: ' +
        `fetch it elsewhere and put it at ${path}.`,
    );
  }
  try {
    await flush(part);
    await fs.rename(part, path);
  } catch (error) {
    throw writeError(path, error);
  }
  await syncFolder(dirname(path));
}

/** Brings the part file to the length that the server has. */
async function fetchPart(options: DownloadOptions, part: string): Promise<void> {
  const { url, signal } = options;
  const have = await sizeOf(part);
  const response = await request(options, have);
  const range = parseRange(response.headers.get('content-range'));
  if (response.status === 416 && have > 0) {
    await response.body?.cancel();
    if (range.total === have) return;
    // The part is longer than the file or of another one: start again.
    await fs.rm(part, { force: true });
    return fetchPart(options, part);
  }
  const continues = response.status === 206 && range.start === have;
  if (response.status !== 200 && !continues) {
    await response.body?.cancel();
    throw new DatasetError(
      `${url} answered ${response.status} ${response.statusText}. Check the address and the connection, ` +
        `or fetch the file elsewhere and put it at ${options.path}.`,
    );
  }
  // Servers without ranges answer 200 with the whole file, which then replaces the part.
  const start = continues ? have : 0;
  const length = response.headers.get('content-length');
  const total = length === null ? undefined : start + Number(length);
  const received = await append(options, response, part, start, total);
  if (total !== undefined && received < total) throw interrupted(options, received, total, undefined);
  signal?.throwIfAborted();
}

async function request({ url, path, signal }: DownloadOptions, have: number): Promise<Response> {
  try {
    return await fetch(url, {
      // Without "identity", a server may compress the answer, and ranges would count compressed bytes.
      headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      signal: signal ?? null,
    });
  } catch (error) {
    signal?.throwIfAborted();
    const problem = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw Object.assign(
      new DatasetError(
        `${url} could not be reached (${problem}). Check the connection and run again, ` +
          `or fetch the file elsewhere and put it at ${path}.`,
      ),
      { cause: error },
    );
  }
}

async function append(
  options: DownloadOptions,
  response: Response,
  part: string,
  start: number,
  total: number | undefined,
): Promise<number> {
  const { url, signal, onProgress } = options;
  let received = start;
  const report = () =>
    onProgress?.({ url, receivedBytes: received, ...(total === undefined ? {} : { totalBytes: total }) });
  const handle = await fs.open(part, start === 0 ? 'w' : 'a').catch((error: unknown) => {
    throw writeError(part, error);
  });
  const reader = response.body?.getReader();
  try {
    report();
    while (reader !== undefined) {
      const chunk = await reader.read().catch((error: unknown) => {
        signal?.throwIfAborted();
        throw interrupted(options, received, total, error);
      });
      if (chunk.done) break;
      await handle.writeFile(chunk.value).catch((error: unknown) => {
        throw writeError(part, error);
      });
      received += chunk.value.length;
      report();
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
    await handle.close();
  }
  return received;
}

function interrupted(
  { url, path }: DownloadOptions,
  received: number,
  total: number | undefined,
  cause: unknown,
): DatasetError {
  return Object.assign(
    new DatasetError(
      `The download of ${url} broke off after ${received}${total === undefined ? '' : ` of ${total}`} bytes. ` +
        `They are kept in ${path}.part; run again to continue from there.`,
    ),
    { cause },
  );
}

function parseRange(header: string | null): { start?: number; total?: number } {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(header ?? '');
  return {
    ...(match?.[1] === undefined ? {} : { start: Number(match[1]) }),
    ...(match?.[2] === undefined || match[2] === '*' ? {} : { total: Number(match[2]) }),
  };
}

async function flush(path: string): Promise<void> {
  const handle = await fs.open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await fs.stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw writeError(path, error);
  }
}
