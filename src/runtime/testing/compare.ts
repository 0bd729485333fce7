// Comparing what two devices computed.
import assert from 'node:assert/strict';
import type { CompiledStepProgram, Values } from '../runtime.js';
import type { ExampleStep } from './example-steps.js';

/** What came out of some steps. */
export interface Trained {
  readonly metrics: Readonly<Record<string, Float64Array>>;
  readonly variables: Values;
}

/** Does `count` steps of an example in one run and reads everything back. */
export async function trained(compiled: CompiledStepProgram, example: ExampleStep, count: number): Promise<Trained> {
  await compiled.write(example.initial);
  const metrics = await compiled.run(count, example.feeds(count));
  return { metrics, variables: await compiled.read() };
}

/** Metrics agree relative to themselves, variables relative to the largest number in each. */
export function assertClose(actual: Trained, expected: Trained, tolerance: number): void {
  assert.deepEqual(Object.keys(actual.variables).sort(), Object.keys(expected.variables).sort());
  for (const [name, values] of Object.entries(expected.metrics))
    for (const [step, value] of values.entries()) {
      const difference = Math.abs((actual.metrics[name]?.[step] ?? Number.NaN) - value) / Math.abs(value);
      assert.ok(difference <= tolerance, `${name} of step ${step} differs by ${difference}`);
    }
  for (const [name, { data, shape }] of Object.entries(expected.variables)) {
    const other = actual.variables[name];
    assert.deepEqual(other?.shape, shape);
    const numbers = Array.from(data, Number);
    const largest = Math.max(...numbers.map(Math.abs), 1e-30);
    const difference = Math.max(...numbers.map((value, i) => Math.abs(Number(other?.data[i]) - value))) / largest;
    assert.ok(difference <= tolerance, `${name} differs by ${difference}`);
  }
}
