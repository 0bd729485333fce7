// A point walks from 4 towards the mean of the training rows, 0, past that of the validation rows, 2: the best step is known.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, DatasetError } from '../core/errors.js';
import { fromArrays } from '../data/index.js';
import { weight } from '../nn/layer.js';
import { sgd } from '../nn/optimisers/sgd.js';
import { openRuntime } from '../runtime/node/open.js';
import { float32 } from '../runtime/runtime.js';
import { add, mean, square, subtract } from '../tensor/index.js';
import { input } from '../tensor/operators/source.js';
import { batchInput } from '../tensor/program.js';
import { checkpointFile, readCheckpoint, writeCheckpoint } from './node/checkpoint-file.js';
import { type LossContext, objectiveProgram } from './objective.js';
import type { Checkpoint } from './observer.js';
import type { TrainOptions } from './plan.js';
import { lineProgram } from './testing/line-program.js';
import { train } from './train.js';

const runtime = await openRuntime({ threads: 1 });
const home = await mkdtemp(join(tmpdir(), 'verisim-validation-'));
after(async () => {
  await runtime.dispose();
  await rm(home, { recursive: true });
});

const rows = fromArrays({ x: new Float32Array(40), shape: [1], name: 'zeros' });
const validation = fromArrays({ x: new Float32Array(7).fill(2), shape: [1], name: 'twos' });

/** (x + noise / 1000 - m)^2 from m = 4, so that m' = 0.8 m or nearly so. */
const program = () =>
  objectiveProgram(
    {
      name: 'point',
      parameters: { m: weight([1], () => Float32Array.of(4)) },
      exampleShape: [1],
      optimiser: sgd({ learningRate: 0.1 }),
      evaluation: {
        program: {
          name: 'evaluation',
          results: { loss: mean(square(subtract(batchInput('x', [1]), input('m', [1]))), { axes: 1 }) },
        },
        noise: [],
        batchSize: 4,
        weights: ['m'],
      },
      remedies: ['none'],
      loss({ rows: x, weights, noise }: LossContext) {
        const m = weights.m ?? x;
        const loss = mean(square(subtract(add(x, noise('jitter', [4, 1], 'normal')), m)));
        return { loss, metrics: { loss } };
      },
    },
    4,
    0,
  );

const fit = (options: Partial<TrainOptions> = {}) =>
  train(program(), rows, runtime, { seed: 1, steps: 20, validation, validateEvery: 1, ...options });
const valueAt = (values: Checkpoint['variables'] | undefined) => Number(values?.m?.data[0]);

test('the weights of the best look are kept, and the training itself is what it is without looks', async () => {
  const result = await fit();
  const losses = result.history.flatMap(({ step, metrics }) =>
    metrics.validationLoss === undefined ? [] : [[step, metrics.validationLoss] as const],
  );
  assert.equal(losses.length, 20);
  const best = losses.reduce((a, b) => (b[1] < a[1] ? b : a));
  assert.ok(best[0] > 1 && best[0] < 10, `the best step was ${best[0]}`);
  assert.ok(Math.abs((valueAt(result.best) - 2) ** 2 - best[1]) < 1e-6);
  const { validation: _, validateEvery: __, ...plain } = { validation, validateEvery: 1, seed: 1, steps: 20 };
  const without = await train(program(), rows, runtime, plain);
  assert.equal(valueAt(result.variables), valueAt(without.variables));
  assert.equal(without.best, undefined);
  assert.equal(result.stoppedBecause, 'finished');
});

test('patience ends the training so many looks after the best', async () => {
  const whole = await fit();
  const result = await fit({ patience: 3 });
  assert.equal(result.stoppedBecause, 'converged');
  const best = whole.history.reduce(
    (a, { step, metrics }) =>
      (metrics.validationLoss ?? Infinity) < a.loss ? { step, loss: metrics.validationLoss ?? 0 } : a,
    { step: 0, loss: Infinity },
  );
  assert.equal(result.steps, best.step + 3);
  assert.equal(valueAt(result.best), valueAt(whole.best));
});

test('resumed at any checkpoint, through its file, the best look and the stop are those of the uninterrupted training', async () => {
  const kept: Checkpoint[] = [];
  const whole = await fit({
    patience: 3,
    checkpointEvery: 1,
    observer: { onCheckpoint: (checkpoint) => void kept.push(checkpoint) },
  });
  assert.ok(kept.length > 5);
  await mkdir(join(home, checkpointFile, '..'), { recursive: true });
  for (const checkpoint of kept) {
    await writeCheckpoint(home, checkpoint);
    const resume = await readCheckpoint(home);
    assert.deepEqual(resume?.best, checkpoint.best);
    assert.ok(resume);
    const resumed = await fit({ patience: 3, resume });
    assert.equal(resumed.steps, whole.steps);
    assert.equal(resumed.stoppedBecause, 'converged');
    assert.equal(valueAt(resumed.best), valueAt(whole.best));
  }
});

test('a training without a loss of rows, and rows of another shape, are refused', async () => {
  const line = fromArrays({ x: new Float32Array(80), shape: [2], name: 'line' });
  await assert.rejects(
    train(lineProgram(), line, runtime, { seed: 0, steps: 1, validation: line }),
    (error) => error instanceof ConfigError && /line has no loss/.test(error.message),
  );
  await assert.rejects(
    fit({ validation: line }),
    (error) => error instanceof DatasetError && /"line" are of shape \[2\].*\[1\]/.test(error.message),
  );
  await assert.rejects(
    train(program(), rows, runtime, { seed: 0, steps: 1, patience: 2 }),
    /patience and validateEvery are about validation rows/,
  );
  await assert.rejects(fit({ patience: 0 }), /patience is 0/);
});

test('validation rows that the model finds impossible stop the training', async () => {
  const impossible = fromArrays({ x: new Float32Array(7).fill(3e38), shape: [1], name: 'far away' });
  const result = await fit({ validation: impossible });
  assert.equal(result.stoppedBecause, 'diverged');
  assert.match(result.divergence?.message ?? '', /validationLoss became Infinity/);
});

test('what a checkpoint without looks has is read as before', async () => {
  const checkpoint = { step: 3, variables: { m: float32(Float32Array.of(1), [1]) }, window: { steps: 0, sums: {} } };
  await mkdir(join(home, 'plain', 'checkpoint'), { recursive: true });
  await writeCheckpoint(join(home, 'plain'), checkpoint);
  assert.deepEqual(await readCheckpoint(join(home, 'plain')), checkpoint);
});
