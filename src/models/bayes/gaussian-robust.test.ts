import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { type Dataset, fromArrays, gatherAll } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { load } from '../node/load.js';
import { type GaussianBayes, gaussianBayes } from './gaussian-bayes.js';

const estimator = 'minimum-covariance-determinant';
const opened: { dispose(): Promise<void> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((model) => model.dispose())));

/** A model that is disposed of after the test, and what its fit reported. */
async function fitted(data: Dataset, options: Parameters<typeof gaussianBayes>[0] = {}, seed = 0) {
  const model = gaussianBayes({ covariance: 'full', estimator, ...options });
  opened.push(model);
  return { model, report: await model.fit(data, { threads: 1, seed }) };
}

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0)) <= tolerance, `${i}: ${actual[i]}`);
}

/** Two classes of 60 rows, correlated alike, at (0, 0) and (10, 0); a third of each class lies at (-40, 90). */
const classes = (() => {
  const noise = random(1).normal(240);
  const x = Float32Array.from(noise, (value, at) => {
    const row = Math.floor(at / 2);
    if (row % 3 === 0) return value + (at % 2 === 0 ? -40 : 90);
    return at % 2 === 0 ? value + (row < 60 ? 0 : 10) : value + (noise[at - 1] ?? 0);
  });
  return fromArrays({
    x,
    shape: [2],
    labels: Int32Array.from({ length: 120 }, (_, row) => Math.floor(row / 60)),
    classes: ['left', 'right'],
  });
})();

test('log-densities are those of scikit-learn’s estimate', async () => {
  // X as in minimum-covariance-determinant.test.ts
  const x = Float32Array.from({ length: 82 }, (_, at) => {
    const [i, isFirst] = [Math.floor(at / 2), at % 2 === 0];
    const value = isFirst ? Math.sin(12.9898 * i) * 3 + 1 : Math.cos(78.233 * i) + Math.sin(12.9898 * i);
    return i < 25 ? value : (isFirst ? 20 : -15) + value * 0.2;
  });
  const { model, report } = await fitted(fromArrays({ x, shape: [2] }));
  assert.deepEqual([report.warnings, report.converged, report.history.length], [[], true, 1]);
  // m = min((MinCovDet(random_state=s).fit(X) for s in range(20)), key=lambda m: np.linalg.det(m.raw_covariance_))
  // floor = 1e-9 * m.covariance_.diagonal().max()
  // scipy.stats.multivariate_normal(m.location_, m.covariance_ + floor * np.eye(2)).logpdf(X[[0, 10, 30]])
  const rows = Float32Array.from([0, 10, 30].flatMap((row) => [x[2 * row] ?? 0, x[2 * row + 1] ?? 0]));
  const logProb = await model.logProb({ data: rows, shape: [3, 2] });
  assertNear(logProb, [-3.1374459942586195, -4.361679802626537, -434.70032955035066], 1e-4);
  // np.linalg.slogdet(m.covariance_)
  assertNear(
    [report.history[0]?.metrics.logDeterminant ?? 0],
    [Math.log(4.4225350831666805 * 1.0450789530223403 - 1.4267368248596275 ** 2)],
    1e-7,
  );
});

for (const covariance of ['full', 'tied'] as const)
  test(`${covariance}: each class is described by its own rows, and rows are classified so`, async () => {
    const { model, report } = await fitted(classes, { covariance });
    assert.deepEqual(report.warnings, []);
    assert.deepEqual([...model.priors], [0.5, 0.5]);
    // 40 rows know their mean to 0.25 or so.
    assertNear(model.means.data, [0, 0, 10, 10 * 0], 0.6);
    const { data } = model.covariances;
    for (let start = 0; start < data.length; start += 4) assertNear(data.subarray(start, start + 4), [1, 1, 1, 2], 0.8);
    const { values } = await model.jointLogProb({ data: Float32Array.of(2, 2, 8, -2), shape: [2, 2] });
    assert.ok((values[0] ?? 0) > (values[1] ?? 0) && (values[3] ?? 0) > (values[2] ?? 0));
    const likelihood = gaussianBayes({ covariance });
    opened.push(likelihood);
    await likelihood.fit(classes, { threads: 1 });
    assert.ok(likelihood.means.data.every((value, i) => Math.abs(value - (model.means.data[i] ?? 0)) > 5));
    const { data: drawn } = await model.sample(500, { seed: 1, given: { label: 'right' } });
    assert.ok(drawn.every((value) => value > -10 && value < 20));
  });

