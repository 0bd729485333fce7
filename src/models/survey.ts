// A look at all rows before a training: what the first biases are set to, and whether rows are what a model can take.
import { ConfigError } from '../core/errors.js';
import { type Dataset, exampleSize } from '../data/dataset.js';

/** What a look at the rows found. */
export interface Survey {
  /** The mean of each number of a row. */
  readonly means: Float64Array;
  /** The mean of each number's square. */
  readonly squares: Float64Array;
  readonly smallest: number;
  readonly largest: number;
  /** The first number that is neither 0 nor 1, and where it is. */
  readonly nonBinary?: { readonly row: number; readonly position: number; readonly value: number };
}

const rowsAtATime = 2048;

/** Looks at all rows once. @throws ConfigError for numbers that are not finite */
export async function survey(kind: string, data: Dataset): Promise<Survey> {
  const size = exampleSize(data.exampleShape);
  const means = new Float64Array(size);
  const squares = new Float64Array(size);
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let nonBinary: Survey['nonBinary'];
  for (let start = 0; start < data.length; start += rowsAtATime) {
    const rows = Math.min(rowsAtATime, data.length - start);
    const { x } = await data.gather(Uint32Array.from({ length: rows }, (_, i) => start + i));
    for (let i = 0; i < x.length; i++) {
      const value = x[i] ?? 0;
      if (!Number.isFinite(value))
        throw new ConfigError(
          `${kind}: row ${start + Math.floor(i / size)} of ${data.name} holds ${value} at position ${i % size}; rows have to be ` +
            'finite numbers, so fill missing values in or leave such rows out.',
        );
      if (value !== 0 && value !== 1) nonBinary ??= { row: start + Math.floor(i / size), position: i % size, value };
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
      means[i % size] = (means[i % size] ?? 0) + value;
      squares[i % size] = (squares[i % size] ?? 0) + value * value;
    }
  }
  for (let i = 0; i < size; i++) {
    means[i] = (means[i] ?? 0) / data.length;
    squares[i] = (squares[i] ?? 0) / data.length;
  }
  return { means, squares, smallest, largest, ...(nonBinary === undefined ? {} : { nonBinary }) };
}

/**
 * @param otherwise what else the user may do, where the model has an option for other numbers
 * @throws ConfigError for rows that hold anything but 0 and 1, for models of binary data
 */
export function checkBinary(
  kind: string,
  name: string,
  { nonBinary }: Pick<Survey, 'nonBinary'>,
  otherwise?: string,
): void {
  if (nonBinary === undefined) return;
  throw new ConfigError(
    `${kind}: row ${nonBinary.row} of ${name} holds ${nonBinary.value} at position ${nonBinary.position}, but this models zeros and ` +
      `ones. Binarise the data first (binarise(data), or --binarise on the command line)${otherwise === undefined ? '' : `, or ${otherwise}`}.`,
  );
}

/** @throws ConfigError for rows [N, ...exampleShape] that hold anything but 0 and 1 */
export function checkBinaryRows(kind: string, data: Float32Array, exampleShape: readonly number[]): void {
  const wrong = data.findIndex((value) => value !== 0 && value !== 1);
  if (wrong < 0) return;
  const size = exampleSize(exampleShape);
  const value = data[wrong] ?? Number.NaN;
  checkBinary(kind, 'the rows', {
    nonBinary: { row: Math.floor(wrong / size), position: wrong % size, value },
  });
}
