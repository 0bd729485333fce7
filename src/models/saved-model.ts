// A model as data: what it is and what it learnt, ready to be written to a folder or rebuilt.
import type { TableSchema } from '../data/table/schema.js';
import type { Values } from '../runtime/runtime.js';

/** A model's description and weights. */
export interface SavedModel {
  readonly kind: string;
  readonly config: object;
  /** The shape of one row of the data it was fitted to. */
  readonly exampleShape: readonly number[];
  readonly classes: readonly string[];
  /** The table that the rows came from, where they did. */
  readonly table?: TableSchema;
  readonly weights: Values;
}
