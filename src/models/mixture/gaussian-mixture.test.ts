import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gatherAll } from '../../data/dataset.js';
import { type Dataset, fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import type { FitOptions } from '../contract.js';
import { type GaussianMixture, type GaussianMixtureOptions, gaussianMixture } from './gaussian-mixture.js';
import { threeGroups, threeGroupsData, twoGaussians } from './points.test.support.js';

const models: GaussianMixture[] = [];
after(async () => {
  for (const model of models) await model.dispose();
});

function mixture(options: GaussianMixtureOptions): GaussianMixture {
  const model = gaussianMixture(options);
  models.push(model);
  return model;
}

const fitOptions: FitOptions = { seed: 0, threads: 1 };
const rows = { data: threeGroups, shape: [240, 3] };
const means = [0, 1, 2].map((row) => Array.from(threeGroups.subarray(row * 3, row * 3 + 3)));
const identity = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

function assertNear(received: number, wanted: number, tolerance: number): void {
  assert.ok(Math.abs(received - wanted) <= tolerance * Math.abs(wanted), `${received} instead of ${wanted}`);
}

// n = np.arange(240)
// X = np.stack([(n*37%101)/25+(n%3)*3, (n*53%97)/30-(n%3)*2, (n*71%89)/40+(n%2)*1.5], 1).astype(np.float32).astype(np.float64)
// given = dict(covariance_type=kind, means_init=X[:3], weights_init=[.5, .3, .2], precisions_init=<identity>)
// GaussianMixture(3, tol=0, max_iter=5, **given).fit(X).lower_bounds_
// g = GaussianMixture(3, tol=1e-9, max_iter=500, **given).fit(X); g.n_iter_, g.score(X), g.aic(X), g.bic(X), g.weights_[0]
// scikit-learn 1.9.1
const references = [
  {
    covariance: 'full',
    covariances: [identity, identity, identity],
    bounds: [-7.234511965716235, -5.344289513721304, -5.327197954509034, -5.320381350085219, -5.316364988881956],
    end: {
      iterations: 170,
      score: -5.30295290219784,
      aic: 2603.417393054963,
      bic: 2704.355921831881,
      weight: 0.26809744,
    },
  },
  {
    covariance: 'tied',
    covariances: identity,
    bounds: [-7.234511965716235, -5.423853447125596, -5.383438266719427, -5.364846363351098, -5.352027053659166],
    end: {
      iterations: 37,
      score: -5.312471179767504,
      aic: 2583.9861662884023,
      bic: 2643.1570279852162,
      weight: 0.33567862,
    },
  },
  {
    covariance: 'diagonal',
    covariances: [
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ],
    bounds: [-7.234511965716235, -5.415937894878123, -5.363114059193735, -5.3459561067517125, -5.336332112893576],
    end: {
      iterations: 42,
      score: -5.311721572982048,
      aic: 2589.626355031383,
      bic: 2659.2391334982226,
      weight: 0.33253951,
    },
  },
  {
    covariance: 'spherical',
    covariances: [1, 1, 1],
    bounds: [-7.234511965716235, -5.459797754557287, -5.388708821141841, -5.366413978817991, -5.355674166469831],
    end: {
      iterations: 41,
      score: -5.3417192405195815,
      aic: 2592.025235449399,
      bic: 2640.754180376187,
      weight: 0.33460441,
    },
  },
] as const;

for (const { covariance, covariances, bounds, end } of references) {
  const start = { means, weights: [0.5, 0.3, 0.2], covariances: covariances.map((part) => structuredClone(part)) };
  const options = { components: 3, covariance, start };

  test(`${covariance}: the same numbers as scikit-learn from the same start`, async () => {
    const model = mixture({ ...options, tolerance: 0, maxIterations: 5 });
    const report = await model.fit(threeGroupsData(), fitOptions);
    assert.equal(report.converged, false);
    assert.match(report.warnings[0] ?? '', /did not converge in 5 iterations\. Try another start, raise maxIterations/);
    assert.equal(model.lowerBounds.length, bounds.length);
    // Both sum in float64; five iterations let rounding grow a little.
    for (const [i, bound] of bounds.entries()) assertNear(model.lowerBounds[i] ?? 0, bound, 1e-10);
  });

  test(`${covariance}: converges to the same mixture as scikit-learn, and the bound never decreases`, async () => {
    const model = mixture({ ...options, tolerance: 1e-9, maxIterations: 500 });
    const report = await model.fit(threeGroupsData(), fitOptions);
    assert.equal(report.converged, true);
    assert.equal(report.iterations, end.iterations);
    assert.deepEqual(report.warnings, []);
    for (const [i, bound] of model.lowerBounds.entries())
      assert.ok(bound >= (model.lowerBounds[i - 1] ?? -Infinity) - 1e-9 * Math.abs(bound));
    const logProb = await model.logProb(rows);
    assertNear(logProb.reduce((a, b) => a + b, 0) / 240, end.score, 1e-8);
    assertNear(await model.aic(rows), end.aic, 1e-8);
    assertNear(await model.bic(rows), end.bic, 1e-8);
    assertNear(Number(model.weights.data[0]), end.weight, 1e-5);
    const { values, columns } = await model.predictProba(rows);
    assert.equal(columns, 3);
    for (let row = 0; row < 240; row++)
      assert.ok(Math.abs(values.subarray(row * 3, row * 3 + 3).reduce((a, b) => a + b, 0) - 1) < 1e-12);
  });

  test(`${covariance}: recovers the Gaussians that data was drawn from, and draws such data`, async () => {
    const data = twoGaussians(4000);
    const model = mixture({ components: 2, covariance, tolerance: 1e-6 });
    await model.fit(data, fitOptions);
    const order = Number(model.means.data[0]) < 0 ? [0, 1] : [1, 0];
    const left = order[0] ?? 0;
    // Standard errors are about 0.008 for the weight and 0.03 for the means.
    assert.ok(Math.abs(Number(model.weights.data[left]) - 0.3) < 0.03);
    for (const [place, wanted] of [-2, 1, 3, 0].entries()) {
      const component = order[Math.floor(place / 2)] ?? 0;
      assert.ok(Math.abs(Number(model.means.data[component * 2 + (place % 2)]) - wanted) < 0.12);
    }
    if (covariance === 'diagonal')
      for (const [place, wanted] of [0.25, 1, 1, 0.09].entries()) {
        const component = order[Math.floor(place / 2)] ?? 0;
        // The standard error of a variance is its value times sqrt(2 / 1200), 4 %.
        assert.ok(Math.abs(Number(model.covariances.data[component * 2 + (place % 2)]) / wanted - 1) < 0.16);
      }
    const { data: drawn, labels } = await model.sample(4000, { seed: 3 });
    let sum = 0;
    let count = 0;
    for (const [row, label] of (labels ?? []).entries()) {
      if (label !== left) continue;
      sum += drawn[row * 2] ?? 0;
      count += 1;
    }
    assert.ok(Math.abs(count / 4000 - Number(model.weights.data[left])) < 0.03);
    assert.ok(Math.abs(sum / count - Number(model.means.data[left * 2])) < 0.12);
  });
}

test('full: samples have the covariance of the component', async () => {
  const noise = random(5).normal(3000 * 2);
  const x = noise.map((value, index) => (index % 2 === 0 ? value : 0.8 * (noise[index - 1] ?? 0) + 0.6 * value));
  const model = mixture({ components: 1, covariance: 'full' });
  await model.fit(fromArrays({ x, shape: [2] }), fitOptions);
  const { data } = await model.sample(3000, { seed: 1 });
  let product = 0;
  for (let row = 0; row < 3000; row++) product += ((data[row * 2] ?? 0) * (data[row * 2 + 1] ?? 0)) / 3000;
  // The correlation is 0.8; its estimates' standard errors are about 0.02.
  assert.ok(Math.abs(product - 0.8) < 0.1, `${product}`);
});

test('float32 products give the same mixture to single precision', async () => {
  const options = { components: 3, covariance: 'full', tolerance: 1e-4, maxIterations: 20 } as const;
  const [double, single] = [mixture(options), mixture({ ...options, precision: 'float32' })];
  await double.fit(threeGroupsData(), fitOptions);
  await single.fit(threeGroupsData(), fitOptions);
  for (const [i, mean] of double.means.data.entries()) assertNear(Number(single.means.data[i]), Number(mean), 1e-3);
});

/** 20000 rows of 64 numbers in three groups, enough for float32 to be considered. */
function largeData(apart: number, spread: number): Dataset {
  const noise = random(3).normal(20_000 * 64);
  const x = noise.map((value, index) => {
    const [group, d] = [Math.floor(index / 64) % 3, index % 64];
    return spread * value * (1 + ((group + d) % 3)) + apart * group;
  });
  return fromArrays({ x, shape: [64], name: 'large' });
}

for (const [name, apart, spread] of [
  ['groups that overlap', 0.3, 1],
  ['groups far from each other and from zero', 500, 1],
  ['groups 100000 deviations apart', 100, 1e-3],
] as const)
  for (const covariance of ['diagonal', 'spherical', 'tied', 'full'] as const)
    test(`${covariance}, ${name}: float32 is taken where it loses nothing, else float64`, async () => {
      const data = largeData(apart, spread);
      const options = { components: 3, covariance, start: 'k-means++', maxIterations: 3, tolerance: 0 } as const;
      const bounds: (readonly number[])[] = [];
      for (const precision of ['float64', 'auto'] as const) {
        const model = mixture({ ...options, precision });
        await model.fit(data, fitOptions);
        bounds.push(model.lowerBounds);
      }
      // Rounding below 2^-12 nats in a row, which averages out over rows: far below a millionth of 60 to 200 nats.
      for (const [i, wanted] of (bounds[0] ?? []).entries())
        assert.ok(
          Math.abs((bounds[1]?.[i] ?? 0) - wanted) < 1e-6 * Math.abs(wanted),
          `${bounds[1]?.[i]} for ${wanted}`,
        );
    });

test('the best of several starts is kept, and every iteration of all is reported', async () => {
  const model = mixture({ components: 4, covariance: 'diagonal', start: 'random', restarts: 3 });
  const told: number[] = [];
  const report = await model.fit(threeGroupsData(), {
    ...fitOptions,
    observer: { onMetrics: ({ step }) => void told.push(step) },
  });
  assert.equal(report.history.length, report.iterations);
  assert.deepEqual(
    told,
    report.history.map(({ step }) => step),
  );
  const last = new Map(report.history.map(({ metrics }) => [metrics.restart, metrics['lower bound'] ?? 0]));
  assert.equal(last.size, 3);
  assert.equal(model.lowerBounds.at(-1), Math.max(...last.values()));
});

test('a warm start goes on where the first fit ended', async () => {
  const options = { components: 3, covariance: 'diagonal', tolerance: 0, maxIterations: 6 } as const;
  const whole = mixture({ ...options, maxIterations: 12 });
  await whole.fit(threeGroupsData(), fitOptions);
  const model = mixture({ ...options, warmStart: true });
  await model.fit(threeGroupsData(), fitOptions);
  await model.fit(threeGroupsData(), fitOptions);
  assert.deepEqual(model.means.data, whole.means.data);
  await assert.rejects(model.fit(twoGaussians(50), fitOptions), /With warmStart, the data has to be like/);
});

test('an abort keeps what was learnt so far', async () => {
  const stop = new AbortController();
  const model = mixture({ components: 3, tolerance: 0, maxIterations: 1000 });
  const report = await model.fit(threeGroupsData(), {
    ...fitOptions,
    signal: stop.signal,
    observer: { onProgress: ({ step }) => void (step === 4 && stop.abort()) },
  });
  assert.deepEqual([report.stoppedBecause, report.converged, report.iterations], ['aborted', false, 4]);
  assert.ok((await model.logProb(rows)).every(Number.isFinite));
});

test('one mixture per class: joint densities, classes of rows and rows of a class', async () => {
  const data = twoGaussians(600);
  const model = gaussianMixture({ components: 2, covariance: 'diagonal', perClass: true });
  models.push(model);
  await model.fit(data, fitOptions);
  assert.deepEqual(model.labels, ['left', 'right']);
  assert.deepEqual(model.means.shape, [2, 2, 2]);
  const { x, labels = [] } = await gatherAll(data);
  const samples = { data: x, shape: [600, 2] };
  const { values, classes } = await model.jointLogProb(samples);
  assert.deepEqual(classes, ['left', 'right']);
  const logProb = await model.logProb(samples);
  for (let row = 0; row < 600; row++)
    assert.ok(
      Math.abs(Math.log(Math.exp(values[row * 2] ?? 0) + Math.exp(values[row * 2 + 1] ?? 0)) - (logProb[row] ?? 0)) <
        1e-9,
    );
  const predicted = await model.predict(samples);
  // The classes hardly overlap: five standard deviations.
  assert.ok(labels.filter((label, row) => label === predicted[row]).length > 590);
  const drawn = await model.sample(50, { seed: 1, given: { label: 'right' } });
  assert.ok((await model.predict(drawn)).filter((label) => label === 1).length >= 49);
  await assert.rejects(model.sample(1, { given: { label: 'top' } }), /the classes are left, right/);
  await assert.rejects(model.fit(threeGroupsData(), fitOptions), /needs labels, but "three groups" has none/);
});
