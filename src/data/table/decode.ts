// Rows of numbers back to rows of the table that they were learnt from: standardisation undone, categories by name, whole numbers
// where the column had whole numbers, and no more decimals than the table has.
import { ShapeError } from '../../core/errors.js';
import { formatNumber } from './cells.js';
import { columnWidth, rowWidth, type TableColumn, type TableSchema } from './schema.js';

/** One row: a number or a text for each column, in the order of the file. */
export type TableRow = readonly (number | string)[];

/** Rows as a model draws them, [N, width], and their classes where those are known. */
export interface EncodedRows {
  readonly data: ArrayLike<number>;
  readonly labels?: ArrayLike<number>;
}

/**
 * Rows of the table. A category is the one with the largest number of a one-hot group, or the nearest code; whole numbers are kept
 * within the range that the table has. The label column is there where labels are.
 *
 * @throws ShapeError for numbers that do not make whole rows
 * @example decodeRows(await model.sample(10), data.table)
 */
export function decodeRows(rows: EncodedRows, table: TableSchema): TableRow[] {
  return texts(rows, table).map((cells) =>
    cells.map(({ text, column }) => (column !== undefined && column.kind !== 'categorical' ? Number(text) : text)),
  );
}

/** The names of the columns that {@link decodeRows} gives. */
export function columnNames(table: TableSchema, hasLabels: boolean): string[] {
  const names = table.columns.map(({ name }) => name);
  if (hasLabels && table.label !== undefined) names.splice(table.label.position, 0, table.label.name);
  return names;
}

/** Rows as CSV in the way of the file that they were learnt from: its delimiter, its header where it had one. @throws ShapeError */
export function encodeTable(rows: EncodedRows, table: TableSchema): string {
  const { delimiter, header } = table;
  const lines = texts(rows, table).map((cells) => cells.map(({ text }) => quoted(text, delimiter)));
  const names = columnNames(table, rows.labels !== undefined).map((name) => quoted(name, delimiter));
  return (header ? [names, ...lines] : lines).map((cells) => `${cells.join(delimiter)}\n`).join('');
}

interface Cell {
  readonly text: string;
  readonly column?: TableColumn;
}

function texts({ data, labels }: EncodedRows, table: TableSchema): Cell[][] {
  const width = rowWidth(table);
  if (width === 0 || data.length % width !== 0)
    throw new ShapeError(`${data.length} numbers do not make whole rows of a table whose rows take ${width}.`);
  const { mean, deviation } = table.standardisation ?? { mean: [], deviation: [] };
  return Array.from({ length: data.length / width }, (_, row) => {
    const value = (place: number): number =>
      (data[row * width + place] ?? 0) * (deviation[place] ?? 1) + (mean[place] ?? 0);
    let place = 0;
    const cells: Cell[] = table.columns.map((column) => {
      const columnPlaces = columnWidth(column, table.categorical);
      const numbers = Array.from({ length: columnPlaces }, (_, i) => value(place + i));
      place += columnPlaces;
      return { column, text: cellText(column, numbers, table) };
    });
    if (labels !== undefined && table.label !== undefined) {
      const label = labels[row] ?? 0;
      cells.splice(table.label.position, 0, { text: table.label.classes[label] ?? String(label) });
    }
    return cells;
  });
}

function cellText(column: TableColumn, numbers: readonly number[], { categorical }: TableSchema): string {
  const [first = 0] = numbers;
  if (column.kind === 'categorical') {
    const categories = column.categories ?? [];
    const last = categories.length - 1;
    const code =
      categorical === 'codes'
        ? Math.min(Math.max(Math.round(first), 0), last)
        : numbers.reduce((best, value, i) => (value > (numbers[best] ?? 0) ? i : best), 0);
    return categories[code] ?? '';
  }
  if (column.kind === 'numeric') return formatNumber(first, column.decimals ?? 0, column.isPadded ?? false);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = column;
  return formatNumber(Math.min(Math.max(Math.round(first), min), max), 0, true);
}

/** A cell as it has to be written so that it is read as one cell. */
function quoted(text: string, delimiter: string): string {
  const isPlain = !text.includes(delimiter) && !/["\r\n]|^\s|\s$/.test(text);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
