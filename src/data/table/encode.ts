// Columns to rows of float32 numbers, and the description of how, so that it can be undone and done again.
import { ConfigError, DatasetError } from '../../core/errors.js';
import type { ColumnBuilder, ColumnContent } from './column-builder.js';
import type { TableOptions } from './options.js';
import { columnWidth, rowWidth, type TableColumn, type TableSchema } from './schema.js';
import { Moments, Standardisation } from './standardisation.js';

/** A column that was read. */
export interface ReadColumn {
  readonly builder: ColumnBuilder;
  readonly content: ColumnContent;
}

/** A table as numbers. */
export interface EncodedTable {
  /** [rows, width]. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly labels?: Int32Array<ArrayBuffer>;
  readonly classes?: readonly string[];
  readonly features: Pick<TableSchema, 'columns' | 'categorical' | 'standardisation'> & { readonly width: number };
}

/**
 * Encodes columns as the options say.
 *
 * @throws DatasetError for missing values that nothing was said about, numbers beyond float32, or no columns left
 */
export function encodeColumns(
  path: string,
  { features: read, label }: { readonly features: readonly ReadColumn[]; readonly label?: ReadColumn },
  rows: number,
  options: TableOptions,
): EncodedTable {
  const { missing = 'error', schema } = options;
  const features = schema === undefined ? read : inOrder(read, schema);
  if (features.length === 0)
    throw new DatasetError(`${path} has no columns besides the label and those left out; a row needs at least one.`);
  const columns = features.map((column, i) => describe(column, options, schema?.columns[i]));
  if (missing !== 'drop') refuseMissing(path, features, columns, label);
  const keep = missing === 'drop' ? completeRows(features, columns, label, rows) : undefined;
  const count = keep?.length ?? rows;
  if (count === 0)
    throw new DatasetError(`${path}: every row has a missing value, so none is left. Use missing: 'fill'.`);
  const rowOf = (row: number): number => keep?.[row] ?? row;
  const layout = { columns, categorical: schema?.categorical ?? options.categorical ?? 'one-hot' } as const;
  const standardisation = standardisationOf(features, layout, count, rowOf, options);
  const labels =
    label === undefined ? undefined : Int32Array.from({ length: count }, (_, row) => cell(label, rowOf(row)));
  return {
    data: fillRows(path, features, layout, count, rowOf, standardisation),
    ...(labels === undefined || label?.content.kind !== 'categorical'
      ? {}
      : { labels, classes: label.content.categories }),
    features: {
      ...layout,
      ...(standardisation === undefined ? {} : { standardisation: standardisation.toJSON() }),
      width: rowWidth(layout),
    },
  };
}

/** The columns of a file in the order of a schema that it is read by. */
function inOrder(read: readonly ReadColumn[], schema: TableSchema): ReadColumn[] {
  return schema.columns.map(({ name }) => {
    const column = read.find(({ builder }) => builder.name === name);
    if (column === undefined)
      throw new DatasetError(`The table's column "${name}" is the label here; name another one.`);
    return column;
  });
}

/** A column's entry in the schema; where there is one already, that stays. */
function describe(
  { builder, content }: ReadColumn,
  { missing }: TableOptions,
  known: TableColumn | undefined,
): TableColumn {
  if (known !== undefined) return { ...known, missing: builder.missing };
  const common = { name: builder.name, missing: builder.missing };
  const hasMissing = builder.missing > 0;
  if (content.kind === 'categorical') {
    const { categories, counts } = content;
    const most = categories[counts.indexOf(Math.max(...counts))];
    return {
      ...common,
      kind: 'categorical',
      categories: hasMissing && missing === 'category' ? [...categories, builder.missingText] : categories,
      ...(hasMissing && missing === 'category' ? { fill: builder.missingText } : {}),
      ...(hasMissing && missing === 'fill' && most !== undefined ? { fill: most } : {}),
    };
  }
  let [min, max, sum, present] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of content.values) {
    if (Number.isNaN(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    present += 1;
    sum += (value - sum) / present;
  }
  return {
    ...common,
    kind: content.isInteger ? 'integer' : 'numeric',
    ...(present === 0 ? {} : { min, max }),
    decimals: content.decimals,
    isPadded: content.isPadded,
    ...(hasMissing && missing === 'fill' && present > 0 ? { fill: sum } : {}),
  };
}

function refuseMissing(
  path: string,
  features: readonly ReadColumn[],
  columns: readonly TableColumn[],
  label: ReadColumn | undefined,
): void {
  const bad = [
    ...features.filter(({ builder }, i) => builder.missing > 0 && columns[i]?.fill === undefined),
    ...(label !== undefined && label.builder.missing > 0 ? [label] : []),
  ];
  const [first] = bad;
  if (first === undefined) return;
  const list = bad.map(({ builder }) => `"${builder.name}" (${builder.missing})`).join(', ');
  throw new DatasetError(
    `${path}: values are missing in ${list}, first in line ${first.builder.firstMissingLine}. Say what to do: missing: 'drop' ` +
      "leaves such rows out, 'fill' puts in the mean or the most frequent category, 'category' makes them a category where the " +
      'column has categories (--missing on the command line). Rows without a label, and columns of which nothing is known, can only be left out.',
  );
}

function completeRows(
  features: readonly ReadColumn[],
  columns: readonly TableColumn[],
  label: ReadColumn | undefined,
  rows: number,
): Uint32Array {
  const isPresent = ({ content }: ReadColumn, row: number): boolean =>
    content.kind === 'categorical' ? content.values[row] !== -1 : !Number.isNaN(content.values[row]);
  const kept: number[] = [];
  for (let row = 0; row < rows; row++)
    if (
      features.every((column, i) => columns[i]?.fill !== undefined || isPresent(column, row)) &&
      (label === undefined || isPresent(label, row))
    )
      kept.push(row);
  return Uint32Array.from(kept);
}

/** The value of a cell, with what missing ones are filled with: a number, or a category's number. */
function cell({ content }: ReadColumn, row: number, column?: TableColumn): number {
  const value = content.values[row] ?? 0;
  const isPresent = content.kind === 'categorical' ? value !== -1 : !Number.isNaN(value);
  if (isPresent || column?.fill === undefined) return value;
  return typeof column.fill === 'number' ? column.fill : (column.categories?.indexOf(column.fill) ?? 0);
}

function standardisationOf(
  features: readonly ReadColumn[],
  layout: Pick<TableSchema, 'columns' | 'categorical'>,
  count: number,
  rowOf: (row: number) => number,
  { standardise = false, schema }: TableOptions,
): Standardisation | undefined {
  if (schema !== undefined)
    return schema.standardisation === undefined ? undefined : new Standardisation(schema.standardisation);
  if (!standardise) return undefined;
  const moments = new Moments(rowWidth(layout));
  let place = 0;
  for (const [i, read] of features.entries()) {
    const column = layout.columns[i];
    if (column === undefined) continue;
    if (column.kind !== 'categorical')
      for (let row = 0; row < count; row++) moments.add(place, cell(read, rowOf(row), column));
    place += columnWidth(column, layout.categorical);
  }
  return moments.standardisation(layout);
}

function fillRows(
  path: string,
  features: readonly ReadColumn[],
  layout: Pick<TableSchema, 'columns' | 'categorical'>,
  count: number,
  rowOf: (row: number) => number,
  standardisation: Standardisation | undefined,
): Float32Array<ArrayBuffer> {
  const width = rowWidth(layout);
  const bytes = width * count * Float32Array.BYTES_PER_ELEMENT;
  if (bytes > 2 ** 32)
    throw new ConfigError(
      `${path}: ${count} rows of ${width} numbers take ${bytes} bytes; use categorical: 'codes', or leave columns out.`,
    );
  const data = new Float32Array(width * count);
  let place = 0;
  for (const [i, read] of features.entries()) {
    const column = layout.columns[i];
    if (column === undefined) continue;
    const mean = standardisation?.mean[place] ?? 0;
    const deviation = standardisation?.deviation[place] ?? 1;
    const isOneHot = column.kind === 'categorical' && layout.categorical === 'one-hot';
    for (let row = 0; row < count; row++) {
      const value = cell(read, rowOf(row), column);
      if (isOneHot) {
        data[row * width + place + value] = 1;
        continue;
      }
      const number = Math.fround((value - mean) / deviation);
      if (!Number.isFinite(number))
        throw new DatasetError(
          `${path}: column "${column.name}" holds ${value}, which is beyond float32. Use standardise: true, or other units.`,
        );
      data[row * width + place] = number;
    }
    place += columnWidth(column, layout.categorical);
  }
  return data;
}
