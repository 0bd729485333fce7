// How a table is read: what is found out by looking at it, and what can be said instead.
import type { CategoricalEncoding, TableSchema } from './schema.js';

/** What a column is declared to be; a list declares a categorical column and its categories. */
export type ColumnDeclaration = 'numeric' | 'categorical' | 'ignore' | readonly string[];

/** What to do about missing values. */
export type MissingPolicy = 'error' | 'drop' | 'fill' | 'category';

/** How to read a table from CSV or Parquet. */
export interface TableOptions {
  /** The column with the classes: its name, or its place, from 0, or from the end as -1. Default: there is none. */
  readonly label?: string | number;
  /** Whether the first row names the columns. Default: found out. */
  readonly header?: boolean;
  /** The names of the columns, instead of a header's; by default x1, x2, ... where there is no header. */
  readonly names?: readonly string[];
  /** What lies between two cells. Default: found out among , ; | and tabulator. */
  readonly delimiter?: string;
  /** What columns are, by name, where that is not to be found out. */
  readonly columns?: Readonly<Record<string, ColumnDeclaration>>;
  /**
   * What to do about missing values: 'error'; 'drop' leaves out rows that have one; 'fill' puts in the column's mean or most frequent
   * category, of all rows read; 'category' makes them a category of their own in categorical columns. Default: 'error'.
   */
  readonly missing?: MissingPolicy;
  /** The texts that stand for a missing value, in any case. Default: '', NA, N/A, ?, nan, null. */
  readonly missingTexts?: readonly string[];
  /** How categories become numbers: one 0 or 1 for each, or one number that counts them. Default: 'one-hot'. */
  readonly categorical?: CategoricalEncoding;
  /** Whether to bring columns of numbers to mean 0 and deviation 1, learnt from the rows read. Default: false. */
  readonly standardise?: boolean;
  /**
   * Read the file as another table was: the same columns in the same order, categories, fill values and standardisation. For test data,
   * and for data to be scored by a saved model.
   */
  readonly schema?: TableSchema;
}
