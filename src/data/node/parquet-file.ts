// A Parquet file as a data set, read some thousand rows at a time.
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { FileFormatError } from '../../core/errors.js';
import type { Dataset } from '../dataset.js';
import { TableBuilder } from '../table/table-builder.js';
import type { TableFileOptions } from './csv-file.js';

const rowsAtOnce = 8192;

/** Whether the bytes begin as Parquet does. */
export function isParquet(bytes: Uint8Array): boolean {
  return [0x50, 0x41, 0x52, 0x31].every((byte, i) => bytes[i] === byte);
}

/**
 * The rows of a Parquet file of numbers, booleans and texts, uncompressed or packed by Snappy, gzip or Brotli.
 *
 * @param name the data set's name
 * @throws FileFormatError where it is damaged, packed otherwise, or a column holds something else
 * @throws DatasetError for missing values that nothing was said about, or columns that are neither numbers nor categories
 */
export async function openParquet(path: string, name: string, options: TableFileOptions = {}): Promise<Dataset> {
  const { memoryBudget, signal } = options;
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
  const builder = new TableBuilder(
    { path, delimiter: options.delimiter ?? ',', ...(memoryBudget === undefined ? {} : { memoryBudget }) },
    { ...options, header: true },
  );
  const file = await attempt(path, () => asyncBufferFromFile(path));
  const { metadata, names, rows } = await attempt(path, async () => {
    const found = await parquetMetadataAsync(file);
    return {
      metadata: found,
      names: parquetSchema(found).children.map(({ element }) => element.name),
      rows: Number(found.num_rows),
    };
  });
  const rowsOfGroups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  // A damaged description may lack what the types promise.
  const isDescribed = names.length > 0 && names.every((column) => typeof column === 'string');
  if (!isDescribed || rowsOfGroups !== rows) throw damaged(path, 'its description contradicts itself');
  builder.add(names, 0);
  for (let rowStart = 0; rowStart < rows; rowStart += rowsAtOnce) {
    signal?.throwIfAborted();
    const rowEnd = Math.min(rows, rowStart + rowsAtOnce);
    const records: unknown[][] = [];
    await attempt(path, () =>
      parquetRead({ file, metadata, rowStart, rowEnd, compressors, onComplete: (part) => records.push(...part) }),
    );
    if (records.length !== rowEnd - rowStart) throw damaged(path, 'rows are missing');
    for (const [i, record] of records.entries()) {
      const row = rowStart + i + 1;
      builder.add(
        names.map((column, place) => cellText(record[place], () => ({ path, column, row }), options)),
        row,
      );
    }
  }
  return builder.finish(name, { description: 'rows of a Parquet file', path });
}

/** The packings besides Snappy that Node can undo. */
const compressors = {
  GZIP: (bytes: Uint8Array, maxOutputLength: number) => gunzipSync(bytes, { maxOutputLength }),
  BROTLI: (bytes: Uint8Array, maxOutputLength: number) => brotliDecompressSync(bytes, { maxOutputLength }),
};

/** Whatever the reader stumbles over is the file's fault. */
async function attempt<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const refusal = /codec/.test(problem)
      ? new FileFormatError(path, `${problem}. Write it with compression "snappy" or "gzip".`)
      : damaged(path, problem);
    throw Object.assign(refusal, { cause: error });
  }
}

function damaged(path: string, problem: string): FileFormatError {
  return new FileFormatError(path, `cannot be read as Parquet (${problem}). It is truncated or damaged.`);
}

/** A value as the text that the table reader takes; an empty one where it is missing. */
function cellText(
  value: unknown,
  place: () => { readonly path: string; readonly column: string; readonly row: number },
  { columns }: TableFileOptions,
): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return shortestNumber(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  const { path, column, row } = place();
  if (columns !== undefined && Object.hasOwn(columns, column) && columns[column] === 'ignore') return '';
  throw new FileFormatError(
    path,
    `row ${row}: column "${column}" holds ${value instanceof Date ? 'dates' : 'lists, records or bytes'}; columns of numbers, ` +
      "booleans and texts can be read. Declare it 'ignore' to leave it out.",
  );
}

/** A float32 that was read as a float64 has digits that it was not written with: 0.1 as 0.10000000149011612. */
function shortestNumber(value: number): string {
  const text = String(value);
  if (text.length < 12 || Math.fround(value) !== value || Number.isInteger(value)) return text;
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}
