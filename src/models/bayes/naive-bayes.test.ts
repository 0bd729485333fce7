import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dataset, fromArrays, subset } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import type { Samples } from '../contract.js';
import { bayesClassifier } from '../tools/bayes-classifier.js';
import { naiveBayes } from './naive-bayes.js';

const samples = (...rows: number[][]): Samples => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]?.length ?? 0],
});

/** Equal to a relative error of 1e-12: both sides are float64 sums of a few logarithms. */
function assertNear(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs((actual[i] ?? Number.NaN) / value - 1) < 1e-12, `${actual[i]} is not ${value}`);
}

const grey = fromArrays({
  x: [
    [0.9, 0.1, 0.6, 0],
    [0.8, 0.2, 0.4, 0],
    [0.7, 0.9, 0.9, 0],
    [0.1, 0.8, 0.2, 0],
    [0, 0.9, 0.7, 0],
    [0.2, 0.6, 0.1, 0],
    [0.3, 0.1, 0.8, 0],
  ],
  labels: [0, 0, 0, 1, 1, 1, 1],
  classes: ['left', 'right'],
});
const greyRows = samples([1, 0, 1, 0], [0, 1, 0, 1], [0.5, 0.51, 0.2, 0.9]);

const categorical = fromArrays({
  x: [
    [0, 2, 1],
    [1, 0, 1],
    [0, 4, 0],
    [2, 1, 1],
    [2, 4, 0],
    [1, 1, 0],
  ],
  labels: [0, 0, 0, 1, 1, 1],
  classes: ['a', 'b'],
});

test('Bernoulli dimensions as in scikit-learn', async () => {
  const model = naiveBayes();
  await model.fit(grey);
  // BernoulliNB(alpha=1, binarize=0.5).fit(X, y).predict_joint_log_proba(Q)     # scikit-learn 1.9.1
  const expected = [
    -2.315236210547604, -4.3254562831854875, -5.898755149003714, -3.6323091026255425, -5.898755149003714,
    -3.6323091026255425,
  ];
  const { values, classes } = await model.jointLogProb(greyRows);
  assertNear(values, expected);
  assert.deepEqual(classes, ['left', 'right']);
  assertNear(
    await model.logProb(greyRows),
    [0, 2, 4].map((at) => Math.log(Math.exp(expected[at] ?? 0) + Math.exp(expected[at + 1] ?? 0))),
  );
});

test('equal priors and other smoothing as in scikit-learn', async () => {
  const model = naiveBayes({ alpha: 0.5, priors: 'uniform' });
  await model.fit(grey);
  assert.deepEqual([...model.priors], [0.5, 0.5]);
  // BernoulliNB(alpha=0.5, binarize=0.5, fit_prior=False).fit(X, y).predict_joint_log_proba(Q)
  assertNear(
    (await model.jointLogProb(greyRows)).values,
    [
      -1.9002172243004614, -4.9982127740976985, -6.81368876994307, -4.150914913710495, -6.81368876994307,
      -4.150914913710495,
    ],
  );
});

test('categorical dimensions as in scikit-learn, categories without rows included', async () => {
  const model = naiveBayes({ distribution: 'categorical' });
  await model.fit(categorical);
  const rows = samples([0, 3, 1], [2, 4, 0], [1, 2, 1]);
  // CategoricalNB(alpha=1).fit(X, y).predict_joint_log_proba(Q)
  assertNear(
    (await model.jointLogProb(rows)).values,
    [
      -3.9765615265657166, -5.480638923341991, -4.787491742782046, -3.283414346005771, -3.688879454113936,
      -4.787491742782046,
    ],
  );
  const wider = naiveBayes({ distribution: 'categorical', categories: 5, alpha: 0.25 });
  await wider.fit(categorical);
  // CategoricalNB(alpha=0.25, min_categories=5).fit(X, y).predict_joint_log_proba(Q)
  assertNear(
    (await wider.jointLogProb(rows)).values,
    [
      -4.798338058056155, -7.583349300294493, -5.973911387860393, -3.1889001456220543, -3.776686810524173,
      -5.973911387860393,
    ],
  );
});

