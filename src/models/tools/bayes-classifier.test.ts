import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, DatasetError, NotFittedError, VerisimError } from '../../core/errors.js';
import { fromArrays, gatherAll } from '../../data/index.js';
import type { HasJointDensity, Samples } from '../contract.js';
import { bayesClassifier } from './bayes-classifier.js';
import { samplesOf } from './rows.js';
import { BoundedGaussian, ExactGaussian } from './testing/exact-gaussian.js';

// i = np.arange(60); x = np.stack([np.sin(i) + i % 3, np.cos(2 * i) * (1 + i % 3)], 1).astype(np.float32); y = i % 3; y[:12] = 0
const x = Float32Array.from({ length: 120 }, (_, at) => {
  const i = at >> 1;
  return at % 2 === 0 ? Math.sin(i) + (i % 3) : Math.cos(2 * i) * (1 + (i % 3));
});
const labels = Int32Array.from({ length: 60 }, (_, i) => (i < 12 ? 0 : i % 3));
const classes = ['ant', 'bee', 'cat'];
const data = fromArrays({ x, shape: [2], labels, classes, name: 'insects' });

const near = (actual: number | undefined, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < tolerance * Math.max(1, Math.abs(expected)), `${actual}`);

async function fitted(options: Parameters<typeof bayesClassifier>[1] = {}) {
  const classifier = bayesClassifier(() => new ExactGaussian(), options);
  await classifier.fit(data);
  return classifier;
}

test("a Gaussian per class is scikit-learn's Gaussian naive Bayes", async () => {
  const classifier = await fitted();
  const { values } = await classifier.predictLogProba(data);
  // m = sklearn.naive_bayes.GaussianNB(var_smoothing=0).fit(x.astype(float), y); m.predict_log_proba(x.astype(float))[[0, 13, 59]]
  const expected = [
    [0, [-0.3655207874401367, -1.194956135757745, -5.670090997768351]],
    [13, [-1.6215225652533478, -0.7616797895078324, -1.092071088912502]],
    [59, [-1.7985264399632372, -2.5231416235096846, -0.2820312354949328]],
  ] as const;
  for (const [row, logs] of expected) for (const [label, value] of logs.entries()) near(values[row * 3 + label], value);
  // m.predict_log_proba(x.astype(float)).sum()
  near(
    values.reduce((a, b) => a + b, 0),
    -379.6620252150641,
  );
  // m.predict_joint_log_proba(x.astype(float))[13]
  const joint = await classifier.jointLogProb(await samplesOf(data, [13]));
  for (const [label, value] of [-4.445207528853988, -3.5853647531084727, -3.9157560525131423].entries())
    near(joint.values[label], value);
  // m.score(x, y)
  near(await classifier.accuracy(data), 0.7333333333333333);
  assert.equal(classifier.quantity, 'log-density');
  assert.deepEqual(classifier.classes, classes);
});

test('priors: the same for all, or given', async () => {
  // GaussianNB(var_smoothing=0, priors=[1/3] * 3).fit(x.astype(float), y).predict_log_proba(x.astype(float))[13]
  const expected = [-2.092651679027503, -0.6731931153465651, -1.0035844147512347];
  for (const priors of ['uniform', [1 / 3, 1 / 3, 1 / 3]] as const) {
    const { values } = await (await fitted({ priors })).predictLogProba(await samplesOf(data, [13]));
    for (const [label, value] of expected.entries()) near(values[label], value);
  }
  const only = await fitted({ priors: [0, 1, 0] });
  assert.deepEqual([...(await only.predict(data))], new Array(60).fill(1));
  assert.deepEqual([...(await only.predictProba(await samplesOf(data, [3]))).values], [0, 1, 0]);
});

test('probabilities add up to one, however far away a row is', async () => {
  const classifier = await fitted();
  const far: Samples = { data: Float32Array.of(1e6, 0, -1e15, 1e15, 0, 0), shape: [3, 2] };
  const { values } = await classifier.predictProba(far);
  for (let row = 0; row < 3; row++)
    near(
      values.subarray(3 * row, 3 * row + 3).reduce((a, b) => a + b, 0),
      1,
      1e-12,
    );
  // m.predict_log_proba([[1e6, 0]])
  const logs = await classifier.predictLogProba({ data: far.data.slice(0, 2), shape: [1, 2] });
  for (const [label, value] of [0, -676988431908.5193, -898426022858.6575].entries()) near(logs.values[label], value);
});

test('samples in memory and data sets, in one part or many, are classified alike', async () => {
  const classifier = await fitted();
  const all = await classifier.predict(data);
  const { x: rows } = await gatherAll(data);
  assert.deepEqual(await classifier.predict({ data: rows, shape: [60, 2] }), all);
  // So many rows that a data set is gone through in several parts.
  const many = fromArrays({ x: Float32Array.from({ length: 20_000 }, (_, i) => x[i % 120] ?? 0), shape: [2] });
  const done: number[] = [];
  const { values } = await classifier.predictLogProba(many, { onProgress: (rowsDone) => void done.push(rowsDone) });
  assert.deepEqual(done, [4096, 8192, 10_000]);
  assert.deepEqual(values.slice(0, 180), (await classifier.predictLogProba(data)).values);
  assert.deepEqual(values.slice(3 * 9960, 3 * 10_000), values.slice(0, 3 * 40));
});

