import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chiSquaredCdf, chiSquaredQuantile } from './chi-squared.js';

test('probabilities and quantiles as in SciPy', () => {
  // scipy.stats.chi2.cdf(x, k), scipy 1.17.1
  for (const [x, k, expected] of [
    [1, 1, 0.6826894921370859],
    [0.1, 5, 0.0001623166119226152],
    [30, 34, 0.3358767993934556],
    [60, 34, 0.9961272751313959],
    [900, 784, 0.9975452882254644],
  ] as const)
    assert.ok(Math.abs(chiSquaredCdf(x, k) - expected) < 1e-13 * k, `${x}, ${k}: ${chiSquaredCdf(x, k)}`);
  // scipy.stats.chi2.ppf(p, k)
  for (const [p, k, expected] of [
    [0.5, 1, 0.454936423119572],
    [0.975, 2, 7.377758908227871],
    [0.5, 33, 32.33578087994843],
    [0.975, 34, 51.96599519512188],
    [0.975, 784, 863.4872103939845],
  ] as const)
    assert.ok(Math.abs(chiSquaredQuantile(p, k) / expected - 1) < 1e-11, `${p}, ${k}: ${chiSquaredQuantile(p, k)}`);
});

test('the ends of the distribution', () => {
  assert.deepEqual([chiSquaredCdf(0, 3), chiSquaredCdf(-1, 3), chiSquaredCdf(Number.POSITIVE_INFINITY, 3)], [0, 0, 1]);
  assert.deepEqual([chiSquaredQuantile(1, 3), chiSquaredCdf(1e6, 3)], [Number.POSITIVE_INFINITY, 1]);
  assert.ok(chiSquaredQuantile(0, 3) < 1e-300);
});
