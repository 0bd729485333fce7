import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { type Dataset, fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import type { Samples } from '../contract.js';
import { load } from '../node/load.js';
import { bayesClassifier } from '../tools/bayes-classifier.js';
import { logSumExp } from '../tools/posterior.js';
import { ConditionalVae } from './conditional-vae.js';
import { vae } from './vae.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-conditional-vae-'));
after(() => rm(home, { recursive: true }));

/** Rows of 12: those of "left" are bright in the first half, those of "right", a quarter of all, in the second. */
function sides(seed: number, count = 400): Dataset {
  const stream = random(seed);
  const labels = stream
    .split('labels')
    .integers(count, 0, 4)
    .map((value) => Number(value === 3));
  const noise = stream.split('noise').uniform(count * 12);
  const x = Float32Array.from({ length: count * 12 }, (_, i) => {
    const isBright = Number(i % 12 >= 6) === labels[Math.floor(i / 12)];
    return Number((noise[i] ?? 0) < (isBright ? 0.8 : 0.1));
  });
  return fromArrays({ x, shape: [12], labels, classes: ['left', 'right'], name: 'sides' });
}

async function rowsOf(data: Dataset): Promise<Samples & { readonly labels: Int32Array }> {
  const { x, labels } = await data.gather(Array.from({ length: data.length }, (_, i) => i));
  return { data: x, shape: [data.length, ...data.exampleShape], labels: labels ?? new Int32Array() };
}

async function fitted(): Promise<ConditionalVae> {
  const model = vae({ conditional: true, latentSize: 2, hiddenLayers: [16], learningRate: 0.01 });
  await model.fit(sides(1), { epochs: 15, batchSize: 50, seed: 0, threads: 1 });
  return model;
}

test('a class can be asked for, and is what is drawn', async () => {
  const model = await fitted();
  assert.deepEqual(model.labels, ['left', 'right']);
  for (const [number, label] of model.labels.entries()) {
    const { data, labels } = await model.sample(50, { seed: 1, given: { label } });
    assert.deepEqual(labels, new Int32Array(50).fill(number));
    const brightIn = (from: number) =>
      data.filter((_, i) => i % 12 >= from && i % 12 < from + 6).reduce((a, b) => a + b, 0);
    assert.ok(brightIn(0) > brightIn(6) === (label === 'left'));
  }
  await assert.rejects(model.sample(1, { given: { label: 'top' } }), /Unknown class "top".*Known: left, right/);
  // Without one, classes are drawn with the shares of the data, and the first rows are those of a smaller count.
  const many = await model.sample(1000, { seed: 2 });
  const share = (many.labels ?? new Int32Array()).reduce((sum, label) => sum + label, 0) / 1000;
  assert.ok(Math.abs(share - 0.25) < 0.05, `${share}`);
  assert.deepEqual((await model.sample(5, { seed: 2 })).labels, many.labels?.slice(0, 5));
  assert.ok(Math.abs(model.priors.reduce((sum, prior) => sum + prior, 0) - 1) < 1e-6);
  await model.dispose();
});

test("bounds per class classify by Bayes' rule, and add up to the bound on the row", async () => {
  const model = await fitted();
  const held = sides(2, 200);
  const rows = await rowsOf(held);
  const { values, classes, kind } = await model.logProbBoundPerClass(rows, { samples: 20 });
  assert.deepEqual([classes, kind], [['left', 'right'], 'importance']);
  const whole = await model.logProbBound(rows, { samples: 20 });
  for (const [row, value] of whole.values.entries()) {
    const joint = model.priors.map((prior, y) => Math.log(prior) + (values[2 * row + y] ?? 0));
    assert.ok(Math.abs(logSumExp(joint) - value) < 1e-9);
  }
  const classifier = bayesClassifier(model.perClass(), { priors: [...model.priors], samples: 20 });
  const accuracy = await classifier.accuracy(held);
  assert.equal(classifier.quantity, 'importance');
  assert.ok(accuracy > 0.95, `${accuracy}`);
  await model.dispose();
});

test('codes go with labels, and a way between two classes changes the class as well', async () => {
  const model = await fitted();
  const rows = await rowsOf(sides(2, 40));
  const codes = await model.encode(rows);
  assert.deepEqual([codes.shape, codes.labels], [[40, 2], rows.labels]);
  const kept = await model.reconstruct(rows);
  assert.deepEqual(kept.labels, rows.labels);
  const pick = (label: number): Samples => {
    const row = rows.labels.indexOf(label);
    return { data: rows.data.slice(12 * row, 12 * row + 12), shape: [1, 12], labels: Int32Array.of(label) };
  };
  const [a, b] = [pick(0), pick(1)];
  const way = await model.interpolate(a, b, 3);
  assert.deepEqual(way.shape, [3, 12]);
  for (const [end, rowsAtEnd] of [
    [0, a],
    [2, b],
  ] as const) {
    const { data } = await model.reconstruct(rowsAtEnd);
    for (const [i, value] of data.entries()) assert.ok(Math.abs(value - (way.data[12 * end + i] ?? 0)) < 1e-5);
  }
  const unlabelled = { data: rows.data, shape: rows.shape };
  await assert.rejects(
    model.encode(unlabelled),
    (error) => error instanceof ConfigError && /give labels/.test(error.message),
  );
  await assert.rejects(model.encode({ ...unlabelled, labels: new Int32Array(40).fill(2) }), /The label 2 is none of/);
  await model.dispose();
});

test('a saved model knows its classes and their shares', async () => {
  const model = await fitted();
  await model.save(join(home, 'model'));
  const again = await load(join(home, 'model'));
  assert.ok(again instanceof ConditionalVae);
  assert.deepEqual([again.labels, again.priors], [model.labels, model.priors]);
  assert.deepEqual(await again.sample(4, { seed: 1 }), await model.sample(4, { seed: 1 }));
  await model.dispose();
  await again.dispose();
});

test('a model can be fitted again to data with other classes', async () => {
  const model = await fitted();
  await model.sample(2);
  const rows = await rowsOf(sides(3));
  const three = fromArrays({ x: rows.data, shape: [12], labels: rows.labels, classes: ['left', 'right', 'none'] });
  await model.fit(three, { steps: 5, batchSize: 20, threads: 1 });
  assert.deepEqual(model.labels, ['left', 'right', 'none']);
  await assert.rejects(model.sample(2, { given: { label: 'none' } }), /no rows of the class "none"/);
  // No row is of the third class; that takes nothing from the bound on the others.
  assert.ok((await model.logProbBound(rows)).values.every(Number.isFinite));
  await model.dispose();
});