test('fitted models by name, and models that have only a bound', async () => {
  const models: Record<string, BoundedGaussian> = {};
  for (const [label, name] of classes.entries()) {
    const rows = [...labels.keys()].filter((row) => labels[row] === label);
    models[name] = new BoundedGaussian();
    await models[name].fit(fromArrays({ x: (await data.gather(rows)).x, shape: [2] }));
  }
  const classifier = bayesClassifier(models);
  const exact = await fitted({ priors: 'uniform' });
  // Each bound is half a nat low, which Bayes' rule cancels.
  const { values } = await classifier.predictLogProba(data);
  const expected = (await exact.predictLogProba(data)).values;
  for (const [i, value] of expected.entries()) near(values[i], value);
  assert.equal(classifier.quantity, 'elbo');
  const mixed = bayesClassifier({ ant: new ExactGaussian(), bee: models.bee ?? new BoundedGaussian() });
  await assert.rejects(mixed.predict(data), NotFittedError);
  const ant = new ExactGaussian();
  await ant.fit(data);
  await assert.rejects(
    bayesClassifier({ ant, bee: models.bee ?? new BoundedGaussian() }).predict(data),
    (error) => error instanceof ConfigError && /log-density and elbo, which cannot be compared/.test(error.message),
  );
});

test('one model of rows and classes', async () => {
  const joint: HasJointDensity = {
    jointLogProb: async ({ shape: [count = 0] }) => ({
      values: Float64Array.from({ length: 2 * count }, (_, i) => (i < 2 ? Number.NEGATIVE_INFINITY : -1000 - (i % 2))),
      classes: ['a', 'b'],
    }),
  };
  const classifier = bayesClassifier(joint);
  assert.throws(() => classifier.classes, NotFittedError);
  const { values } = await classifier.predictLogProba({ data: new Float32Array(2), shape: [2, 1] });
  // A row that is impossible under every class says nothing; the second one is e times likelier of the first class.
  const [undecided, , a, b] = values;
  near(undecided, Math.log(1 / 2));
  near(a, -Math.log(1 + Math.exp(-1)), 1e-12);
  near(b, -1 - Math.log(1 + Math.exp(-1)), 1e-12);
  assert.deepEqual(classifier.classes, ['a', 'b']);
  assert.throws(() => bayesClassifier(joint, { priors: 'uniform' }), /has its own priors/);
  await assert.rejects(classifier.fit(data), /made of fitted models/);
});

test('labels are compared by class names, and classes only the data has are always missed', async () => {
  const classifier = await fitted();
  const renamed = fromArrays({
    x,
    shape: [2],
    // cat, ant, dog: the data's own numbers, with bees called dogs.
    labels: labels.map((label) => [1, 2, 0][label] ?? 0),
    classes: ['cat', 'ant', 'dog'],
  });
  const { accuracy, perClass, matrix } = await classifier.evaluate(renamed);
  const plain = await classifier.evaluate(data);
  assert.deepEqual(
    perClass.map(({ name, rows }) => [name, rows]),
    [
      ['ant', 28],
      ['bee', 0],
      ['cat', 16],
      ['dog', 16],
    ],
  );
  assert.deepEqual(perClass[0]?.recall, plain.perClass[0]?.recall);
  assert.deepEqual([perClass[3]?.recall, perClass[3]?.precision], [0, undefined]);
  assert.deepEqual(matrix[3]?.slice(0, 3), plain.matrix[1]);
  near(accuracy, ((plain.matrix[0]?.[0] ?? 0) + (plain.matrix[2]?.[2] ?? 0)) / 60);
  const foreign = fromArrays({ x, shape: [2], labels: labels.map(() => 0), classes: ['x'] });
  await assert.rejects(
    classifier.evaluate(foreign),
    (error) => error instanceof DatasetError && /have none in common/.test(error.message),
  );
});

test('a class without rows is never called, and said so; one row per class is the model’s to judge', async () => {
  const gaps = fromArrays({
    x,
    shape: [2],
    labels: labels.map((label) => 2 * label),
    classes: ['a', 'b', 'c', 'd', 'e', 'f'],
  });
  const classifier = bayesClassifier(() => new ExactGaussian());
  const { warnings, reports } = await classifier.fit(gaps);
  assert.deepEqual(Object.keys(reports), ['a', 'c', 'e']);
  assert.equal(warnings.length, 3);
  assert.match(warnings[0] ?? '', /no rows of class "b"/);
  const { values } = await classifier.predictProba(gaps);
  for (let row = 0; row < 60; row++) assert.deepEqual([values[6 * row + 1], values[6 * row + 3]], [0, 0]);
  const lonely = fromArrays({ x: [[0], [1], [5]], labels: [0, 0, 1] });
  const report = await bayesClassifier(() => new ExactGaussian()).fit(lonely);
  assert.deepEqual(report.warnings, ['Class "1": A dimension is constant; set a floor.']);
});

