import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gatherAll } from '../../data/dataset.js';
import { type Dataset, fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import type { FitOptions } from '../contract.js';
import { type GaussianMixture, type GaussianMixtureOptions, gaussianMixture } from './gaussian-mixture.js';
import { sixFeatures, threeGroups, threeGroupsData, twoGaussians } from './points.test.support.js';

const models: GaussianMixture[] = [];
after(async () => {
  for (const model of models) await model.dispose();
});

/** A mixture of low-rank covariances. */
function analysers(options: GaussianMixtureOptions): GaussianMixture {
  const model = gaussianMixture({ covariance: 'low-rank', ...options });
  models.push(model);
  return model;
}

const fitOptions: FitOptions = { seed: 0, threads: 1 };

function assertNear(received: number | undefined, wanted: number, tolerance: number): void {
  assert.ok(Math.abs((received ?? Number.NaN) - wanted) <= tolerance * Math.abs(wanted), `${received} not ${wanted}`);
}

/** The bound may fall by what rounding takes, no more. */
function assertNeverDecreases(bounds: readonly number[]): void {
  assert.ok(bounds.length > 1);
  for (const [i, bound] of bounds.entries()) {
    const before = bounds[i - 1] ?? Number.NEGATIVE_INFINITY;
    assert.ok(bound >= before - 1e-9 * Math.abs(bound), `${bound} after ${before} in iteration ${i + 1}`);
  }
}

const scoreOf = async (model: GaussianMixture, data: Dataset): Promise<number> => {
  const { x } = await gatherAll(data);
  const logProb = await model.logProb({ data: x, shape: [data.length, ...data.exampleShape] });
  return logProb.reduce((a, b) => a + b, 0) / data.length;
};

const start = {
  means: [0, 1].map((row) => Array.from(threeGroups.subarray(row * 3, row * 3 + 3))),
  weights: [0.6, 0.4],
  loadings: [
    [
      [1, 0.5],
      [0.5, -1],
      [0.2, 0.3],
    ],
    [
      [0.3, 0.1],
      [-0.8, 0.2],
      [0.5, 2],
    ],
  ],
};

test('the log-density of a mixture is that of Gaussians with W W^T + diag(v)', async () => {
  // X as in gaussian-mixture.test.ts; W = loadings, v = noiseVariances
  // logsumexp([np.log(w[k]) + multivariate_normal(X[k], W[k] @ W[k].T + np.diag(v[k])).logpdf(X) for k in range(2)], axis=0).mean()
  // scipy with scikit-learn 1.9.1's requirements
  const diagonal = [
    [1, 0.5, 0.7],
    [2, 0.3, 0.4],
  ];
  const references = [
    { noise: 'diagonal', noiseVariances: diagonal, bound: -7.9371083965040325 },
    { noise: 'isotropic', noiseVariances: [0.5, 2], bound: -7.664890146979704 },
  ] as const;
  for (const { noise, noiseVariances, bound } of references) {
    const given = { ...start, noiseVariances: noiseVariances.map((part) => structuredClone(part)) };
    const model = analysers({ components: 2, rank: 2, noise, start: given, maxIterations: 1 });
    await model.fit(threeGroupsData(), fitOptions);
    assertNear(model.lowerBounds[0], bound, 1e-12);
  }
});

test('one component is factor analysis: the same density and noise as scikit-learn', async () => {
  // f = FactorAnalysis(2, tol=1e-13, max_iter=100000, svd_method='lapack').fit(Y)
  // f.score(Y), f.noise_variance_, f.components_.T, f.mean_, f.score_samples(Y)[:2]      scikit-learn 1.9.1
  const score = -7.474042688087952;
  const noiseVariances = [
    0.14883912958187273, 0.22030467585593072, 0.2773082577166617, 0.36273090596660373, 0.4702381740818926,
    0.5843243559961167,
  ];
  const loadings = [
    [-1.0603157549298474, -0.23444105594298784],
    [-0.5179686157319663, -0.3194523559556367],
    [0.3431780349462261, -0.8983043270682135],
    [0.8084503569179757, -0.8576678967546668],
    [1.1622629323969846, -0.07350616600788208],
    [1.7294455790847272, 0.2647896343736606],
  ];
  const means = [
    [
      -1.3713750020600854, 0.14552777639473788, 2.458194447432955, 3.5792986114819842, 3.5202985999484855,
      4.241437498107553,
    ],
  ];
  const options = { components: 1, rank: 2, covarianceFloor: 0 };
  const found = analysers({ ...options, tolerance: 1e-13, maxIterations: 2000 });
  const report = await found.fit(sixFeatures, fitOptions);
  assert.equal(report.converged, true);
  assertNeverDecreases(found.lowerBounds);
  assertNear(await scoreOf(found, sixFeatures), score, 1e-9);
  // Both stop where the likelihood, flat around its maximum, changes no more.
  for (const [d, variance] of noiseVariances.entries())
    assertNear(Number(found.noiseVariances.data[d]), variance, 1e-4);

  const given = analysers({
    ...options,
    start: { means, loadings: [loadings], noiseVariances: [noiseVariances] },
    maxIterations: 1,
  });
  await given.fit(sixFeatures, fitOptions);
  assertNear(given.lowerBounds[0], score, 1e-12);
});

test('with isotropic noise one component is probabilistic principal component analysis', async () => {
  // l = np.linalg.eigvalsh(np.cov(Y.T, bias=True))[::-1]; s = l[2:].mean()
  // -0.5*(6*np.log(2*np.pi) + np.log(l[:2]).sum() + 4*np.log(s) + 6), s           (Tipping and Bishop 1999, equations 8 and 11)
  const model = analysers({ components: 1, rank: 2, noise: 'isotropic', tolerance: 1e-13, maxIterations: 2000 });
  await model.fit(sixFeatures, fitOptions);
  assertNeverDecreases(model.lowerBounds);
  assertNear(await scoreOf(model, sixFeatures), -7.592626940410206, 1e-9);
  assert.deepEqual(model.noiseVariances.shape, [1]);
  assertNear(Number(model.noiseVariances.data[0]), 0.32304482699884907, 1e-5);
});

test('the bound never decreases, floors or not, in few rows of many features or many of few', async () => {
  const noise = random(4).normal(30 * 100);
  const wide = fromArrays({ x: noise.map((value, i) => value * (1 + (i % 7))), shape: [100], name: 'wide' });
  for (const data of [sixFeatures, threeGroupsData(), wide])
    for (const covarianceFloor of [0, 0.3])
      for (const kind of ['diagonal', 'isotropic'] as const) {
        const model = analysers({
          components: 3,
          rank: 2,
          noise: kind,
          covarianceFloor,
          tolerance: 0,
          maxIterations: 60,
        });
        await model.fit(data, fitOptions);
        assert.equal(model.lowerBounds.length, 60);
        assertNeverDecreases(model.lowerBounds);
        assert.ok(model.noiseVariances.data.every((variance) => Number(variance) >= covarianceFloor));
      }
});

test('recovers analysers that data was drawn from, and draws such data', async () => {
  // Two planes in five dimensions: x = m + W z + e with variances of e between 0.1 and 0.3.
  const [count, features] = [4000, 5];
  const noise = random(8)
    .split('noise')
    .normal(count * features);
  const codes = random(8)
    .split('codes')
    .normal(count * 2);
  const slopes = [
    [2, 0, 1, 0.5, -1, 0, 1, 1, 0, 1],
    [0, 1, -1, 0, 0.5, 2, 0, 1, 1, -1],
  ];
  const data = fromArrays({
    x: noise.map((value, index) => {
      const [row, d] = [Math.floor(index / features), index % features];
      const own = slopes[row % 4 === 0 ? 0 : 1] ?? [];
      const z = [0, 1].map((j) => (own[d * 2 + j] ?? 0) * (codes[row * 2 + j] ?? 0));
      return (row % 4 === 0 ? 3 : -3) + (z[0] ?? 0) + (z[1] ?? 0) + Math.sqrt(0.1 + 0.05 * d) * value;
    }),
    shape: [features],
  });
  const model = analysers({ components: 2, rank: 2, tolerance: 1e-6, maxIterations: 200 });
  const report = await model.fit(data, fitOptions);
  assert.equal(report.converged, true);
  const first = Number(model.weights.data[0]) < 0.5 ? 0 : 1;
  assertNear(Number(model.weights.data[first]), 0.25, 0.02);
  assert.deepEqual(model.covariances.shape, [2, features, features]);
  const { data: drawn, labels } = await model.sample(8000, { seed: 2 });
  for (const [group, own] of slopes.entries()) {
    const k = group === 0 ? first : 1 - first;
    const rows = Array.from(labels ?? []).flatMap((label, row) => (label === k ? [row] : []));
    const middle = (row: number, d: number) =>
      (drawn[row * features + d] ?? 0) - Number(model.means.data[k * features + d]);
    for (let d = 0; d < features; d++)
      for (let e = 0; e < features; e++) {
        const z = [0, 1].map((j) => (own[d * 2 + j] ?? 0) * (own[e * 2 + j] ?? 0));
        const wanted = (z[0] ?? 0) + (z[1] ?? 0) + (d === e ? 0.1 + 0.05 * d : 0);
        const fitted = Number(model.covariances.data[(k * features + d) * features + e]);
        const sampled = rows.reduce((total, row) => total + middle(row, d) * middle(row, e), 0) / rows.length;
        // Standard errors of covariances up to 4 of 1000 rows and more are below 0.2, those of samples of 2000 below 0.13.
        assert.ok(Math.abs(fitted - wanted) < 0.6, `${fitted} not ${wanted}`);
        assert.ok(Math.abs(sampled - fitted) < 0.5, `${sampled} not ${fitted}`);
      }
    // The noise is small and sets analysers apart from full covariances.
    for (let d = 0; d < features; d++)
      assertNear(Number(model.noiseVariances.data[k * features + d]), 0.1 + 0.05 * d, 0.5);
  }
});

test('information criteria count loadings up to rotations', async () => {
  const { x } = await gatherAll(sixFeatures);
  const rows = { data: x, shape: [240, 6] };
  // Of 3 components: 6 means, 6 x 2 loadings less one rotation, the noise; and 2 weights.
  for (const [noise, count] of [
    ['diagonal', 3 * (6 + 11 + 6) + 2] as const,
    ['isotropic', 3 * (6 + 11 + 1) + 2] as const,
  ]) {
    const model = analysers({ components: 3, rank: 2, noise, maxIterations: 5 });
    await model.fit(sixFeatures, fitOptions);
    const deviance = -2 * 240 * (await scoreOf(model, sixFeatures));
    assert.equal(Math.round((await model.aic(rows)) - deviance), 2 * count);
  }
});

test('float32 products give the same mixture to single precision', async () => {
  const options = { components: 2, rank: 2, tolerance: 0, maxIterations: 15 };
  const [double, single] = [analysers(options), analysers({ ...options, precision: 'float32' })];
  await double.fit(sixFeatures, fitOptions);
  await single.fit(sixFeatures, fitOptions);
  for (const [i, variance] of double.noiseVariances.data.entries())
    assertNear(Number(single.noiseVariances.data[i]), Number(variance), 1e-3);
});

test('one mixture per class, with covariances of each', async () => {
  const data = twoGaussians(600);
  const model = analysers({ components: 2, perClass: true });
  await model.fit(data, fitOptions);
  assert.deepEqual(model.loadings.shape, [2, 2, 2, 1]);
  assert.deepEqual(model.noiseVariances.shape, [2, 2, 2]);
  assert.deepEqual(model.covariances.shape, [2, 2, 2, 2]);
  const { x, labels = [] } = await gatherAll(data);
  const predicted = await model.predict({ data: x, shape: [600, 2] });
  // The classes hardly overlap: five standard deviations.
  assert.ok(labels.filter((label, row) => label === predicted[row]).length > 590);
});

test('bad data gives an error or a warning, never a NaN', async () => {
  const noise = random(3).normal(120);
  const awkward = {
    'constant column': Array.from({ length: 40 }, (_, row) => [noise[row] ?? 0, 7, noise[row + 40] ?? 0]),
    'duplicate rows': Array.from({ length: 40 }, () => [1, 2, 3]),
    'a large scale': Array.from({ length: 40 }, (_, row) => [1e8 * (noise[row] ?? 0), noise[row + 40] ?? 0, 0]),
    'far from zero': Array.from({ length: 40 }, (_, row) => [1e8 + 100 * (noise[row] ?? 0), noise[row + 40] ?? 0, 1]),
    'dependent columns': Array.from({ length: 40 }, (_, row) => [noise[row] ?? 0, 3 * (noise[row] ?? 0), 1]),
    'as many rows as components': [
      [1, 2, 3],
      [3, 4, 1],
      [5, 7, 0],
    ],
  };
  for (const kind of ['diagonal', 'isotropic'] as const)
    for (const [name, x] of Object.entries(awkward)) {
      const model = analysers({ components: 3, noise: kind, rank: 2, covarianceFloor: 0 });
      const report = await model.fit(fromArrays({ x }), fitOptions);
      const data = Float32Array.from(x.flat());
      const all = [
        await model.logProb({ data, shape: [x.length, 3] }),
        model.lowerBounds,
        (await model.sample(3)).data,
      ];
      for (const values of all) assert.ok(values.every(Number.isFinite), `${kind}, ${name}: ${values}`);
      if (name === 'duplicate rows') assert.match(report.warnings.join(), /fewer components describe the data/);
    }
});

test('ranks, noise and starts that do not fit are refused', async () => {
  assert.throws(
    () => gaussianMixture({ rank: 3 }),
    /option "rank" is 3, which says something about covariance 'low-rank' only; received covariance 'full'/,
  );
  assert.throws(
    () => gaussianMixture({ covariance: 'diagonal', noise: 'isotropic' }),
    /option "noise" says something about covariance 'low-rank' only; received covariance 'diagonal'/,
  );
  await assert.rejects(
    analysers({ components: 2, rank: 3 }).fit(threeGroupsData(), fitOptions),
    /fewer latent dimensions than features; received rank 3 and rows of 3 features\. Ask for a rank below 3/,
  );
  await assert.rejects(
    analysers({ components: 1 }).fit(fromArrays({ x: [[1], [2], [4]] }), fitOptions),
    /received rows of 1 feature\./,
  );
  const wrong: readonly (readonly [GaussianMixtureOptions, RegExp])[] = [
    [{ start: { ...start, covariances: [1, 1] } }, /takes weights, means, loadings, noiseVariances/],
    [{ start: { ...start, noiseVariances: [1, 1] } }, /2 numbers of noiseVariances; they have to be \[2, 3\]/],
    [{ start: { ...start, noiseVariances: [1, 1, 1, 1, -1, 1] } }, /is no density|not positive definite/],
    [{ covariance: 'full', rank: null, start }, /has loadings, which this covariance is not made of/],
  ];
  for (const [options, message] of wrong)
    await assert.rejects(analysers({ components: 2, rank: 2, ...options }).fit(threeGroupsData(), fitOptions), message);
  const full = analysers({ components: 1, covariance: 'full' });
  await full.fit(threeGroupsData(), fitOptions);
  assert.throws(() => full.loadings, /has no loadings/);
});
