// A CSV file as a data set, read record by record: the file as a whole is never in memory.
import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { CsvError as CsvErrorType } from 'csv-parse';
import { FileFormatError } from '../../core/errors.js';
import type { Dataset } from '../dataset.js';
import { detectDelimiter } from '../table/detect.js';
import type { TableOptions } from '../table/options.js';
import { TableBuilder } from '../table/table-builder.js';
import { errorCode } from './file-errors.js';
import { isGzip } from './gzip.js';
import { readStart } from './row-file.js';

/** How much is read at once; the first piece shows the delimiter. */
const pieceBytes = 65536;
/** The longest record: a quote that is never closed would otherwise swallow the file. */
const longestRecord = 2 ** 24;

/** What reading a table file takes besides the table's options. */
export interface TableFileOptions extends TableOptions {
  readonly memoryBudget?: number;
  readonly signal?: AbortSignal;
}

/**
 * The rows of a CSV file, gzipped or not. Empty lines are left out.
 *
 * @param name the data set's name
 * @throws FileFormatError naming the line where records have different numbers of cells, a quote is not closed, or numbers are none
 * @throws DatasetError for missing values that nothing was said about, or columns that are neither numbers nor categories
 */
export async function openCsv(path: string, name: string, options: TableFileOptions = {}): Promise<Dataset> {
  const { signal, memoryBudget } = options;
  signal?.throwIfAborted();
  const { start } = await readStart(path, 2);
  const pieces = piecesOf(path, isGzip(start));
  const { parse, CsvError } = await import('csv-parse');
  let line = 0;
  let breaksInCells = 0;
  try {
    // The first piece is needed to choose the delimiter; the parser gets it with the others.
    const first = await pieces.next();
    const head = first.done === true ? new Uint8Array(0) : first.value;
    const delimiter = options.delimiter ?? detectDelimiter(textOf(path, head));
    const builder = new TableBuilder(
      { path, delimiter, ...(memoryBudget === undefined ? {} : { memoryBudget }) },
      options,
    );
    const isBlank = delimiter.trim() === '';
    const parser = parse({
      delimiter,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      ltrim: !isBlank,
      rtrim: !isBlank,
      max_record_size: longestRecord,
      info: true,
    });
    const feeding = pipeline(
      async function* () {
        if (head.length > 0) yield head;
        yield* pieces;
      },
      parser,
      signal === undefined ? {} : { signal },
    );
    // Its error surfaces in the loop below.
    feeding.catch(() => undefined);
    for await (const { record, info } of parser) {
      // The parser's own count takes a Windows line end within quotes for two.
      line = info.records + info.empty_lines + breaksInCells;
      builder.add(record, line);
      for (const cell of record) breaksInCells += countBreaks(cell);
    }
    await feeding;
    return builder.finish(name, { description: 'rows of a CSV file', path });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CsvError) throw csvProblem(path, error);
    if (errorCode(error)?.startsWith('Z_') === true)
      throw new FileFormatError(path, `cannot be unpacked by gzip after line ${line}. It is truncated or damaged.`);
    throw error;
  } finally {
    await pieces.return(undefined);
  }
}

function countBreaks(cell: string): number {
  return cell.includes('\n') || cell.includes('\r') ? (cell.match(/\r\n|\n|\r/g)?.length ?? 0) : 0;
}

async function* piecesOf(path: string, isZipped: boolean): AsyncGenerator<Uint8Array, undefined> {
  const file = createReadStream(path, { highWaterMark: pieceBytes });
  const out = isZipped ? createGunzip({ chunkSize: pieceBytes }) : new PassThrough({ highWaterMark: pieceBytes });
  // Errors of either reach the loop through `out`.
  pipeline(file, out).catch(() => undefined);
  try {
    for await (const piece of out) yield piece;
  } finally {
    out.destroy();
  }
  return undefined;
}

/** The start of a file as text. @throws FileFormatError where it is none */
function textOf(path: string, bytes: Uint8Array): string {
  if (bytes.includes(0))
    throw new FileFormatError(path, 'holds zero bytes, so it is no text in UTF-8. Save it as CSV in UTF-8.');
  return new TextDecoder().decode(bytes);
}

function csvProblem(path: string, error: CsvErrorType): FileFormatError {
  const lines: unknown = error.lines;
  const place = typeof lines === 'number' ? `line ${lines}` : 'a line';
  const known: Readonly<Record<string, string>> = {
    CSV_QUOTE_NOT_CLOSED: 'a quote that was opened is not closed before the end of the file',
    INVALID_OPENING_QUOTE: 'there is a quote inside a cell that does not begin with one',
    CSV_INVALID_CLOSING_QUOTE: 'there is text between a closing quote and the next delimiter',
    CSV_MAX_RECORD_SIZE: `a record is longer than ${longestRecord} characters; a quote may not be closed`,
  };
  return Object.assign(
    new FileFormatError(
      path,
      `${place}: ${known[error.code] ?? error.message}. A quote inside a quoted cell is written twice; where another delimiter than ` +
        'the one found out is meant, give delimiter.',
    ),
    { cause: error },
  );
}
