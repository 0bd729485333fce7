// What the tests of this folder share: arrays in and out of the float64 evaluation, and gradients against central differences.
import assert from 'node:assert/strict';
import { random } from '../runtime/random.js';
import type { Values } from '../runtime/runtime.js';
import { evaluate } from '../tensor/evaluate.js';
import { gradients } from '../tensor/gradient.js';
import { inputName } from '../tensor/operators/source.js';
import type { NdArray, Tensor } from '../tensor/tensor.js';

/** Arrays by the names of inputs. */
export type Feeds = Readonly<Record<string, NdArray>>;

/** An array of given numbers. */
export function array(shape: readonly number[], data: Iterable<number>): NdArray {
  return { shape, data: Float64Array.from(data) };
}

/** An array of numbers from N(0, 1). */
export function randomArray(shape: readonly number[], seed: number): NdArray {
  return array(shape, random(seed).normal(shape.reduce((a, b) => a * b, 1)));
}

/** float32 values as arrays. */
export function arraysOf(values: Values): Feeds {
  return Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [name, array(shape, Array.from(data, Number))]),
  );
}

/** The numbers of one tensor. */
export function numbers(tensor: Tensor, feeds: Feeds = {}): number[] {
  return [...(evaluate([tensor], feeds)[0]?.data ?? [])];
}

/** The single number of a scalar tensor. */
export function numberOf(tensor: Tensor, feeds: Feeds = {}): number {
  const [value] = numbers(tensor, feeds);
  assert.ok(value !== undefined);
  return value;
}

/** Fails where numbers differ by more than `tolerance`, relative to the expected ones where those are above 1. */
export function assertNear(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
  what = 'value',
): void {
  assert.equal(actual.length, expected.length, `${what}: number of values`);
  for (const [index, value] of expected.entries()) {
    const difference = Math.abs((actual[index] ?? Number.NaN) - value);
    assert.ok(
      difference <= tolerance * Math.max(1, Math.abs(value)),
      `${what} ${index} is ${actual[index]}, expected ${value} within ${tolerance}`,
    );
  }
}

/**
 * Compares gradients of a scalar with central differences of step 1e-5 in float64, whose error is near 1e-10 times the third
 * derivative plus 1e-11 times the loss.
 */
export function assertGradients(loss: Tensor, variables: readonly Tensor[], feeds: Feeds, tolerance = 1e-6): void {
  const analytic = evaluate(gradients(loss, variables), feeds);
  for (const [index, variable] of variables.entries()) {
    const name = inputName(variable);
    const point = name === undefined ? undefined : feeds[name];
    assert.ok(name !== undefined && point !== undefined, 'variables are fed inputs');
    const lossAt = (place: number, shift: number): number => {
      const data = point.data.slice();
      data[place] = (data[place] ?? 0) + shift;
      return numberOf(loss, { ...feeds, [name]: { shape: point.shape, data } });
    };
    const differences = Array.from(point.data, (_, place) => (lossAt(place, 1e-5) - lossAt(place, -1e-5)) / 2e-5);
    assertNear([...(analytic[index]?.data ?? [])], differences, tolerance, `gradient of ${name}`);
  }
}
