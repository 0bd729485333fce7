import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatasetError, ShapeError } from '../core/errors.js';
import { classifierScore, scoresOfParts } from './classifier-score.js';
import type { ClassProbabilities } from './metric.js';
import { recordedRows } from './testing/rows.js';

const inTurn = (rows: number) => Array.from({ length: rows }, (_, i) => i);
const oneHot = (classesOfRows: readonly number[], classes: number): ClassProbabilities => ({
  data: Float64Array.from({ length: classesOfRows.length * classes }, (_, at) =>
    Number(classesOfRows[Math.floor(at / classes)] === at % classes),
  ),
  rows: classesOfRows.length,
  classes,
});

test('the scores of torch-fidelity', () => {
  const { samples } = recordedRows();
  const data = Float64Array.from({ length: 480 }, (_, at) => {
    const row = Float64Array.from(samples.data).subarray(8 * Math.floor(at / 8), 8 * Math.floor(at / 8) + 8);
    return Math.exp(3 * samples.data[at]!) / row.reduce((sum, logit) => sum + Math.exp(3 * logit), 0);
  });
  const mean = (parts: number) =>
    scoresOfParts({ data, rows: 60, classes: 8 }, inTurn(60), parts).reduce((sum, score) => sum + score / parts, 0);
  // isc_features_to_metric(torch.from_numpy(3 * y), splits=1, shuffle=False, rng_seed=0), and with splits=3
  assert.ok(Math.abs(mean(1) / 1.8569918800119478 - 1) < 1e-12);
  assert.ok(Math.abs(mean(3) / 1.8530582944350027 - 1) < 1e-12);
});

test('sure and even is the number of classes, one class or no idea is 1', async () => {
  // 40 rows in ten parts of four: each part would need all classes for a full score, so one part is looked at here.
  assert.ok(Math.abs(scoresOfParts(oneHot([0, 1, 2, 3], 4), inTurn(4), 1)[0]! - 4) < 1e-12);
  const same = await classifierScore.compute({ sampleClasses: oneHot(new Array(40).fill(2), 4) });
  assert.deepEqual([same.value, same.interval], [1, [1, 1]]);
  const unsure = { data: new Float64Array(160).fill(0.25), rows: 40, classes: 4 };
  assert.ok(Math.abs((await classifierScore.compute({ sampleClasses: unsure })).value - 1) < 1e-12);
});

test('the order of the rows is random, under a seed', async () => {
  // In their own order every part would have one class only.
  const sampleClasses = oneHot(
    inTurn(400).map((row) => Math.floor(row / 100)),
    4,
  );
  const first = await classifierScore.compute({ sampleClasses }, { seed: 1 });
  assert.ok(first.value > 3.5 && first.value < 4, String(first.value));
  assert.deepEqual(await classifierScore.compute({ sampleClasses }, { seed: 1 }), first);
  assert.notDeepEqual(await classifierScore.compute({ sampleClasses }, { seed: 2 }), first);
});

test('what are no probabilities is refused', async () => {
  await assert.rejects(classifierScore.compute({ sampleClasses: oneHot([0, 1], 2) }), DatasetError);
  const { data } = oneHot(new Array(40).fill(0), 2);
  await assert.rejects(classifierScore.compute({ sampleClasses: { data, rows: 40, classes: 3 } }), ShapeError);
  data[3] = 0.5;
  await assert.rejects(
    classifierScore.compute({ sampleClasses: { data, rows: 40, classes: 2 } }),
    /row 1 .* add up to 1\.5/,
  );
  data[2] = 1.5;
  data[3] = -0.5;
  await assert.rejects(classifierScore.compute({ sampleClasses: { data, rows: 40, classes: 2 } }), /row 1/);
});
