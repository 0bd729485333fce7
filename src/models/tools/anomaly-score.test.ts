import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, DatasetError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import { anomalyScore, anomalyThreshold, flagAnomalies, rankAnomalies } from './anomaly-score.js';
import { BoundedGaussian, ExactGaussian } from './testing/exact-gaussian.js';

const data = fromArrays({ x: [[-1], [1], [0], [0]] });
const strange = fromArrays({ x: [[0], [3], [-5]] });

test('the score is minus the log-density, or minus a bound, and says which', async () => {
  const exact = new ExactGaussian();
  const bounded = new BoundedGaussian();
  for (const model of [exact, bounded]) await model.fit(data);
  // N(0, 1/2): -log p(x) = log(pi) / 2 + x^2.
  const { values, quantity } = await anomalyScore(exact, strange);
  assert.equal(quantity, 'log-density');
  for (const [row, x] of [0, 3, -5].entries())
    assert.ok(Math.abs((values[row] ?? 0) - (Math.log(Math.PI) / 2 + x * x)) < 1e-12);
  const bound = await anomalyScore(bounded, strange);
  assert.equal(bound.quantity, 'elbo');
  for (const [row, value] of bound.values.entries()) assert.ok(Math.abs(value - (values[row] ?? 0) - 0.5) < 1e-12);
});

test('random numbers of a bound differ from part to part, and are the same in every call', async () => {
  const model = new BoundedGaussian();
  await model.fit(data);
  const many = fromArrays({ x: new Float32Array(10_000), shape: [1] });
  await anomalyScore(model, many, { seed: 3 });
  await anomalyScore(model, many, { seed: 3 });
  await anomalyScore(model, many, { seed: 4 });
  const [first, second, other] = [model.seeds.slice(0, 3), model.seeds.slice(3, 6), model.seeds.slice(6)];
  assert.deepEqual(first, second);
  assert.equal(new Set([...first, ...other]).size, 6);
});

test('thresholds are quantiles of the training scores', () => {
  // numpy.quantile([3, 1, 2, 5, 8.5], [0, .1, .9, .5, .75, 1])
  const scores = [3, 1, 2, 5, 8.5];
  const expected = [1, 1.4, 7.1000000000000005, 3, 5, 8.5];
  for (const [at, quantile] of [0, 0.1, 0.9, 0.5, 0.75, 1].entries()) {
    assert.ok(Math.abs(anomalyThreshold(scores, { quantile }) - (expected[at] ?? 0)) < 1e-12);
    assert.ok(Math.abs(anomalyThreshold(scores, { contamination: 1 - quantile }) - (expected[at] ?? 0)) < 1e-12);
  }
  const infinite = [1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  assert.equal(anomalyThreshold(infinite, { quantile: 0.8 }), Number.POSITIVE_INFINITY);
  for (const [rule, message] of [
    [{ contamination: 1.5 }, /contamination is 1\.5/],
    [{ quantile: -0.1 }, /quantile is -0\.1/],
    [{ quantile: Number.NaN }, /quantile is NaN/],
  ] as const)
    assert.throws(
      () => anomalyThreshold(scores, rule),
      (error) => error instanceof ConfigError && message.test(error.message),
    );
  assert.throws(() => anomalyThreshold([], { quantile: 0.5 }), /received none/);
  assert.throws(() => anomalyThreshold([1, Number.NaN], { quantile: 0.5 }), /NaN/);
});

test('the share of training rows above the threshold is the contamination; constant scores flag none', () => {
  const scores = Float64Array.from({ length: 1000 }, (_, i) => (i * 617) % 1000);
  const threshold = anomalyThreshold(scores, { contamination: 0.1 });
  assert.equal(
    flagAnomalies(scores, threshold).reduce((a, b) => a + b, 0),
    100,
  );
  const constant = new Float64Array(10).fill(2);
  assert.deepEqual(
    [...flagAnomalies(constant, anomalyThreshold(constant, { contamination: 0.1 }))],
    new Array(10).fill(0),
  );
});

test('known anomalies tell how good the ranking is', async () => {
  const model = new ExactGaussian();
  await model.fit(data);
  const { values } = await anomalyScore(model, strange);
  assert.deepEqual(rankAnomalies(values, [0, 1, 1]), { auroc: 1, averagePrecision: 1 });
  // The middle one of three: one pair of two won, found second.
  assert.deepEqual(rankAnomalies(values, [0, 1, 0]), { auroc: 1 / 2, averagePrecision: 1 / 2 });
  assert.throws(() => rankAnomalies(values, [1, 1, 1]), DatasetError);
});

test('an aborted scoring stops', async () => {
  const model = new ExactGaussian();
  await model.fit(data);
  await assert.rejects(anomalyScore(model, strange, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});
