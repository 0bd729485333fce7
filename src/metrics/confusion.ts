// How a classifier's answers compare with the truth: the confusion matrix and what is read off it.
//
//   recall_c = rows of class c that were called c / rows of class c
//   precision_c = rows of class c that were called c / rows that were called c
import { ConfigError, ShapeError } from '../core/errors.js';

/** A class's part of the answers. */
export interface ClassAnswers {
  readonly name: string;
  /** Rows of this class. */
  readonly rows: number;
  /** Rows that were called this class. */
  readonly predicted: number;
  /** In [0, 1]; undefined where there are no rows of this class. */
  readonly recall: number | undefined;
  /** In [0, 1]; undefined where no row was called this class. */
  readonly precision: number | undefined;
}

/** Answers compared with the truth. */
export interface Confusion {
  /** The share of rows that were called what they are. */
  readonly accuracy: number;
  readonly perClass: readonly ClassAnswers[];
  /** [true class][predicted class], in rows. */
  readonly matrix: readonly (readonly number[])[];
}

/**
 * Compares predictions with labels.
 *
 * @param labels [N], the numbers of the true classes
 * @param predictions [N], the numbers of the classes that the rows were called
 * @param classes the names that both count through
 * @throws ShapeError for lengths that differ or no rows, ConfigError for a number that is no class
 * @example confusion([0, 0, 1], [0, 1, 1], ['cat', 'dog']).accuracy   // 0.667
 */
export function confusion(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: readonly string[],
): Confusion {
  const rows = labels.length;
  if (rows !== predictions.length || rows === 0)
    throw new ShapeError(
      `Received ${predictions.length} predictions for ${rows} labels; there has to be one for each, and at least one.`,
    );
  const matrix = classes.map(() => new Array<number>(classes.length).fill(0));
  for (let row = 0; row < rows; row++) {
    const counts = matrix[labels[row] ?? -1];
    const predicted = predictions[row] ?? -1;
    const before = counts?.[predicted];
    if (counts === undefined || before === undefined)
      throw new ConfigError(
        `Row ${row} has label ${labels[row]} and prediction ${predictions[row]}; classes are numbered from 0 to ${classes.length - 1}.`,
      );
    counts[predicted] = before + 1;
  }
  const perClass = classes.map((name, index) => {
    const right = matrix[index]?.[index] ?? 0;
    const ofClass = sum(matrix[index] ?? []);
    const predicted = sum(matrix.map((counts) => counts[index] ?? 0));
    return { name, rows: ofClass, predicted, recall: share(right, ofClass), precision: share(right, predicted) };
  });
  const right = sum(matrix.map((counts, index) => counts[index] ?? 0));
  return { accuracy: right / rows, perClass, matrix };
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
