// What a table's columns are. It travels with the data set and is saved with a model, so that rows of numbers can become rows of the
// table again, and another file can be read in the same way.
import { z } from 'zod';

const columnSchema = z.object({
  name: z.string(),
  /** 'integer' columns hold whole numbers, 'numeric' ones any; the others texts out of `categories`. */
  kind: z.enum(['numeric', 'integer', 'categorical']),
  /** How many cells were missing. */
  missing: z.int().nonnegative(),
  /** What missing cells were filled with, where that was asked for. */
  fill: z.union([z.number(), z.string()]).exactOptional(),
  /** The texts of a categorical column: numbers in their order, then others by their characters. */
  categories: z.array(z.string()).readonly().exactOptional(),
  /** The range of a column of numbers. */
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
  /** The most decimals that a number of the column was written with. */
  decimals: z.int().nonnegative().exactOptional(),
  /** Whether all were written with as many, as in 5.0 and 5.1. */
  isPadded: z.boolean().exactOptional(),
});

/** The description of a table, as model.json holds it. */
export const tableSchema = z.object({
  /** The columns that make up a row of the data set, in the order of the file. */
  columns: z.array(columnSchema.readonly()).readonly(),
  /** The column that became the labels, its place among all the columns kept, and the classes that labels count through. */
  label: z
    .object({ name: z.string(), position: z.int().nonnegative(), classes: z.array(z.string()).readonly() })
    .readonly()
    .exactOptional(),
  /** Categories as one 0 or 1 for each, or as one number counting them. */
  categorical: z.enum(['one-hot', 'codes']),
  /** Whether the file named its columns. */
  header: z.boolean(),
  delimiter: z.string(),
  /** The texts that stand for a missing value, where they were given. */
  missingTexts: z.array(z.string()).readonly().exactOptional(),
  /** What numbers were standardised by, one value for each number of a row: z = (x - mean) / deviation. */
  standardisation: z
    .object({ mean: z.array(z.number()).readonly(), deviation: z.array(z.number().positive()).readonly() })
    .readonly()
    .exactOptional(),
});

/** A column of a table. */
export type TableColumn = Readonly<z.output<typeof columnSchema>>;

/** A table: its columns and how they became the numbers of a row. */
export type TableSchema = Readonly<z.output<typeof tableSchema>>;

/** How a column's cells become numbers. */
export type CategoricalEncoding = TableSchema['categorical'];

/** How many numbers a column takes in a row. */
export function columnWidth(column: TableColumn, encoding: CategoricalEncoding): number {
  return column.kind === 'categorical' && encoding === 'one-hot' ? (column.categories?.length ?? 0) : 1;
}

/** How many numbers a row has. */
export function rowWidth({ columns, categorical }: Pick<TableSchema, 'columns' | 'categorical'>): number {
  return columns.reduce((sum, column) => sum + columnWidth(column, categorical), 0);
}
