import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { type Dataset, fromArrays, gatherAll, subset } from '../../data/index.js';
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

const rows = [
  [1, 2],
  [2, 1.5],
  [1.5, 3.25],
  [0, 2.5],
  [5, -1],
  [6, 0.5],
  [4.5, 1],
  [6.5, -0.25],
];
const labelling = { labels: [0, 0, 0, 0, 0, 1, 1, 1], classes: ['first', 'second'] };
const data = fromArrays({ x: rows, ...labelling });
const queries = samples([1, 2], [5, 0], [3, 1]);

test('diagonal covariances as in scikit-learn, a constant column included', async () => {
  const { model, report } = await fitted(fromArrays({ x: rows.map((row) => [...row, 0]), ...labelling }));
  // GaussianNB().fit(X, y).predict_joint_log_proba(Q)     # scikit-learn 1.9.1
  // 1e-4 as float32 is off by 3e-9 of it, its square over the floor is 1.9.
  assertNear(
    (await model.jointLogProb(samples([1, 2, 0], [5, 0, 0], [3, 1, 1e-4]))).values,
    [
      5.231901991943919, -13.214625828834066, 3.060596652446619, 5.975657372153955, 4.158800031212958,
      0.1135742329276459,
    ],
    1e-7,
  );
  // 1e-9 * X.var(axis=0).max() is 5.371e-9.
  assert.match(report.warnings.join(), /^1 of 3 columns never vary \(2\); their variance is the floor 5\.37e-9 alone/);
});

// np.log(prior[c]) + multivariate_normal(mean[c], covariance[c] + floor I).logpdf(Q), scipy 1.17.1, with np.cov(X[y == c].T, bias=True)
// and floor = 1e-9 * X.var(axis=0).max(); tied: their average weighted by the rows; spherical: trace / 2.
const reference = {
  full: [
    -2.695105688138379, -29.343376049001, -4.679357639377158, -9.261744905447259, -2.6793576584508854,
    -16.36378504239878,
  ],
  tied: [
    -2.4266545461145235, -13.477895870482573, -5.060578646996059, -4.039667916550769, -2.4065482586678115,
    -7.42171355562919,
  ],
  spherical: [
    -3.3992205779388467, -26.7383332028889, -5.711593798052447, -2.738333464332547, -3.541208407244068,
    -9.66791085363403,
  ],
} as const;

for (const covariance of ['full', 'tied', 'spherical'] as const)
  test(`${covariance} covariances as in SciPy`, async () => {
    const { model } = await fitted(data, { covariance });
    assertNear((await model.jointLogProb(queries)).values, reference[covariance]);
  });

test('tied covariances are linear discriminant analysis', async () => {
  const { model } = await fitted(data, { covariance: 'tied', covarianceFloor: 1e-15 });
  const { values } = await model.jointLogProb(queries);
  const logProb = await model.logProb(queries);
  // LinearDiscriminantAnalysis(solver='lsqr').fit(X, y).predict_log_proba(Q)
  assertNear(
    values.map((value, i) => value - (logProb[Math.floor(i / 2)] ?? 0)),
    [
      -1.5867311088081577e-5, -11.051257405066831, -1.32859149916686, -0.3076807736558618, -0.0066146093796406406,
      -5.021780015502012,
    ],
    1e-9,
  );
});

test('without labels there is one Gaussian', async () => {
  const { model } = await fitted(data, { covariance: 'full', conditional: false });
  // multivariate_normal(X.mean(0), np.cov(X.T, bias=True) + floor I).logpdf(Q)
  assertNear(await model.logProb(queries), [-2.931640002828835, -2.7459026147516745, -2.465169767207699]);
  assert.deepEqual(model.labels, []);
  assert.deepEqual([...model.means.data], [3.3125, 1.1875]);
  await assert.rejects(model.jointLogProb(queries), /fitted without labels/);
});

test('the density integrates to one over the plane', async () => {
  const steps = 200;
  const side = 40 / steps;
  const grid = Float32Array.from({ length: steps * steps * 2 }, (_, i) => {
    const point = Math.floor(i / 2);
    return -20 + side * (0.5 + (i % 2 === 0 ? Math.floor(point / steps) : point % steps));
  });
  for (const covariance of covarianceShapes) {
    const { model } = await fitted(data, { covariance });
    const logProb = await model.logProb({ data: grid, shape: [steps * steps, 2] });
    const total = logProb.reduce((sum, value) => sum + Math.exp(value), 0) * side * side;
    // The midpoint rule on smooth, rapidly vanishing functions errs by exp(-2 pi^2 s^2 / side^2), s the smallest deviation, here 0.2.
    assert.ok(Math.abs(total - 1) < 1e-4, `${covariance}: ${total}`);
  }
});

