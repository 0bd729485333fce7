import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile } from './quantiles.js';

test('quantiles, linear between values', () => {
  // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.25, 0.5, 1])
  assert.deepEqual(
    [0, 0.1, 0.25, 0.5, 1].map((share) => quantile([1, 2, 4, 8], share)),
    [1, 1.3, 1.75, 3, 8],
  );
  const infinite = Number.POSITIVE_INFINITY;
  assert.equal(quantile([infinite, infinite], 0.3), infinite);
});
