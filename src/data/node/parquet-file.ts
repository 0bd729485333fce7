// A Parquet file as a data set, read one row group at a time.
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FileMetaData } from 'hyparquet';
import { FileFormatError } from '../../core/errors.js';
import type { Dataset } from '../dataset.js';
import { TableBuilder } from '../table/table-builder.js';
import type { TableFileOptions } from './csv-file.js';

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
  const { metadata, columns } = await attempt(path, async () => {
    const found = await parquetMetadataAsync(file);
    return { metadata: found, columns: parquetSchema(found).children };
  });
  const names = columns.map(({ element }) => element.name);
  if (!isDescribed(metadata, names)) throw damaged(path, 'its description contradicts itself');
  builder.add(names, 0);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const values: (readonly unknown[])[] = [];
    // One column after the other: the reader does not look after the others where one fails.
    for (const { element, children } of columns) {
      signal?.throwIfAborted();
      const isIgnored = isDeclaredIgnored(options, element.name);
      if (isIgnored) values.push([]);
      else if (children.length > 0) throw notACell(path, element.name, 'lists or records');
      else
        values.push(
          await attempt(path, async () => {
            const cells: unknown[] = [];
            const onComplete = (rows: readonly (readonly unknown[])[]): void => {
              for (const [cell] of rows) cells.push(cell);
            };
            await parquetRead({ file, metadata, rowStart, rowEnd, columns: [element.name], compressors, onComplete });
            if (cells.length !== rowEnd - rowStart) throw damaged(path, 'rows are missing');
            return cells;
          }),
        );
    }
    for (let row = rowStart; row < rowEnd; row++)
      builder.add(
        names.map((column, place) => cellText(path, column, values[place]?.[row - rowStart])),
        row + 1,
      );
    rowStart = rowEnd;
  }
  return builder.finish(name, { description: 'rows of a Parquet file', path });
}

/** Whether a file's description is one: a damaged one may lack what the types promise, or not fit together. */
function isDescribed({ row_groups: groups, num_rows: rows }: FileMetaData, names: readonly unknown[]): boolean {
  return (
    names.length > 0 &&
    names.every((column) => typeof column === 'string') &&
    groups.reduce((sum, group) => sum + Number(group.num_rows), 0) === Number(rows) &&
    groups.every(({ columns, num_rows: groupRows }) => {
      const paths = columns.map(({ meta_data: found }) => found?.path_in_schema[0]);
      return groupRows >= 0 && names.every((column) => paths.includes(String(column)));
    })
  );
}

function isDeclaredIgnored({ columns, schema, label }: TableFileOptions, name: string): boolean {
  if (schema === undefined) return columns !== undefined && Object.hasOwn(columns, name) && columns[name] === 'ignore';
  const isKnown = schema.columns.some((column) => column.name === name) || schema.label?.name === name;
  return !isKnown && label === undefined;
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
    if (error instanceof FileFormatError) throw error;
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
function cellText(path: string, column: string, value: unknown): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return shortestNumber(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw notACell(path, column, value instanceof Date ? 'dates' : 'lists, records or bytes');
}

function notACell(path: string, column: string, what: string): FileFormatError {
  return new FileFormatError(
    path,
    `column "${column}" holds ${what}; columns of numbers, booleans and texts can be read. Declare it 'ignore' to leave it out.`,
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
