// Rows that go into a fitted model, checked, and rows that come out of it.
import { ConfigError, ShapeError } from '../core/errors.js';
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

/** Pixels in [0, 1], in place; other rows are as they are. */
export function keepInRange(rows: Float32Array, exampleShape: readonly number[]): Float32Array {
  if (isImageShape(exampleShape)) for (let i = 0; i < rows.length; i++) rows[i] = Math.min(1, Math.max(0, rows[i]!));
  return rows;
}
