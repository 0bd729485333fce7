// Weights in float64, as statistics of rows need them.
import { ShapeError } from '../../core/errors.js';
import type { Value, Values } from '../../runtime/runtime.js';

/** A float64 value. */
export function float64(data: Float64Array, shape: readonly number[]): Value {
  return { dtype: 'float64', shape, data };
}

/** The numbers of a float64 weight. @throws ShapeError where there is none */
export function float64Data(weights: Values, name: string): Float64Array {
  const data = weights[name]?.data;
  if (!(data instanceof Float64Array)) throw new ShapeError(`The weight "${name}" has to be float64.`);
  return data;
}