/** All 512 binary 3x3 images. */
const binaryImages: Samples = {
  data: Float32Array.from({ length: 512 * 9 }, (_, i) => (Math.floor(i / 9) >> (i % 9)) & 1),
  shape: [512, 3, 3, 1],
};

test('the probabilities of all binary 3x3 images sum to one, with and without classes', async () => {
  const data = fromArrays({
    x: random(3).uniform(20 * 9),
    shape: [3, 3, 1],
    labels: random(4).integers(20, 0, 3),
    classes: ['a', 'b', 'c'],
  });
  for (const options of [{}, { conditional: false }, { alpha: 0 }, { priors: 'uniform', alpha: 3 }] as const) {
    const model = naiveBayes(options);
    await model.fit(data);
    const total = (await model.logProb(binaryImages)).reduce((sum, logProb) => sum + Math.exp(logProb), 0);
    assert.ok(Math.abs(total - 1) < 1e-13, String(total));
  }
});

test('the reported mean is that of the joint log-probabilities of the rows', async () => {
  for (const [data, model] of [
    [grey, naiveBayes()],
    [categorical, naiveBayes({ distribution: 'categorical', alpha: 0 })],
  ] as const) {
    const { history } = await model.fit(data);
    const { x, labels } = await data.gather(Array.from({ length: data.length }, (_, i) => i));
    const { values } = await model.jointLogProb({ data: x, shape: [data.length, ...data.exampleShape] });
    const mean = Array.from(labels ?? []).reduce((sum, label, row) => sum + (values[row * 2 + label] ?? 0), 0);
    assertNear([history[0]?.metrics.logProb ?? 0], [mean / data.length]);
  }
});

test('parts taken together are the whole, also where one knows fewer categories', async () => {
  for (const [data, options] of [
    [grey, {}],
    [categorical, { distribution: 'categorical' }],
  ] as const) {
    const whole = naiveBayes(options);
    await whole.fit(data);
    const parts = naiveBayes(options);
    const summaries = await Promise.all([
      parts.summarize(subset(data, [1, 5])),
      parts.summarize(subset(data, [0, 2])),
      parts.summarize(subset(data, data.length === 7 ? [3, 4, 6] : [3, 4])),
    ]);
    const report = await parts.fromSummaries(summaries);
    assert.equal(report.converged, true);
    assert.deepEqual(parts.summary(), whole.summary());
    // What was learnt before can be added to.
    const more = naiveBayes(options);
    await more.fromSummaries([parts.summary(), await more.summarize(data)]);
    assert.deepEqual(
      [...more.summary().counts],
      [...whole.summary().counts].map((count) => 2 * count),
    );
  }
  const model = naiveBayes();
  await assert.rejects(model.fromSummaries([]), ConfigError);
  await assert.rejects(
    model.fromSummaries([await model.summarize(grey), await model.summarize(categorical)]),
    (error) => error instanceof ShapeError && /rows of shape \[4\] and \[3\]/.test(error.message),
  );
});

test('samples have the frequencies of the model, in the classes asked for', async () => {
  const model = naiveBayes({ distribution: 'categorical' });
  await model.fit(categorical);
  const count = 20_000;
  const theta = model.probabilities().data;
  for (const [label, name] of ['a', 'b'].entries()) {
    const { data, labels } = await model.sample(count, { seed: 1, given: { label: name } });
    assert.ok(labels?.every((one) => one === label));
    // Column 1 has five categories, after the three of column 0. Three standard deviations of a frequency are below 0.011.
    for (let category = 0; category < 5; category++) {
      let seen = 0;
      for (let row = 0; row < count; row++) if (data[row * 3 + 1] === category) seen += 1;
      assert.ok(Math.abs(seen / count - (theta[label * 10 + 3 + category] ?? 0)) < 0.011);
    }
  }
  const { labels } = await naiveBayesOf(grey).then((one) => one.sample(count, { seed: 2 }));
  const right = Array.from(labels ?? []).reduce((sum, label) => sum + label, 0) / count;
  assert.ok(Math.abs(right - 4 / 7) < 0.011);
});

