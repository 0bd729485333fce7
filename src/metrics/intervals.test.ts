import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../runtime/random.js';
import { meanInterval, quantile, shareInterval } from './intervals.js';

test("Wilson's interval, as scipy has it", () => {
  // binomtest(k, n).proportion_ci(method='wilson')
  for (const [count, of, low, high] of [
    [0, 10, 0, 0.27753279986288926],
    [3, 10, 0.10779126740630078, 0.6032218525388546],
    [250, 1000, 0.2241530989836914, 0.27776028025908617],
  ] as const) {
    const [from, to] = shareInterval(count, of);
    assert.ok(Math.abs(from - low) < 1e-9 && Math.abs(to - high) < 1e-9, `${from} ${to}`);
  }
  assert.equal(shareInterval(10, 10)[1], 1);
});

test('quantiles are those of numpy', () => {
  // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 1])
  assert.deepEqual(
    [0, 0.1, 0.5, 1].map((share) => quantile([1, 2, 4, 8], share)),
    [1, 1.3, 3, 8],
  );
});

test('the bootstrap interval of a mean is as wide as the normal one, and a function of the seed', () => {
  const values = random(1).normal(400);
  const [low, high] = meanInterval(values, { seed: 2, resamplings: 2000 });
  const width = (2 * 1.96) / Math.sqrt(400);
  assert.ok(Math.abs((high - low) / width - 1) < 0.15, String((high - low) / width));
  assert.deepEqual(meanInterval(values, { seed: 2, resamplings: 2000 }), [low, high]);
  assert.notDeepEqual(meanInterval(values, { seed: 3, resamplings: 2000 }), [low, high]);
});