test('the models see the rows of their class, without labels, and their devices are closed', async () => {
  const made: ExactGaussian[] = [];
  const classifier = bayesClassifier(() => {
    const model = new ExactGaussian();
    const fit = model.fit.bind(model);
    model.fit = (rows, options) => {
      assert.deepEqual([rows.labels, rows.classes], [undefined, undefined]);
      return fit(rows, options);
    };
    made.push(model);
    return model;
  });
  await classifier.fit(data);
  assert.equal(made.length, 3);
  assert.ok(made.every(({ isOpen }) => !isOpen));
  // The mean of the ants, by hand.
  const ants = [...labels.keys()].filter((row) => labels[row] === 0);
  near(made[0]?.means[0], ants.reduce((sum, row) => sum + (x[2 * row] ?? 0), 0) / ants.length);
  await classifier.predict(data);
  assert.ok(made.every(({ isOpen }) => isOpen));
  await classifier.dispose();
  assert.ok(made.every(({ isOpen }) => !isOpen));
});

test('validation rows go to the models of their classes, by name', async () => {
  const seen: number[][] = [];
  const classifier = bayesClassifier(() => {
    const model = new ExactGaussian();
    model.fit = async (_, { validation } = {}) => {
      seen.push([...(await gatherAll(validation ?? data)).x]);
      return { converged: true, iterations: 1, stoppedBecause: 'converged', history: [], warnings: [] };
    };
    return model;
  });
  // The same classes in another order.
  const heldOut = (names: readonly string[]) =>
    fromArrays({
      x: new Float32Array([1, 1, 2, 2, 3, 3]),
      shape: [2],
      labels: [0, 1, 2],
      classes: names,
      name: 'held out',
    });
  await classifier.fit(data, { validation: heldOut(['cat', 'ant', 'bee']) });
  assert.deepEqual(seen, [
    [2, 2],
    [3, 3],
    [1, 1],
  ]);
  await assert.rejects(
    bayesClassifier(() => new ExactGaussian()).fit(data, { validation: heldOut(['cat', 'ant', 'wasp']) }),
    /Class "bee" has rows in the training data and none in the validation data "held out"/,
  );
});

test('wrong priors, data without labels, and models that fail say what is wrong', async () => {
  const wrong: readonly (readonly [readonly number[], RegExp])[] = [
    [[0.5, 0.5], /2 priors were given for 3 classes/],
    [[0.5, 0.6, 0.1], /add up to 1\.2/],
    [[1.5, -0.5, 0], /from 0 up/],
    [[Number.NaN, 0.5, 0.5], /add up to NaN/],
  ];
  for (const [priors, message] of wrong)
    await assert.rejects(fitted({ priors }), (error) => error instanceof ConfigError && message.test(error.message));
  assert.throws(
    () => bayesClassifier({ a: new ExactGaussian(), b: new ExactGaussian() }, { priors: 'empirical' }),
    ConfigError,
  );
  assert.throws(() => bayesClassifier({ a: new ExactGaussian() }), /at least two/);
  const bare = fromArrays({ x, shape: [2], name: 'bare' });
  await assert.rejects(bayesClassifier(() => new ExactGaussian()).fit(bare), /"bare" has no labels/);
  await assert.rejects(bayesClassifier(() => new ExactGaussian()).predict(bare), NotFittedError);
  const gaps = fromArrays({ x, shape: [2], labels, classes: [...classes, 'dog'] });
  await assert.rejects(
    bayesClassifier(() => new ExactGaussian(), { priors: [0.25, 0.25, 0.25, 0.25] }).fit(gaps),
    /class "dog" has a prior, but no row/,
  );
  await assert.rejects(
    bayesClassifier(() => {
      const model = new ExactGaussian();
      model.fit = async () => {
        throw new ConfigError('too few rows.');
      };
      return model;
    }).fit(data),
    (error) => error instanceof ConfigError && error.message === 'Class "ant": too few rows.',
  );
  // A density that has collapsed onto a point is infinite there: no number to go by.
  const collapsed = bayesClassifier({ a: await fittedTo([[1], [1]]), b: await fittedTo([[1], [2]]) });
  await assert.rejects(
    collapsed.predict({ data: Float32Array.of(1), shape: [1, 1] }),
    (error) => error instanceof VerisimError && /score of row 0.*collapsed/.test(error.message),
  );
});

test('an aborted fit leaves what was known', async () => {
  const stop = new AbortController();
  const classifier = await fitted();
  const before = await classifier.predict(data);
  stop.abort();
  await assert.rejects(classifier.fit(data, { signal: stop.signal }), { name: 'AbortError' });
  assert.deepEqual(await classifier.predict(data), before);
});

async function fittedTo(rows: number[][]): Promise<ExactGaussian> {
  const model = new ExactGaussian();
  await model.fit(fromArrays({ x: rows }));
  return model;
}
