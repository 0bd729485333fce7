import assert from 'node:assert/strict';
import { test } from 'node:test';
import { predictiveQuantile, quantile } from './quantiles.js';

test('quantiles, linear between values', () => {
  // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.25, 0.5, 1])
  assert.deepEqual(
    [0, 0.1, 0.25, 0.5, 1].map((share) => quantile([1, 2, 4, 8], share)),
    [1, 1.3, 1.75, 3, 8],
  );
  const infinite = Number.POSITIVE_INFINITY;
  assert.equal(quantile([infinite, infinite], 0.3), infinite);
});

test('quantiles of one more value', () => {
  // By hand: the values at places 5 p of [1, 2, 4, 8], from 1 to 4.
  for (const [i, expected] of [1, 1, 1.25, 3, 6, 8].entries())
    assert.ok(Math.abs(predictiveQuantile([1, 2, 4, 8], [0, 0.1, 0.25, 0.5, 0.7, 1][i]!) - expected) < 1e-12);
  assert.equal(predictiveQuantile([3], 0.2), 3);
  // Of the uniform distribution, one more value is below the first of 99 with probability 1/100: the mean of the first is 1/100.
  const expected = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  assert.ok(Math.abs(predictiveQuantile(expected, 0.01) - 0.01) < 1e-12);
});
