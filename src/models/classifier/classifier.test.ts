import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, DatasetError, NotFittedError, ShapeError } from '../../core/errors.js';
import { type Dataset, fromArrays, openDataset } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { load } from '../node/load.js';
import { canSample, hasPosterior } from '../tools/abilities.js';
import { classifier } from './classifier.js';
import type { ClassifierOptions } from './classifier-options.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-classifier-'));
after(() => rm(home, { recursive: true }));

const classes = ['left', 'right'];
const threads = { threads: 1, seed: 0 };

/** Points around -1 and 1: p(right | x) = 1 / (1 + exp(-2 x / s^2)) with deviation s. */
function twoGaussians(rows: number, seed: number, deviation = 1): Dataset {
  const labels = random(seed).split('labels').integers(rows, 0, 2);
  const noise = random(seed).split('noise').normal(rows, 0, deviation);
  return fromArrays({ x: noise.map((value, i) => value + (labels[i] === 1 ? 1 : -1)), shape: [1], labels, classes });
}

/** Images with a bright 2x2 square in the upper or the lower half. */
function squares(rows: number, seed: number): Dataset {
  const labels = random(seed).split('labels').integers(rows, 0, 2);
  const columns = random(seed).split('columns').integers(rows, 0, 7);
  const x = random(seed)
    .split('noise')
    .uniform(rows * 64, 0, 0.3);
  for (const [row, label] of labels.entries())
    for (const place of [0, 1, 8, 9]) x[row * 64 + (label * 4 + 1) * 8 + (columns[row] ?? 0) + place] = 1;
  return fromArrays({ x, shape: [8, 8, 1], labels, classes: ['above', 'below'] });
}

test('softmax regression of two Gaussians finds the posterior that Bayes gives', async () => {
  const model = classifier({ hiddenLayers: [], batchNorm: false, weightDecay: 0, learningRate: 0.05 });
  await model.fit(twoGaussians(20_000, 1), { ...threads, epochs: 3 });
  const x = Float32Array.of(-1, -0.3, 0, 0.5, 2);
  const { values, classes: names } = await model.predictProba({ data: x, shape: [5, 1] });
  assert.deepEqual(names, classes);
  // 20000 rows leave the slope and the offset uncertain by about 0.03.
  for (const [row, place] of x.entries())
    assert.ok(Math.abs((values[2 * row + 1] ?? 0) - 1 / (1 + Math.exp(-2 * place))) < 0.02, `${values}`);
  await model.dispose();
});

test('two moons are told apart by a curve; columns in any unit are as good', async () => {
  const [train, held] = [await openDataset('two-moons'), await openDataset('two-moons', { split: 'test' })];
  const accuracies: number[] = [];
  for (const unit of [1, 1000, 1e-9]) {
    const model = classifier({ hiddenLayers: [32, 32] });
    const scaled = (data: Dataset): Dataset => ({
      ...data,
      gather: async (indices) => {
        const batch = await data.gather(indices);
        return { ...batch, x: batch.x.map((value) => value * unit + unit) };
      },
    });
    await model.fit(scaled(train), { ...threads, steps: 300 });
    accuracies.push(await model.accuracy(scaled(held)));
    await model.dispose();
  }
  // Gaussians reach less than 0.95 here.
  for (const accuracy of accuracies) assert.ok(accuracy > 0.99, `${accuracies}`);
});

test('convolutions find a pattern wherever it is; features come with the probabilities, from the last hidden layer', async () => {
  const model = classifier({ network: 'convolutional', channels: [4, 6], pooling: 'none', hiddenLayers: [5] });
  await model.fit(squares(600, 1), { ...threads, epochs: 8, batchSize: 32 });
  const held = squares(200, 2);
  assert.ok((await model.accuracy(held)) > 0.97);
  const { x } = await held.gather(Array.from({ length: 200 }, (_, i) => i));
  const { features, probabilities } = await model.features({ data: x, shape: [200, 8, 8, 1] });
  assert.deepEqual([features.shape, model.featureWidth], [[200, 5], 5]);
  assert.deepEqual(probabilities.values, (await model.predictProba(held)).values);
  // The output layer makes the probabilities of just these features.
  const folder = join(home, 'convolutional');
  await model.save(folder);
  const again = await load(folder, hasPosterior);
  assert.deepEqual((await again.predictProba(held)).values, probabilities.values);
  assert.equal(canSample(again), false);
  await assert.rejects(
    load(folder, canSample),
    (error) =>
      error instanceof ConfigError && /is a classifier, which cannot do what is wanted here/.test(error.message),
  );
  await again.dispose();
  await model.dispose();
});