/** Rows whose columns depend on each other, in three classes. */
function dependentRows(count: number, offset = 0, scale = 1): Dataset {
  const noise = random(5).normal(count * 3);
  const labels = random(6).integers(count, 0, 3);
  const x = Float64Array.from({ length: count * 3 }, (_, i) => {
    const [row, column] = [Math.floor(i / 3), i % 3];
    const z = (j: number): number => noise[row * 3 + j] ?? 0;
    return offset + scale * ((labels[row] ?? 0) * 2 + z(column) + 0.5 * z(0));
  });
  return fromArrays({ x, shape: [3], labels, classes: ['a', 'b', 'c'] });
}

for (const covariance of covarianceShapes)
  test(`${covariance}: parts taken together are the whole, also far from the origin`, async () => {
    for (const whole of [dependentRows(200), dependentRows(200, 1e4, 0.01)]) {
      const { model } = await fitted(whole, { covariance });
      const order = Array.from({ length: 200 }, (_, i) => i);
      const { model: parts } = await fitted(subset(whole, 20), { covariance });
      const summaries = [parts.summary()];
      for (const part of [order.slice(20, 21), order.slice(21)])
        summaries.push(await parts.summarize(subset(whole, part)));
      await parts.fromSummaries(summaries);
      assert.deepEqual(parts.summary().counts, model.summary().counts);
      assertNear(parts.means.data, model.means.data);
      assertNear(parts.covariances.data, model.covariances.data, 1e-10);
      const all = await gatherAll(whole);
      const x = { data: all.x, shape: [200, 3] };
      assertNear(await parts.logProb(x), await model.logProb(x), 1e-8);
    }
  });

for (const covariance of covarianceShapes)
  test(`${covariance}: the reported mean is that of the joint log-densities of the rows`, async () => {
    const whole = dependentRows(90);
    const { model, report } = await fitted(whole, { covariance, covarianceFloor: 0.1 });
    const { x, labels } = await gatherAll(whole);
    const { values } = await model.jointLogProb({ data: x, shape: [90, 3] });
    const mean = Array.from(labels ?? []).reduce((sum, label, row) => sum + (values[row * 3 + label] ?? 0), 0) / 90;
    assertNear([report.history[0]?.metrics.logProb ?? 0], [mean]);
    // A floor that large is meant to do what a small one is warned of.
    assert.deepEqual(report.warnings, []);
  });

for (const covariance of covarianceShapes)
  test(`${covariance}: samples have the means and covariances of the model`, async () => {
    const { model } = await fitted(dependentRows(300), { covariance });
    const count = 40_000;
    const { data: drawn, labels } = await model.sample(count, { seed: 3, given: { label: 'c' } });
    assert.ok(labels?.every((label) => label === 2));
    const means = [0, 1, 2].map((i) => {
      let sum = 0;
      for (let row = 0; row < count; row++) sum += drawn[row * 3 + i] ?? 0;
      return sum / count;
    });
    // Four standard deviations of a mean of 40000 rows of variance at most 2.5 are 0.032; of a covariance, 0.07.
    assertNear(means, model.means.data.slice(6), 0.032);
    const { data: given } = model.covariances;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        let sum = 0;
        for (let row = 0; row < count; row++)
          sum += ((drawn[row * 3 + i] ?? 0) - (means[i] ?? 0)) * ((drawn[row * 3 + j] ?? 0) - (means[j] ?? 0));
        const wanted = {
          diagonal: i === j ? given[6 + i] : 0,
          spherical: i === j ? given[2] : 0,
          full: given[18 + 3 * i + j],
          tied: given[3 * i + j],
        }[covariance];
        assert.ok(Math.abs(sum / count - (wanted ?? Number.NaN)) < 0.07);
      }
  });

test('the mean images come in the shape of the images', async () => {
  const images = fromArrays({ x: Uint8Array.of(0, 255, 255, 255, 51, 0), shape: [1, 2, 1], labels: [0, 0, 1] });
  const { model } = await fitted(images);
  assert.deepEqual(model.classMeans(), {
    data: Float32Array.of(0.5, 1, 0.2, 0),
    shape: [2, 1, 2, 1],
    labels: Int32Array.of(0, 1),
  });
});

test('an abort leaves what was learnt before, and observers are told of a whole fit', async () => {
  for (const covariance of ['diagonal', 'tied', 'full'] as const) {
    const { model } = await fitted(data, { covariance });
    const before = model.summary();
    const report = await model.fit(dependentRows(10), { signal: AbortSignal.abort() });
    assert.equal(report.stoppedBecause, 'aborted');
    assert.deepEqual(model.summary(), before);
  }
  const told: string[] = [];
  const tell = (what: string) => () => void told.push(what);
  const model = gaussianBayes();
  opened.push(model);
  await model.fit(data, {
    observer: {
      onStart: tell('start'),
      onProgress: tell('progress'),
      onMetrics: tell('metrics'),
      onSnapshot: () => model.sample(1).then(tell('samples')),
      onCheckpoint: tell('checkpoint'),
    },
  });
  assert.deepEqual(told, ['start', 'progress', 'metrics', 'samples', 'checkpoint']);
});
