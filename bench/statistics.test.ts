import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile, ratioSpread, spread } from './statistics.js';

test('quantiles interpolate between neighbours, whatever the order', () => {
  // numpy.quantile([1, 2, 4, 8], [0, 0.25, 0.5, 0.75, 1])
  const expected = [1, 1.75, 3, 5, 8];
  for (const [i, share] of [0, 0.25, 0.5, 0.75, 1].entries()) assert.equal(quantile([8, 1, 4, 2], share), expected[i]);
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

test('a spread has the median between its quartiles', () => {
  assert.deepEqual(spread([5, 1, 3, 2, 4]), { median: 3, quartiles: [2, 4] });
});

test('a ratio is the median of the ratios within rounds, not the ratio of medians', () => {
  // A machine that is ten times slower in the last round slows both sides alike.
  assert.deepEqual(ratioSpread([20, 30, 400], [10, 10, 100]), { median: 3, quartiles: [2.5, 3.5] });
});