async function naiveBayesOf(data: Dataset) {
  const model = naiveBayes();
  await model.fit(data);
  return model;
}

test('Bernoulli samples are 0 or 1, and means where means are asked for', async () => {
  const model = await naiveBayesOf(grey);
  const { data, labels } = await model.sample(50, { seed: 1 });
  assert.ok(data.every((value) => value === 0 || value === 1));
  const means = await model.sample(50, { seed: 1, means: true });
  assert.deepEqual(means.labels, labels);
  // theta of the class 'left': (3 + 1) / (3 + 2), (1 + 1) / 5, (2 + 1) / 5, 1 / 5.
  const left = means.labels?.indexOf(0) ?? 0;
  assert.deepEqual(means.data.slice(left * 4, left * 4 + 4), Float32Array.of(4 / 5, 2 / 5, 3 / 5, 1 / 5));
  assert.deepEqual(model.classMeans().data.slice(0, 4), Float32Array.of(4 / 5, 2 / 5, 3 / 5, 1 / 5));
});

test('what was never seen is unlikely with smoothing, impossible without, never NaN', async () => {
  const smooth = naiveBayes({ distribution: 'categorical' });
  await smooth.fit(categorical);
  // A category beyond all known counts like a known one without rows.
  const beyond = await smooth.jointLogProb(samples([0, 3, 0], [0, 99, 0]));
  assert.deepEqual(beyond.values.slice(0, 2), beyond.values.slice(2));
  const exact = naiveBayes({ distribution: 'categorical', alpha: 0 });
  await exact.fit(categorical);
  assert.deepEqual([...(await exact.logProb(samples([0, 3, 0], [0, 99, 0])))], [-Infinity, -Infinity]);
});

test('columns that do not vary are told of', async () => {
  const { warnings } = await naiveBayes().fit(grey);
  assert.match(warnings.join(), /^1 of 4 columns never vary after the threshold \(3\)/);
  const { warnings: all } = await naiveBayes({ threshold: 5 }).fit(grey);
  assert.match(all.join(), /same side of the threshold 5\. Set threshold/);
});

test('what is no category is named by row and column', async () => {
  const numbers = fromArrays({
    x: [
      [1, 0],
      [0, 2.5],
    ],
  });
  const model = naiveBayes({ distribution: 'categorical' });
  await assert.rejects(
    model.fit(numbers),
    (error) => error instanceof ConfigError && /column 1 of row 1 is 2\.5; categories are whole/.test(error.message),
  );
  await assert.rejects(model.fit(fromArrays({ x: [[-1]] })), /column 0 of row 0 is -1/);
  await assert.rejects(model.fit(fromArrays({ x: [[0, 2 ** 29]] })), /column 1 alone has 536870913 categories/);
  await model.fit(categorical);
  await assert.rejects(model.logProb(samples([0, 1.5, 0])), /column 1 of row 0 is 1\.5/);
});

test('rows of bytes give the same model and the same answers as their numbers', async () => {
  const bytes = Uint8Array.from({ length: 700 * 9 }, (_, i) => (i * i * 31 + 7 * i) % 256);
  const labels = Int32Array.from({ length: 700 }, (_, row) => (row < 600 ? 0 : row % 3));
  const common = { shape: [3, 3, 1], labels, classes: ['a', 'b', 'c'] };
  const images = fromArrays({ ...common, x: bytes });
  const numbers = fromArrays({ ...common, x: Float32Array.from(bytes, (byte) => byte / 255) });
  for (const options of [{}, { threshold: 0 }, { threshold: 0.31 }, { alpha: 0 }]) {
    const [ofBytes, ofNumbers] = [naiveBayes(options), naiveBayes(options)];
    await ofBytes.fit(images);
    await ofNumbers.fit(numbers);
    assert.deepEqual(ofBytes.summary(), ofNumbers.summary());
    const [a, b] = [bayesClassifier(ofBytes), bayesClassifier(ofNumbers)];
    assert.deepEqual((await a.predictLogProba(images)).values, (await b.predictLogProba(numbers)).values);
  }
});
