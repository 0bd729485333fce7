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
  const refuse = (error: unknown): never => {
    const problem = error instanceof Error ? error.message : String(error);
    throw Object.assign(
      new FileFormatError(
        path,
        /codec/.test(problem)
          ? `is packed in a way that is not known (${problem}). Write it with compression "snappy" or "gzip".`
          : `cannot be read as Parquet (${problem}). It is truncated or damaged.`,
      ),
      { cause: error },
    );
  };
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch(refuse);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  builder.add(names, 0);
  const rows = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < rows; rowStart += rowsAtOnce) {
    signal?.throwIfAborted();
    const rowEnd = Math.min(rows, rowStart + rowsAtOnce);
    const records: unknown[][] = [];
    await parquetRead({
      file,
      metadata,
      rowStart,
      rowEnd,
      compressors: { GZIP: (bytes) => gunzipSync(bytes), BROTLI: (bytes) => brotliDecompressSync(bytes) },
      onComplete: (part) => records.push(...part),
    }).catch(refuse);
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
