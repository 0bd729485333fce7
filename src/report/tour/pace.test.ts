import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrays } from '../../data/index.js';
import { gan } from '../../models/adversarial/gan.js';
import { createModel } from '../../models/registry.js';
import { measurePace, paceOf, stepsWithin } from './pace.js';

test('the pace is that of the steps after the first look', () => {
  const pace = paceOf([
    { step: 1, at: 0.5 },
    { step: 3, at: 0.7 },
    { step: 11, at: 1.5 },
  ]);
  assert.equal(pace.startSeconds, 0.5);
  assert.ok(Math.abs(pace.stepSeconds - 0.1) < 1e-12);
  assert.equal(stepsWithin(10, { startSeconds: 0.5, stepSeconds: 0.25 }), 34);
});

test('there is always a step, and a single look is taken for a pace', () => {
  assert.equal(stepsWithin(0.1, { startSeconds: 2, stepSeconds: 1 }), 1);
  assert.deepEqual(paceOf([{ step: 4, at: 2 }]), { startSeconds: 2, stepSeconds: 2 });
});

const points = fromArrays({ x: Array.from({ length: 64 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]) });
const tiny = { latentSize: 2, generatorLayers: [8], discriminatorLayers: [8] };

test('a trial ends by itself and measures steps', async () => {
  const { startSeconds, stepSeconds, drawSeconds } = await measurePace(createModel('gan', tiny), points, {
    seconds: 0.1,
  });
  assert.ok(startSeconds > 0 && stepSeconds > 0);
  assert.equal(drawSeconds, 0);
});

test('drawing is timed the second time, while the model of the trial still lives', async () => {
  const model = gan(tiny);
  let times = 0;
  const draw = async (): Promise<void> => {
    await model.sample(4, { seed: 0 });
    times += 1;
  };
  const { drawSeconds, trialSeconds } = await measurePace(model, points, { seconds: 0.1, draw });
  assert.equal(times, 2);
  assert.ok(drawSeconds > 0 && drawSeconds < trialSeconds);
});

test('a trial that is aborted throws the reason', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('enough')), 50);
  const trial = measurePace(createModel('gan', tiny), points, { seconds: 1000, signal: stop.signal });
  await assert.rejects(trial, /enough/);
});
