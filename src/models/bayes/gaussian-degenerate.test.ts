import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dataset, fromArrays, gatherAll } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import type { Samples } from '../contract.js';
import { type GaussianBayes, gaussianBayes } from './gaussian-bayes.js';
import { covarianceShapes } from './gaussian-covariances.js';

const opened: GaussianBayes[] = [];
afterEach(() => Promise.all(opened.splice(0).map((model) => model.dispose())));

/** A model that is disposed of after the test, and what its fit reported. */
async function fitted(data: Dataset, options: Parameters<typeof gaussianBayes>[0] = {}) {
  const model = gaussianBayes(options);
  opened.push(model);
  return { model, report: await model.fit(data, { threads: 1 }) };
}

const samples = (...rows: number[][]): Samples => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]?.length ?? 0],
});

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0)) <= tolerance * Math.max(1, Math.abs(expected[i] ?? 0)),
      `${i}: ${actual[i]} is not ${expected[i]}`,
    );
}

const data = fromArrays({
  x: [
    [1, 2],
    [2, 1.5],
    [1.5, 3.25],
    [5, -1],
    [6, 0.5],
    [4.5, 1],
  ],
  labels: [0, 0, 0, 1, 1, 1],
  classes: ['first', 'second'],
});

test('784 dimensions with constant pixels and few rows are stable', async () => {
  const x = random(1).uniform(60 * 784);
  for (let i = 0; i < x.length; i++) if (i % 784 < 100) x[i] = 0;
  const images = fromArrays({ x, shape: [28, 28, 1], labels: random(2).integers(60, 0, 2), classes: ['a', 'b'] });
  const { x: pixels } = await gatherAll(images);
  for (const covariance of covarianceShapes) {
    const { model, report } = await fitted(images, { covariance });
    assert.match(report.warnings.join('\n'), /100 of 784 columns never vary/);
    if (covariance === 'full' || covariance === 'tied')
      assert.match(report.warnings.join('\n'), /covarianceFloor\. Raise covarianceFloor, add rows/);
    assert.ok((await model.logProb({ data: pixels, shape: [60, 28, 28, 1] })).every(Number.isFinite));
    const { data: drawn, shape } = await model.sample(2, { seed: 1 });
    assert.deepEqual(shape, [2, 28, 28, 1]);
    assert.ok(drawn.every((value) => value >= 0 && value <= 1));
  }
});

test('columns of very different scales are told of, not hidden in silence', async () => {
  const noise = random(7).normal(200);
  const scaled = fromArrays({ x: noise.map((value, i) => (i % 2 === 0 ? value * 1e8 : value)), shape: [2] });
  const { x } = await gatherAll(scaled);
  for (const covariance of covarianceShapes) {
    const { model, report } = await fitted(scaled, { covariance });
    assert.match(
      report.warnings.join(),
      /1 of 2 columns vary less than the floor .*\(1\), which hides them. Standardise/,
    );
    assert.ok((await model.logProb({ data: x, shape: [100, 2] })).every(Number.isFinite));
  }
  const { report } = await fitted(scaled, { covarianceFloor: 1e-15 });
  assert.equal(report.converged, true);
});

test('single rows, equal rows and classes without rows give warnings, never NaN', async () => {
  const poor = fromArrays({
    x: [
      [1, 1],
      [1, 1],
      [3, 1],
    ],
    labels: [0, 0, 3],
    classes: ['same', 'none', 'never', 'one'],
  });
  for (const covariance of covarianceShapes) {
    const { model, report } = await fitted(poor, { covariance });
    assert.match(
      report.warnings.join('\n'),
      /no rows of none, never.*\n.*single row of one.*\n1 of 2 columns never vary/,
    );
    const { values } = await model.jointLogProb(samples([1, 1], [3, 1], [2, 2]));
    assert.ok(values.every((value, i) => (i % 4 === 1 || i % 4 === 2 ? value === -Infinity : Number.isFinite(value))));
    const { data: drawn } = await model.sample(10, { seed: 0 });
    assert.ok(drawn.every(Number.isFinite));
  }
  // Not even one column varies: the floor is then the share itself.
  const { model, report } = await fitted(fromArrays({ x: [[2], [2]] }));
  assertNear(model.covariances.data, [1e-9]);
  assert.match(report.warnings.join(), /1 of 1 columns never vary/);
});

test('what cannot be done is refused with a remedy', async () => {
  const wide = fromArrays({ x: new Float32Array(20_000), shape: [20_000] });
  await assert.rejects(
    fitted(wide, { covariance: 'full' }),
    (error) => error instanceof ConfigError && /too many to keep\. Use covariance 'diagonal'/.test(error.message),
  );
  assert.throws(() => gaussianBayes({ covarianceFloor: 0 }), /covarianceFloor/);
  const { model } = await fitted(data);
  await assert.rejects(model.logProb(samples([1, 2, 3])), ShapeError);
  await assert.rejects(model.logProb(samples([1, Number.POSITIVE_INFINITY])), /row 0 holds Infinity at position 1/);
  for (const count of [0, -1, 1.5]) await assert.rejects(model.sample(count), ConfigError);
  await assert.rejects(model.sample(1, { seed: 0.5 }), ConfigError);
  const { model: full } = await fitted(data, { covariance: 'full' });
  await assert.rejects(
    full.fromSummaries([full.summary(), model.summary()]),
    (error) => error instanceof ShapeError && /full and diagonal scatters/.test(error.message),
  );
  // Copies of a column: without a floor of some size, what is left of the variance is rounding.
  const noise = random(8).normal(100, 1, 1000);
  const copies = fromArrays({
    x: Float32Array.from({ length: 300 }, (_, i) => noise[Math.floor(i / 3)] ?? 0),
    shape: [3],
  });
  const { report } = await fitted(copies, { covariance: 'full' });
  assert.equal(report.converged, true);
  await assert.rejects(
    fitted(copies, { covariance: 'full', covarianceFloor: 1e-15 }),
    (error) => error instanceof ConfigError && /not positive definite.*Raise covarianceFloor/.test(error.message),
  );
});
