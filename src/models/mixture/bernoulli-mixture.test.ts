import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { type BernoulliMixture, type BernoulliMixtureOptions, bernoulliMixture } from './bernoulli-mixture.js';

const models: BernoulliMixture[] = [];
after(async () => {
  for (const model of models) await model.dispose();
});

function mixture(options: BernoulliMixtureOptions): BernoulliMixture {
  const model = bernoulliMixture(options);
  models.push(model);
  return model;
}

const probabilities = [
  [0.9, 0.8, 0.9, 0.1, 0.2, 0.1, 0.9, 0.1],
  [0.1, 0.2, 0.3, 0.9, 0.8, 0.9, 0.2, 0.8],
];
/** 60 % of the first kind. */
const x = Array.from({ length: 3000 }, (_, row) => {
  const uniform = random(2).split(row).uniform(9);
  const kind = probabilities[(uniform[8] ?? 0) < 0.6 ? 0 : 1] ?? [];
  return kind.map((probability, i) => ((uniform[i] ?? 0) < probability ? 1 : 0));
});
const data = fromArrays({ x, name: 'switches' });

test('recovers the probabilities that data was drawn from; the bound never decreases', async () => {
  for (const start of ['k-means', 'random'] as const) {
    const model = mixture({ components: 2, tolerance: 1e-8, maxIterations: 500, start });
    const report = await model.fit(data, { seed: 0, threads: 1 });
    assert.equal(report.converged, true);
    for (const [i, bound] of model.lowerBounds.entries())
      assert.ok(bound >= (model.lowerBounds[i - 1] ?? -Infinity) - 1e-9 * Math.abs(bound));
    const order = Number(model.weights.data[0]) > 0.5 ? [0, 1] : [1, 0];
    // Standard errors are about 0.012.
    assert.ok(Math.abs(Number(model.weights.data[order[0] ?? 0]) - 0.6) < 0.05);
    for (const [k, kind] of probabilities.entries())
      for (const [d, probability] of kind.entries())
        assert.ok(Math.abs(Number(model.means.data[(order[k] ?? 0) * 8 + d]) - probability) < 0.05);
  }
});

test('the probabilities of all rows add up to one', async () => {
  const model = mixture({ components: 3 });
  await model.fit(data, { seed: 0, threads: 1 });
  const all = Float32Array.from({ length: 256 * 8 }, (_, i) => (Math.floor(i / 8) >> (i % 8)) & 1);
  const logProb = await model.logProb({ data: all, shape: [256, 8] });
  assert.ok(Math.abs(logProb.reduce((total, value) => total + Math.exp(value), 0) - 1) < 1e-12);
});

test('from a given start, one iteration is what the formulas say', async () => {
  const means = [
    [0.7, 0.3],
    [0.2, 0.6],
  ];
  const few = [
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  const model = mixture({ components: 2, maxIterations: 1, smoothing: 0.5, start: { means, weights: [0.4, 0.6] } });
  await model.fit(fromArrays({ x: few }), { threads: 1 });
  const joint = few.map((row) =>
    means.map((mean, k) =>
      row.reduce((p, on, d) => p * (on ? (mean[d] ?? 0) : 1 - (mean[d] ?? 0)), k === 0 ? 0.4 : 0.6),
    ),
  );
  const logPrior = 0.5 * means.flat().reduce((sum, p) => sum + Math.log(p * (1 - p)), 0);
  const evidence = joint.map(([a = 0, b = 0]) => a + b);
  const wanted = (evidence.reduce((sum, p) => sum + Math.log(p), 0) + logPrior) / 3;
  assert.ok(Math.abs((model.lowerBounds[0] ?? 0) - wanted) < 1e-12);
  for (const k of [0, 1]) {
    const shares = joint.map((row, n) => (row[k] ?? 0) / (evidence[n] ?? 1));
    const count = shares.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(Number(model.weights.data[k]) - count / 3) < 1e-12);
    for (const d of [0, 1]) {
      const on = shares.reduce((sum, share, n) => sum + share * (few[n]?.[d] ?? 0), 0);
      assert.ok(Math.abs(Number(model.means.data[k * 2 + d]) - (on + 0.5) / (count + 1)) < 1e-12);
    }
  }
});

test('values are on above the threshold, and samples are on or off with the right frequency', async () => {
  const options = { seed: 0, threads: 1 };
  const [plain, scaled] = [mixture({ components: 2 }), mixture({ components: 2, threshold: 110 })];
  await plain.fit(data, options);
  const bytes = x.map((row) => row.map((on) => (on ? 200 : 20)));
  await scaled.fit(fromArrays({ x: bytes }), options);
  const rows = { data: Float32Array.from(x.flat()), shape: [3000, 8] };
  const byteRows = { data: Float32Array.from(bytes.flat()), shape: [3000, 8] };
  const [first, second] = [await plain.logProb(rows), await scaled.logProb(byteRows)];
  const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
  // Starts differ by rounding, and both stop within the tolerance of 1e-3 nats of the same optimum.
  assert.ok(Math.abs(mean(first) - mean(second)) < 2e-3);
  const drawn = await plain.sample(3000, { seed: 1 });
  assert.ok(drawn.data.every((value) => value === 0 || value === 1));
  const frequency = drawn.data.filter((_, i) => i % 8 === 0).reduce((a, b) => a + b, 0) / 3000;
  // 0.6 * 0.9 + 0.4 * 0.1, with a standard error of 0.009.
  assert.ok(Math.abs(frequency - 0.58) < 0.04, `${frequency}`);
});

test('features that never change, and more components than kinds, give warnings and no NaN', async () => {
  const constant = fromArrays({ x: Array.from({ length: 20 }, () => [1, 0, 1]) });
  const model = mixture({ components: 3 });
  const { warnings } = await model.fit(constant, { threads: 1 });
  assert.match(warnings.join(), /fewer components describe the data/);
  const logProb = await model.logProb({ data: Float32Array.of(1, 0, 1, 0, 1, 0), shape: [2, 3] });
  assert.ok(logProb.every(Number.isFinite) && (logProb[0] ?? 0) > (logProb[1] ?? 0));
});

test('one mixture per class tells classes apart', async () => {
  const labels = x.map((row) => (row[3] === 1 ? 1 : 0));
  const labelled = fromArrays({ x, labels, classes: ['off', 'on'] });
  const model = bernoulliMixture({ components: 2, perClass: true });
  models.push(model);
  await model.fit(labelled, { threads: 1 });
  const rows = { data: Float32Array.from(x.flat()), shape: [3000, 8] };
  const predicted = await model.predict(rows);
  assert.ok(predicted.every((label, row) => label === labels[row]));
  assert.equal((await model.jointLogProb(rows)).values.length, 6000);
  const { data: drawn } = await model.sample(20, { seed: 0, given: { label: 'on' } });
  assert.ok(drawn.filter((_, i) => i % 8 === 3).reduce((a, b) => a + b, 0) >= 19);
});
