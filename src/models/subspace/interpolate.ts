// Straight lines between codes.
import { ConfigError, ShapeError } from '../../core/errors.js';
import type { Samples } from '../contract.js';

/**
 * From codes `a` to codes `b`, both [N, size], in `steps` equal steps, ends included: [N * steps, size], path by path.
 *
 * @throws ShapeError for different numbers of rows, ConfigError for fewer than 2 steps
 */
export function interpolateRows(kind: string, a: Samples, b: Samples, steps: number): Samples {
  const [count = 0, size = 0] = a.shape;
  if (b.shape[0] !== count)
    throw new ShapeError(
      `${kind}: ${count} rows and ${b.shape[0]} rows cannot be interpolated pair by pair; give as many of each.`,
    );
  if (!Number.isInteger(steps) || steps < 2)
    throw new ConfigError(`${kind}: ${steps} steps were asked for; it has to be a whole number from 2, ends included.`);
  const data = new Float32Array(count * steps * size);
  for (let row = 0; row < count; row++)
    for (let step = 0; step < steps; step++)
      for (let i = 0; i < size; i++) {
        const share = step / (steps - 1);
        data[(row * steps + step) * size + i] = a.data[row * size + i]! * (1 - share) + b.data[row * size + i]! * share;
      }
  return { data, shape: [count * steps, size] };
}