test('it is saved and loaded as it is, and the seed alone decides', async () => {
  const { model } = await fitted(classes, {}, 3);
  const { model: again } = await fitted(classes, {}, 3);
  const rows = await gatherAll(classes).then(({ x }) => ({ data: x, shape: [120, 2] }));
  const logProb = await model.logProb(rows);
  assert.deepEqual(await again.logProb(rows), logProb);
  const folder = await mkdtemp(join(tmpdir(), 'verisim-robust-'));
  try {
    await model.save(folder);
    const loaded = await load(folder);
    opened.push(loaded);
    assert.deepEqual(loaded.config, model.config);
    assert.ok('logProb' in loaded && typeof loaded.logProb === 'function');
    assert.deepEqual(await loaded.logProb(rows), logProb);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('statistics of parts do not add up, and are refused', async () => {
  const { model } = await fitted(classes);
  const isRefusal = (error: unknown): boolean =>
    error instanceof ConfigError && /summaries of parts do not add up\. Fit it to all rows/.test(error.message);
  await assert.rejects(model.summarize(classes), isRefusal);
  await assert.rejects(model.fromSummaries([model.summary()]), isRefusal);
  assert.throws(() => model.combine(model.summary(), model.summary()), isRefusal);
});

test('options that do not go together, or are out of range, are refused', () => {
  for (const covariance of ['diagonal', 'spherical'] as const)
    assert.throws(
      () => gaussianBayes({ estimator, covariance }),
      (error) => error instanceof ConfigError && /Set covariance to 'full' or 'tied'/.test(error.message),
    );
  for (const supportFraction of [0.4, 1.1])
    assert.throws(() => gaussianBayes({ estimator, supportFraction }), /Give a number from 0\.5 to 1, or "auto"/);
});

test('more of the rows in the support withstand fewer anomalies', async () => {
  const spread = async (supportFraction: number): Promise<number> => {
    const { model } = await fitted(classes, { supportFraction, conditional: false });
    return model.covariances.data[3] ?? 0;
  };
  // A third of the rows lies 90 away.
  assert.ok((await spread(0.55)) < 4);
  assert.ok((await spread(1)) > 1000);
});

test('degenerate rows give warnings that say what to do, never NaN', async () => {
  const noise = random(2).normal(400);
  const usable = async (model: GaussianBayes, rows: Dataset): Promise<void> => {
    const { x } = await gatherAll(rows);
    assert.ok((await model.logProb({ data: x, shape: [rows.length, ...rows.exampleShape] })).every(Number.isFinite));
    assert.ok((await model.sample(20, { seed: 0 })).data.every(Number.isFinite));
  };
  const dataOf = (row: (i: number, a: number, b: number) => readonly number[], count = 200): Dataset =>
    fromArrays({ x: Array.from({ length: count }, (_, i) => [...row(i, noise[2 * i] ?? 0, noise[2 * i + 1] ?? 0)]) });
  for (const [rows, warning] of [
    // A column that only anomalies vary in, as in the ionosphere data, and one that nothing varies in.
    [
      dataOf((i, a, b) => [a, i % 5 === 0 ? b : 1]),
      /1 of 2 columns never vary in the rows that are taken for no anomalies \(1\)/,
    ],
    [dataOf((_, a) => [a, 7]), /1 of 2 columns never vary .*\(1\); their variance is the floor/],
    [
      dataOf((i, a, b) => [a, i < 140 ? 2 * a : b, b]),
      /some columns follow from others \(all\).*raise covarianceFloor/,
    ],
    [
      dataOf((_, a, b) => [a, b, a * b, a - b * b, b * b * b], 20),
      /Fewer than 5 rows per column in 1 of 1 classes \(all\)/,
    ],
    [dataOf((_, a, b) => [a, b, a * b, a - b * b, b * b * b], 3), /Fewer than 5 rows per column/],
    [dataOf((_, a, b) => [a * 1e8, b]), /vary less than the floor/],
    [dataOf(() => [3, 3]), /2 of 2 columns never vary/],
    [dataOf((_, a, b) => [a, b], 1), /never vary/],
  ] as const) {
    const { model, report } = await fitted(rows);
    assert.match(report.warnings.join('\n'), warning);
    await usable(model, rows);
  }
  const rare = fromArrays({
    x: Float32Array.from(noise),
    shape: [2],
    labels: Int32Array.from({ length: 200 }, (_, row) => (row === 0 ? 2 : 0)),
    classes: ['many', 'none', 'one'],
  });
  for (const covariance of ['full', 'tied'] as const) {
    const { model, report } = await fitted(rare, { covariance });
    assert.match(report.warnings.join('\n'), /no rows of none.*\n.*single row of one/);
    await usable(model, rare);
  }
});

test('an abort learns nothing', async () => {
  const model = gaussianBayes({ covariance: 'full', estimator });
  opened.push(model);
  // Half a second of work, in which timers are answered every 30 ms.
  const wide = fromArrays({ x: random(4).normal(600 * 20), shape: [20] });
  const report = await model.fit(wide, { threads: 1, signal: AbortSignal.timeout(5) });
  assert.deepEqual([report.stoppedBecause, report.iterations], ['aborted', 0]);
  assert.throws(() => model.means, /has not been fitted/);
});
