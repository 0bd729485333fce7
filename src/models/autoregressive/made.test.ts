import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { bayesClassifier } from '../tools/index.js';
import { connectivities } from './connectivity.js';
import { type Made, type MadeConfig, made } from './made.js';
import {
  allImages,
  assertFrequencies,
  assertLooksBackOnly,
  assertSumsToOne,
  conditionalsOf,
  randomWeights,
  tinyImages,
  withRandomWeights,
} from './testing/proofs.js';

const threads = 1;
const variants: Readonly<Record<string, Partial<MadeConfig>>> = {
  'one mask': { hiddenLayers: [20] },
  'two layers, direct connections': { hiddenLayers: [16, 12], directConnections: true, activation: 'tanh' },
  'layers of several blocks': { hiddenLayers: [600, 520], directConnections: true, activation: 'tanh' },
  'several blocks in a random order': { hiddenLayers: [600], order: 'random' },
  'no layers': { hiddenLayers: [], directConnections: true },
  'nothing but biases': { hiddenLayers: [] },
  'a random order': { hiddenLayers: [20], order: 'random', activation: 'silu' },
  'three masks of one order': { hiddenLayers: [16, 12], masks: 3, activation: 'softplus' },
  'four masks of four orders': { hiddenLayers: [16], masks: 4, orderings: 4, activation: 'elu' },
  classes: { hiddenLayers: [20], conditional: true, activation: 'sigmoid' },
};

for (const [name, options] of Object.entries(variants))
  test(`${name}: the probabilities of all images add up to one, and samples are as frequent`, async () => {
    const model = withRandomWeights(made(options));
    await assertSumsToOne(model);
    // Wide layers take longer to draw from.
    await assertFrequencies(model, (options.hiddenLayers?.[0] ?? 0) > 100 ? 3000 : 20_000);
    await model.dispose();
  });

for (const options of [
  { hiddenLayers: [20] },
  { hiddenLayers: [12, 12], weightDecay: 0.1, ema: 0.9 },
  { hiddenLayers: [12], masks: 3, orderings: 3 },
])
  test(`trained: ${JSON.stringify(options)}`, async () => {
    const model = made({ ...options, learningRate: 0.02 });
    const { history } = await model.fit(tinyImages, { steps: 300, batchSize: 30, seed: 3, threads, logEvery: 50 });
    // Independent pixels would stop at their entropy, 5.0 nats.
    assert.ok(Number(history.at(-1)?.metrics.loss) < 4.2, `loss ${history.at(-1)?.metrics.loss}`);
    await assertSumsToOne(model);
    await model.dispose();
  });

test('no conditional sees its own number or a later one, and every number is seen', () => {
  const cases: readonly Partial<MadeConfig>[] = [
    { hiddenLayers: [40] },
    { hiddenLayers: [30, 40], activation: 'sigmoid' },
    { hiddenLayers: [40], order: 'random', maskSeed: 5 },
    { hiddenLayers: [], directConnections: true },
    { hiddenLayers: [600, 520], directConnections: true, order: 'random' },
    { hiddenLayers: [40, 40], masks: 3, orderings: 3, activation: 'tanh' },
  ];
  for (const options of cases) {
    const { config } = made(options);
    const size = 9;
    const orders = connectivities({ ...config, size, seed: config.maskSeed }).map(({ order }) => order);
    for (const [view, order] of orders.entries()) assertLooksBackOnly(made(options).networkFor(size, 0), order, view);
  }
});

test('several orders are averaged in probabilities of whole rows', async () => {
  const model = withRandomWeights(made({ hiddenLayers: [16], masks: 4, orderings: 4 }));
  const network = model.networkFor(9, 0);
  const rows = { shape: [512, 9], data: Float64Array.from(allImages.data) };
  const each = [0, 1, 2, 3].map((view) => {
    const conditionals = conditionalsOf(network, randomWeights(network, 1), rows, view);
    return Float64Array.from({ length: 512 }, (_, row) =>
      conditionals.subarray(row * 9, (row + 1) * 9).reduce((sum, value) => sum + value, 0),
    );
  });
  const whole = await model.logProb(allImages);
  for (const [row, value] of whole.entries()) {
    const mean = each.reduce((sum, one) => sum + Math.exp(one[row] ?? 0), 0) / 4;
    assert.ok(Math.abs(Math.exp(value) / mean - 1) < 1e-5);
  }
  // Else the mean would be that of equals.
  assert.ok(Math.abs((each[0]?.[0] ?? 0) - (each[1]?.[0] ?? 0)) > 0.1);
  await model.dispose();
});

test('classes: drawn rows are those of the class, and Bayes rule gives it back', async () => {
  const model = made({ hiddenLayers: [20], conditional: true, learningRate: 0.02 });
  await model.fit(tinyImages, { steps: 400, batchSize: 30, seed: 0, threads });
  const { data } = await model.sample(200, { seed: 1, given: { label: 'right' } });
  const share = (column: number): number =>
    data.reduce((sum, value, i) => sum + (i % 3 === column ? value : 0), 0) / (200 * 3);
  assert.ok(share(2) > 0.8 && share(0) < 0.2, `${share(0)}, ${share(2)}`);
  const accuracy = await bayesClassifier(model).accuracy(tinyImages);
  assert.ok(accuracy > 0.85, `accuracy ${accuracy}`);
  await model.dispose();
});

