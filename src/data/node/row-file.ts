// Rows of fixed length in a file, read by number through one open handle. Nothing is kept in memory between two reads.
import fs, { type FileHandle } from 'node:fs/promises';
import { DatasetError, FileFormatError } from '../../core/errors.js';
import { errorCode } from './file-errors.js';

/** Where the rows of a file are. */
export interface RowLayout {
  /** Where the first row starts, in bytes. */
  readonly offset: number;
  readonly rowBytes: number;
}

/** A run of the file that is read at once, and the rows in it. */
interface Run {
  readonly start: number;
  end: number;
  readonly reads: { readonly row: number; readonly place: number }[];
}

// Reading 32 KiB that nobody asked for is cheaper than one more system call; a run of 4 MiB bounds the memory.
const largestGap = 32 * 1024;
const largestRun = 4 * 1024 * 1024;
const runsAtOnce = 4;

/** An open file of rows. */
export class RowFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #layout: RowLayout;
  #isOpen = true;

  private constructor(path: string, handle: FileHandle, layout: RowLayout) {
    this.path = path;
    this.#handle = handle;
    this.#layout = layout;
  }

  /** @throws DatasetError where the file cannot be opened */
  static async open(path: string, layout: RowLayout): Promise<RowFile> {
    return new RowFile(path, await openForReading(path), layout);
  }

  /**
   * Reads rows, those near each other in one go, and hands each to `take`.
   *
   * @param rows row numbers; may repeat
   * @param take gets the row's bytes, which are only valid during the call, and its place in `rows`
   * @throws DatasetError once closed
   * @throws FileFormatError where the file has become shorter
   */
  async read(rows: ArrayLike<number>, take: (bytes: Uint8Array, place: number) => void): Promise<void> {
    const runs = this.#plan(rows);
    const { offset, rowBytes } = this.#layout;
    const worker = async (): Promise<void> => {
      for (let run = runs.pop(); run !== undefined; run = runs.pop()) {
        const bytes = await this.#readBytes(run.start, run.end - run.start);
        for (const { row, place } of run.reads) {
          const start = offset + row * rowBytes - run.start;
          take(bytes.subarray(start, start + rowBytes), place);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(runsAtOnce, runs.length) }, worker));
  }

  /** Closes the file; closing twice is allowed. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#handle.close();
  }

  #plan(rows: ArrayLike<number>): Run[] {
    const { offset, rowBytes } = this.#layout;
    const reads = Array.from(rows, (row, place) => ({ row, place })).sort((a, b) => a.row - b.row);
    const runs: Run[] = [];
    for (const read of reads) {
      const start = offset + read.row * rowBytes;
      const end = start + rowBytes;
      const last = runs.at(-1);
      if (last !== undefined && start - last.end <= largestGap && end - last.start <= largestRun) {
        last.end = end;
        last.reads.push(read);
      } else runs.push({ start, end, reads: [read] });
    }
    return runs.reverse();
  }

  async #readBytes(position: number, length: number): Promise<Uint8Array> {
    if (!this.#isOpen) throw new DatasetError(`${this.path} was closed; its data set cannot be read after dispose().`);
    const bytes = new Uint8Array(length);
    let have = 0;
    while (have < length) {
      const { bytesRead } = await this.#handle.read(bytes, have, length - have, position + have);
      if (bytesRead === 0)
        throw new FileFormatError(
          this.path,
          `ends at byte ${position + have}; it has become shorter since it was opened.`,
        );
      have += bytesRead;
    }
    return bytes;
  }
}

/** The size of a file and its first bytes, up to `count`. */
export async function readStart(path: string, count: number): Promise<{ size: number; start: Uint8Array }> {
  const handle = await openForReading(path);
  try {
    const { size } = await handle.stat();
    const start = new Uint8Array(Math.min(count, size));
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    return { size, start: start.subarray(0, bytesRead) };
  } finally {
    await handle.close();
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await fs.open(path, 'r');
  } catch (error) {
    const problem =
      errorCode(error) === 'ENOENT' ? 'there is no such file' : error instanceof Error ? error.message : String(error);
    throw Object.assign(new DatasetError(`${path} cannot be opened: ${problem}. Check the path.`), { cause: error });
  }
}
