// Public tables as CSV without quotes, whose columns are known: their lines to a data set.
import type { Dataset, DatasetSource } from '../dataset.js';
import type { ColumnDeclaration, TableOptions } from '../table/options.js';
import { TableBuilder } from '../table/table-builder.js';

/** What is known about such a table. */
export interface PlainTable {
  readonly name: string;
  /** The names of the columns in the order of the file, and which one is the label. */
  readonly names: readonly string[];
  readonly label: string;
  /** The columns that are categories, with all of them, so that every part of the data has the same. */
  readonly columns: Readonly<Record<string, ColumnDeclaration>>;
  readonly missing?: TableOptions['missing'];
}

/**
 * The rows of the file, read as its description and the given options say. Empty lines are left out.
 *
 * @param lines the lines of the file that are rows
 * @throws ConfigError, DatasetError for options that do not fit the table
 */
export function assembleTable(
  { name, names, label, columns, missing }: PlainTable,
  lines: readonly string[],
  source: DatasetSource,
  options: TableOptions = {},
): Dataset {
  const builder = new TableBuilder(
    { path: name, delimiter: ',' },
    {
      ...(missing === undefined ? {} : { missing }),
      ...options,
      label: options.label ?? label,
      names,
      header: false,
      columns: { ...columns, ...options.columns },
    },
  );
  for (const [index, line] of lines.entries())
    if (line.trim() !== '')
      builder.add(
        line.split(',').map((cell) => cell.trim()),
        index + 1,
      );
  return builder.finish(name, source);
}

/** Bytes as lines of text. */
export function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder().decode(bytes).split('\n');
}