test('classes may change from fit to fit; one without rows has no probability', async () => {
  const model = made({ hiddenLayers: [8], conditional: true, ema: 0.5 });
  await model.fit(tinyImages, { steps: 2, batchSize: 20, threads });
  await model.logProb(allImages);
  const two = fromArrays({
    x: (await tinyImages.gather([...Array(60).keys()])).x,
    shape: [3, 3, 1],
    labels: new Int32Array(60).fill(1),
    classes: ['never', 'always'],
  });
  await model.fit(two, { steps: 2, batchSize: 20, threads });
  const { values, classes } = await model.jointLogProb(allImages);
  assert.deepEqual(classes, ['never', 'always']);
  for (const [i, value] of values.entries()) assert.equal(Number.isFinite(value), i % 2 === 1);
  assert.deepEqual((await model.sample(20, { seed: 1 })).labels, new Int32Array(20).fill(1));
  await assert.rejects(model.sample(1, { given: { label: 'never' } }), /no rows of the class "never"/);
  await model.dispose();
});

test('held-out rows choose the weights and end the training', async () => {
  const model = made({ hiddenLayers: [64], learningRate: 0.05 });
  const few = fromArrays({ x: (await tinyImages.gather([...Array(40).keys()])).x, shape: [3, 3, 1] });
  const { converged, iterations, history } = await model.fit(few, {
    steps: 2000,
    batchSize: 20,
    validation: tinyImages,
    validateEvery: 20,
    patience: 3,
    threads,
  });
  assert.ok(converged && iterations < 2000);
  const best = history.reduce((least, { metrics }) => Math.min(least, metrics.validationLoss ?? least), Infinity);
  const { x } = await tinyImages.gather([...Array(300).keys()]);
  const reached = -(await model.logProb({ data: x, shape: [300, 3, 3, 1] })).reduce((a, b) => a + b, 0) / 300;
  assert.ok(Math.abs(reached - best) < 1e-4, `${reached} of ${best}`);
  await model.dispose();
});

/** Two moons of a kind: y depends on x, in units far from 1. */
const curve = (() => {
  const stream = random(2);
  const x = [...stream.normal(1000, 300, 20)].flatMap((first) => [
    first,
    0.001 * Math.sin((first - 300) / 10) + (stream.normal(1, 0, 0.0001)[0] ?? 0),
  ]);
  return fromArrays({ x: Float32Array.from(x), shape: [2], name: 'a curve' });
})();

for (const components of [1, 5])
  test(`real numbers, ${components} Gaussians: the density integrates to one and finds the curve`, async () => {
    const model = made({ output: 'gaussian', components, hiddenLayers: [32, 32], learningRate: 0.01 });
    await model.fit(curve, { steps: 500, batchSize: 100, seed: 0, threads });
    // A grid over 10 standard deviations; the integral is the sum times the area of a cell.
    const [columns, rows] = [300, 700];
    const at = (i: number, count: number, middle: number, reach: number) => middle + reach * ((2 * i + 1) / count - 1);
    const grid = Float32Array.from({ length: columns * rows * 2 }, (_, i) => {
      const cell = Math.floor(i / 2);
      return i % 2 === 0 ? at(cell % columns, columns, 300, 140) : at(Math.floor(cell / columns), rows, 0, 0.006);
    });
    const area = (280 / columns) * (0.012 / rows);
    const logProb = await model.logProb({ data: grid, shape: [columns * rows, 2] });
    const integral = logProb.reduce((sum, value) => sum + Math.exp(value) * area, 0);
    assert.ok(Math.abs(integral - 1) < 1e-3, `integral ${integral}`);
    // Samples lie on the curve.
    const { data } = await model.sample(501, { seed: 1 });
    const distances = Float64Array.from({ length: 501 }, (_, i) =>
      Math.abs((data[2 * i + 1] ?? 0) - 0.001 * Math.sin(((data[2 * i] ?? 0) - 300) / 10)),
    ).sort();
    assert.ok((distances[250] ?? 1) < 0.00015, `median distance ${distances[250]}`);
    await model.dispose();
  });

test('rows and options that do not fit together are refused', async () => {
  assert.throws(() => made({ orderings: 2 }), /option "orderings" is 2. Every order needs a set of masks of its own/);
  assert.throws(() => made({ components: 2 }), /option "components" is 2. Only Gaussians are mixed/);
  const model = made({ hiddenLayers: [4] });
  await assert.rejects(model.fit(curve, { steps: 1, threads }), /Binarise the data first/);
  await model.fit(tinyImages, { steps: 1, threads });
  await assert.rejects(
    model.logProb({ data: new Float32Array(9).fill(0.5), shape: [1, 3, 3, 1] }),
    /row 0 of the rows holds 0.5.*zeros and ones/s,
  );
  await assert.rejects(model.jointLogProb(allImages), /fitted without classes/);
  await assert.rejects(model.sample(1, { given: { label: 'left' } }), /fitted without classes/);
  await model.dispose();
});

test('constant columns of real numbers are warned of', async () => {
  const { x: rows } = await curve.gather([...Array(100).keys()]);
  const x = rows.map((value, i) => (i % 2 === 0 ? value : 7));
  const model: Made = made({ output: 'gaussian', hiddenLayers: [4] });
  const { warnings } = await model.fit(fromArrays({ x, shape: [2] }), { steps: 2, batchSize: 10, threads });
  assert.match(warnings.join(), /1 of 2 columns are constant/);
  await model.dispose();
});
