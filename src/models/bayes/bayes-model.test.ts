import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatasetError, ShapeError, UnknownNameError } from '../../core/errors.js';
import { type Dataset, fromArrays } from '../../data/index.js';
import type { Samples } from '../contract.js';
import { naiveBayes } from './naive-bayes.js';

const samples = (...rows: number[][]): Samples => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]?.length ?? 0],
});

const data = fromArrays({
  x: [
    [0.9, 0.1, 0.6, 0],
    [0.8, 0.2, 0.4, 0],
    [0.1, 0.8, 0.2, 0],
    [0.3, 0.1, 0.8, 0],
  ],
  labels: [0, 0, 1, 1],
  classes: ['left', 'right'],
});

async function fitted(rows: Dataset) {
  const model = naiveBayes();
  await model.fit(rows);
  return model;
}

test('classes without rows and with one row are told of', async () => {
  const uneven = fromArrays({
    x: [
      [0, 1],
      [1, 1],
      [1, 0],
    ],
    labels: [0, 0, 2],
    classes: ['two', 'none', 'one'],
  });
  for (const options of [{}, { alpha: 0 }, { priors: 'uniform' }] as const) {
    const model = naiveBayes(options);
    const { warnings } = await model.fit(uneven);
    assert.match(warnings.join('\n'), /no rows of none.*\n.*single row of one/);
    const { values } = await model.jointLogProb(samples([1, 1], [0, 0]));
    assert.equal(values[1], -Infinity);
    assert.ok(values.every((value) => !Number.isNaN(value)));
    assert.ok((await model.sample(50, { seed: 0 })).labels?.every((label) => label !== 1));
    await assert.rejects(model.sample(1, { given: { label: 'none' } }), /no rows of the class "none"/);
    await assert.rejects(model.sample(1, { given: { label: 'ones' } }), UnknownNameError);
  }
});

test('without labels there is one class without a name', async () => {
  for (const rows of [
    fromArrays({ x: [[0], [1], [1]] }),
    fromArrays({ x: [[0], [1], [1]], labels: [0, 1, 1], classes: ['n', 'y'] }),
  ]) {
    const model = naiveBayes({ conditional: false, alpha: 0 });
    await model.fit(rows);
    assert.deepEqual(model.labels, []);
    const logProb = await model.logProb(samples([0], [1]));
    assert.deepEqual(
      [...logProb].map(Math.exp).map((p) => p.toFixed(12)),
      [(1 / 3).toFixed(12), (2 / 3).toFixed(12)],
    );
    assert.equal((await model.sample(2)).labels, undefined);
    await assert.rejects(model.jointLogProb(samples([0])), /fitted without labels/);
    await assert.rejects(model.sample(1, { given: { label: 'y' } }), /fitted without labels/);
  }
});

test('labels without names are named by their numbers', async () => {
  const model = await fitted(fromArrays({ x: [[0], [1], [1]], labels: [0, 2, 1] }));
  assert.deepEqual(model.labels, ['0', '1', '2']);
});

test('rows that do not fit are refused', async () => {
  const model = await fitted(data);
  await assert.rejects(
    model.logProb(samples([1, 0, 1])),
    (error) => error instanceof ShapeError && /\[N, 4\]; received \[1, 3\] with 3 numbers/.test(error.message),
  );
  await assert.rejects(model.logProb(samples([1, 0, 1, 0], [1, Number.NaN, 1, 0])), /row 1 holds NaN at position 1/);
  const { labels: _, ...bare } = data;
  const unlabelled: Dataset = { ...bare, gather: async (indices) => ({ x: (await data.gather(indices)).x }) };
  await assert.rejects(naiveBayes().fit(unlabelled), DatasetError);
});

test('an abort leaves what was learnt before', async () => {
  const model = await fitted(data);
  const before = model.summary();
  const report = await model.fit(fromArrays({ x: [[0], [1]] }), { signal: AbortSignal.abort() });
  assert.equal(report.stoppedBecause, 'aborted');
  assert.equal(report.converged, false);
  assert.deepEqual(model.summary(), before);
});

test('data that is streamed, without labels known beforehand, gives the same', async () => {
  const { labels: _, ...others } = data;
  const streamed: Dataset = { ...others, gather: async (indices) => data.gather(indices) };
  const [one, other] = [naiveBayes(), naiveBayes()];
  await one.fit(data);
  await other.fit(streamed);
  assert.deepEqual(other.summary(), one.summary());
});
