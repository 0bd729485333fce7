// Rows that go into a fitted model, checked, and rows that come out of it.
import { ConfigError, ShapeError } from '../core/errors.js';
import { present } from '../core/present.js';
import { exampleSize, isImageShape } from '../data/dataset.js';
import type { Samples } from './contract.js';

/**
 * The number of rows in `x`, which have to be of a shape and finite.
 *
 * @throws ShapeError for rows of another shape, ConfigError for none and for numbers that are not finite
 */
export function checkRows(kind: string, { data, shape }: Samples, exampleShape: readonly number[]): number {
  const size = exampleSize(exampleShape);
  const [count = 0] = shape;
  if (shape.slice(1).join() !== exampleShape.join() || data.length !== count * size)
    throw new ShapeError(
      `${kind}: rows have to be [N, ${exampleShape.join(', ')}]; received [${shape.join(', ')}] with ${data.length} numbers.`,
    );
  if (count < 1) throw new ConfigError(`${kind}: no rows were given; at least one is needed.`);
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]))
      throw new ConfigError(
        `${kind}: row ${Math.floor(i / size)} holds ${data[i]} at position ${i % size}; rows have to be finite numbers, so fill ` +
          'missing values in or leave such rows out.',
      );
  return count;
}

/** Some rows of `x`, with their labels, in the order of their numbers. @throws ShapeError for a number that is not a row */
export function pickRows({ data, shape: [count = 0, ...row], labels }: Samples, rows: readonly number[]): Samples {
  const size = exampleSize(row);
  const missing = rows.find((at) => !(at >= 0 && at < count));
  if (missing !== undefined) throw new ShapeError(`Row ${missing} was asked for, but there are ${count} rows.`);
  const some = new Float32Array(rows.length * size);
  for (const [place, at] of rows.entries()) some.set(data.subarray(at * size, (at + 1) * size), place * size);
  const own = labels && Int32Array.from(rows, (at) => labels[at] ?? 0);
  return { data: some, shape: [rows.length, ...row], ...present({ labels: own }) };
}

/** The rows of `a`, then those of `b`, with their labels where both have some. */
export function joinRows(a: Samples, b: Samples): Samples {
  const data = new Float32Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  const labels = a.labels && b.labels && Int32Array.from([...a.labels, ...b.labels]);
  const [count = 0, ...row] = a.shape;
  return { data, shape: [count + (b.shape[0] ?? 0), ...row], ...present({ labels }) };
}

/** The first `count` rows of `x`, and the others. */
export function splitRows(x: Samples, count: number): readonly [Samples, Samples] {
  const rows = Array.from({ length: x.shape[0] ?? 0 }, (_, row) => row);
  return [pickRows(x, rows.slice(0, count)), pickRows(x, rows.slice(count))];
}

/** Pixels in [0, 1], in place; other rows are as they are. */
export function keepInRange(rows: Float32Array, exampleShape: readonly number[]): Float32Array {
  if (isImageShape(exampleShape)) for (let i = 0; i < rows.length; i++) rows[i] = Math.min(1, Math.max(0, rows[i]!));
  return rows;
}