test('every option of the network is one that learns', async () => {
  const data = squares(200, 3);
  const choices: readonly ClassifierOptions[] = [
    { network: 'convolutional', channels: [4], convolutions: 1, firstStride: 2, pooling: 'none' },
    { network: 'convolutional', channels: [4], batchNorm: false, kernel: 5, pooling: 'none', dropout: 0.2 },
    { hiddenLayers: [16], activation: 'silu', labelSmoothing: 0.1, schedule: 'constant', ema: 0.9 },
  ];
  for (const options of choices) {
    const model = classifier({ ...options, learningRate: 0.01 });
    const { history } = await model.fit(data, { ...threads, epochs: 6, batchSize: 20, logEvery: 1 });
    const losses = history.flatMap(({ metrics: { loss = [] } }) => loss);
    assert.ok((losses.at(-1) ?? 1) < 0.7 * (losses[0] ?? 0), JSON.stringify(options));
    await model.dispose();
  }
});

test('label smoothing asks for the smoothed probabilities', async () => {
  // Without anything to tell rows apart by, the best loss is the entropy of the frequencies, smoothed or not; with it, 0.1 / 2 at least.
  const model = classifier({ hiddenLayers: [8], labelSmoothing: 0.1, learningRate: 0.02 });
  await model.fit(twoGaussians(2000, 5, 0.05), { ...threads, epochs: 30 });
  const { values } = await model.predictProba({ data: Float32Array.of(-1, 1), shape: [2, 1] });
  assert.ok(Math.abs((values[0] ?? 0) - 0.95) < 0.02 && Math.abs((values[3] ?? 0) - 0.95) < 0.02, `${values}`);
  await model.dispose();
});

test('validation rows choose the weights, and patience stops', async () => {
  const model = classifier({ hiddenLayers: [64, 64], weightDecay: 0, learningRate: 0.02, schedule: 'constant' });
  // Few rows that overlap: the network learns them by heart.
  const validation = twoGaussians(500, 12, 2);
  const report = await model.fit(twoGaussians(60, 11, 2), {
    ...threads,
    ...{ epochs: 400, batchSize: 20, validation, validateEvery: 10, patience: 5 },
  });
  assert.equal(report.stoppedBecause, 'converged');
  const losses = report.history.flatMap(({ metrics: { validationLoss = [] } }) => validationLoss);
  const { values } = await model.predictLogProba(validation);
  const kept = validation.labels?.reduce((sum, label, row) => sum - (values[2 * row + label] ?? 0) / 500, 0) ?? 0;
  assert.ok(Math.abs(kept - Math.min(...losses)) < 1e-4, `${kept}, ${losses}`);
  await model.dispose();
});

test('labels without names are named by their numbers', async () => {
  const { x } = await twoGaussians(40, 1).gather(Array.from({ length: 40 }, (_, i) => i));
  const data = fromArrays({ x, shape: [1], labels: Array.from({ length: 40 }, (_, i) => i % 3) });
  const model = classifier({ hiddenLayers: [4] });
  await model.fit(data, { ...threads, steps: 2, batchSize: 8 });
  assert.deepEqual(model.classes, ['0', '1', '2']);
  assert.deepEqual(
    (await model.evaluate(data)).perClass.map(({ name }) => name),
    ['0', '1', '2'],
  );
  await model.dispose();
});

test('what cannot be learnt from or answered is refused', async () => {
  const data = twoGaussians(20, 1);
  const other = fromArrays({ x: new Float32Array(4), shape: [1], labels: [0, 1, 0, 1], classes: ['right', 'left'] });
  const unlabelled = fromArrays({ x: new Float32Array(4), shape: [1], name: 'unlabelled' });
  const model = classifier({ hiddenLayers: [4] });
  await assert.rejects(model.predict({ data: new Float32Array(1), shape: [1, 1] }), NotFittedError);
  assert.throws(() => model.classes, NotFittedError);
  const fit = { ...threads, steps: 2, batchSize: 4 };
  await assert.rejects(model.fit(unlabelled, fit), (error) => error instanceof DatasetError);
  await assert.rejects(
    model.fit(data, { ...fit, validation: other }),
    (error) =>
      error instanceof DatasetError &&
      /have the classes right, left, those to learn from left, right/.test(error.message),
  );
  await assert.rejects(model.fit(data, { ...fit, validation: unlabelled }), /"unlabelled" has no labels/);
  await assert.rejects(model.fit(data, { ...fit, batchSize: 1 }), /batch normalisation compares rows of a batch/);
  await assert.rejects(
    classifier({ network: 'convolutional', channels: [2, 2, 2, 2, 2] }).fit(squares(8, 1), fit),
    (error) =>
      error instanceof ShapeError && /convolutions of 5 resolutions need images .* at least 16x16/.test(error.message),
  );
  await model.fit(data, fit);
  await assert.rejects(model.predict({ data: new Float32Array(2), shape: [1, 2] }), ShapeError);
  await assert.rejects(model.predict({ data: new Float32Array(0), shape: [0, 1] }), /no rows were given/);
  await assert.rejects(model.predict({ data: Float32Array.of(Number.NaN), shape: [1, 1] }), /row 0 holds NaN/);
  await assert.rejects(model.evaluate(unlabelled), DatasetError);
  await model.dispose();
});
