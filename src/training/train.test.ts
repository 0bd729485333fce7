import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openRuntime } from '../runtime/node/open.js';
import { float32 } from '../runtime/runtime.js';
import { observers, type TrainingObserver } from './observer.js';
import type { TrainOptions } from './plan.js';
import { checkpointKeeper, weights } from './testing/kept.js';
import { line, lineProgram } from './testing/line-program.js';
import { type TrainResult, train } from './train.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const steps = 47;
const fit = (options: Partial<TrainOptions> = {}, program = lineProgram()): Promise<TrainResult> =>
  train(program, line, runtime, { seed: 1, ...(options.epochs === undefined ? { steps } : {}), ...options });

const whole = await fit({ stepsPerRun: 1 });

test('a line is learnt', () => {
  // The data are y = 3 x - 1 with noise of 0.05.
  assert.ok(Math.abs(Number(whole.variables.slope?.data[0]) - 3) < 0.2);
  assert.ok(Math.abs(Number(whole.variables.offset?.data[0]) + 1) < 0.1);
  assert.equal(whole.stoppedBecause, 'finished');
  assert.equal(whole.steps, steps);
});

test('weights and metrics are the same, bit for bit, however steps are cut up and whoever watches', async () => {
  const observer: TrainingObserver = { onSnapshot() {}, onCheckpoint() {}, onMetrics() {}, onProgress() {} };
  const ways: readonly Partial<TrainOptions>[] = [
    { stepsPerRun: 7 },
    { stepsPerRun: 64 },
    {},
    { observer, snapshotEvery: 3, checkpointEvery: 5, stepsPerRun: 4 },
    { observer, snapshotEvery: 1, checkpointEvery: 1 },
    { observer, checkpointSeconds: 1e-9, stepsPerRun: 2 },
  ];
  for (const way of ways) {
    const result = await fit(way);
    assert.equal(weights(result), weights(whole), JSON.stringify(way));
    assert.deepEqual(result.history, whole.history, JSON.stringify(way));
  }
});

test('what observers remember is in checkpoints, snapshots of the same step included; without any it is left out', async () => {
  const kept = checkpointKeeper();
  let snapshots = 0;
  const counting: TrainingObserver = {
    onSnapshot: () => void snapshots++,
    remember: ({ step }) => ({ snapshots: float32(Float32Array.of(snapshots, step), [2]) }),
  };
  await fit({ observer: observers(kept, counting), steps: 12, snapshotEvery: 4, checkpointEvery: 4 });
  // Snapshots at 0, 4, 8 and the end.
  assert.deepEqual(
    kept.kept.map(({ seen }) => [...(seen?.snapshots?.data ?? [])]),
    [
      [2, 4],
      [3, 8],
      [4, 12],
    ],
  );
  const plain = checkpointKeeper();
  await fit({ observer: plain, steps: 4 });
  assert.deepEqual(
    plain.kept.map((checkpoint) => 'seen' in checkpoint),
    [false],
  );
});

test('another seed gives other weights', async () => {
  assert.notEqual(weights(await fit({ seed: 2 })), weights(whole));
});

test('resuming at any checkpoint gives the weights and rows of the uninterrupted training', async () => {
  const observer = checkpointKeeper();
  await fit({ observer, checkpointEvery: 1, stepsPerRun: 1 });
  assert.deepEqual(
    observer.kept.map(({ step }) => step),
    Array.from({ length: steps }, (_, index) => index + 1),
  );
  for (const step of [1, 9, 10, 13, 20, 46, 47]) {
    const resume = observer.kept[step - 1];
    assert.ok(resume);
    const rest = await fit({ resume, stepsPerRun: 5 });
    assert.equal(weights(rest), weights(whole), `resumed at ${step}`);
    const rowsBefore = whole.history.filter((row) => row.step <= step - resume.window.steps);
    assert.deepEqual([...rowsBefore, ...rest.history], whole.history, `resumed at ${step}`);
    assert.equal(rest.steps, steps);
  }
});

test('a finished training that goes on for longer equals one that was longer from the start', async () => {
  const observer = checkpointKeeper();
  await fit({ steps: 23, observer });
  const resume = observer.kept.at(-1);
  assert.equal(resume?.step, 23);
  const longer = await fit({ ...(resume === undefined ? {} : { resume }) });
  assert.equal(weights(longer), weights(whole));
});

test('aborting keeps the steps done, and going on from there changes nothing', async () => {
  for (const stopAfter of [1, 14, 31]) {
    const stop = new AbortController();
    const keeper = checkpointKeeper();
    const first = await fit({
      signal: stop.signal,
      stepsPerRun: 3,
      observer: { ...keeper, onProgress: ({ step }) => (step >= stopAfter ? stop.abort() : undefined) },
    });
    assert.equal(first.stoppedBecause, 'aborted');
    assert.ok(first.steps >= stopAfter && first.steps < stopAfter + 3);
    const resume = keeper.kept.at(-1);
    assert.equal(resume?.step, first.steps);
    const rest = await fit({ ...(resume === undefined ? {} : { resume }) });
    assert.equal(weights(rest), weights(whole));
    assert.deepEqual([...first.history, ...rest.history], whole.history);
  }
});

test('a signal that is aborted from the start does no step but leaves a checkpoint', async () => {
  const keeper = checkpointKeeper();
  const result = await fit({ signal: AbortSignal.abort(), observer: keeper });
  assert.equal(result.stoppedBecause, 'aborted');
  assert.equal(result.steps, 0);
  assert.deepEqual(
    keeper.kept.map(({ step }) => step),
    [0],
  );
});

test('observers are told in order: start, first snapshot, steps, last snapshot, last checkpoint', async () => {
  const told: string[] = [];
  await fit({
    steps: 12,
    snapshotEvery: 5,
    checkpointEvery: 6,
    logEvery: 5,
    stepsPerRun: 100,
    observer: {
      onStart: (plan) => void told.push(`start ${plan.steps}`),
      onProgress: ({ step }) => void told.push(`progress ${step}`),
      onMetrics: async ({ step }) => void told.push(`metrics ${step}`),
      onSnapshot: async ({ step }) => void told.push(`snapshot ${step}`),
      onCheckpoint: async ({ step }) => void told.push(`checkpoint ${step}`),
    },
  });
  assert.deepEqual(told, [
    'start 12',
    'snapshot 0',
    'metrics 5',
    'progress 5',
    'snapshot 5',
    'progress 6',
    'checkpoint 6',
    'metrics 10',
    'progress 10',
    'snapshot 10',
    'progress 12',
    'metrics 12',
    'snapshot 12',
    'checkpoint 12',
  ]);
});

test('checkpoints also come by the clock', async () => {
  const keeper = checkpointKeeper();
  await fit({ observer: keeper, checkpointEvery: 1000, checkpointSeconds: 1e-9, stepsPerRun: 10 });
  // Snapshots end runs too: the data have ten steps an epoch, so one is due every three.
  assert.deepEqual(
    keeper.kept.slice(0, 4).map(({ step }) => step),
    [3, 6, 9, 12],
  );
  const rare = checkpointKeeper();
  await fit({ observer: rare, checkpointEvery: 1000 });
  assert.deepEqual(
    rare.kept.map(({ step }) => step),
    [steps],
  );
});

test('epochs are passes over the data', async () => {
  assert.equal((await fit({ epochs: 2 })).steps, 20);
  assert.equal((await fit({ epochs: 0.01 })).steps, 1);
});
