import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareInterval } from './share-interval.js';

function near(actual: readonly number[], expected: readonly number[]): void {
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs((actual[i] ?? Number.NaN) - value) < 1e-12, `${actual} is not ${expected}`);
}

test('the same as scipy', () => {
  // scipy.stats.binomtest(7, 12).proportion_ci(0.95, 'wilson')
  near(shareInterval(7, 12), [0.31951131254954973, 0.8067396863412435]);
  // scipy.stats.binomtest(0, 10).proportion_ci(0.95, 'wilson')
  near(shareInterval(0, 10), [0, 0.27753279986288926]);
  // scipy.stats.binomtest(985, 1000).proportion_ci(0.95, 'wilson')
  near(shareInterval(985, 1000), [0.9753990230730931, 0.9908890211959183]);
});

test('none and all of the rows: the ends are exact, the others not', () => {
  const [, high] = shareInterval(0, 10);
  assert.equal(shareInterval(0, 10)[0], 0);
  assert.ok(high > 0.2 && high < 0.3);
  // All and none mirror each other.
  near(shareInterval(10, 10), [1 - high, 1]);
});
