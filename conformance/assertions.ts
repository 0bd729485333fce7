// Assertions that several requirements share.
import assert from 'node:assert/strict';

/** A value that cannot be changed, nor anything in it. */
export function assertFrozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  assert.ok(Object.isFrozen(value));
  for (const part of Object.values(value)) assertFrozen(part);
}

/** Numbers that are equal up to rounding: float32 sums in another order differ in their last bits. */
export function assertClose(actual: Float32Array, expected: Float32Array, tolerance = 1e-5): void {
  assert.equal(actual.length, expected.length);
  const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? Number.NaN))), 0);
  assert.ok(worst < tolerance, `they differ by up to ${worst}`);
}
