// Results of programs as the numbers they are.
import { VerisimError } from '../../core/errors.js';
import type { Value } from '../../runtime/runtime.js';

/** The numbers of a float32 result. @throws VerisimError where a program did not give it */
export function floatsOf(value: Value | undefined): Float32Array {
  if (value?.data instanceof Float32Array) return value.data;
  throw new VerisimError(`Expected float32 numbers of a program; received ${value?.dtype ?? 'nothing'}.`);
}

/** a + factor b, number by number, in float64. */
export function combine(a: Value | undefined, b: Value | undefined, factor: number): Float64Array {
  const [first, second] = [floatsOf(a), floatsOf(b)];
  return Float64Array.from(first, (value, i) => value + factor * (second[i] ?? Number.NaN));
}
