// What ends a training before its last step: numbers that are none, observers and data that fail, options and checkpoints that are wrong.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ConfigError, DivergedError } from '../core/errors.js';
import { openRuntime } from '../runtime/node/open.js';
import type { CompiledStepProgram, Runtime } from '../runtime/runtime.js';
import type { Checkpoint, TrainingObserver } from './observer.js';
import type { TrainOptions } from './plan.js';
import { checkpointKeeper, weights } from './testing/kept.js';
import { line, lineProgram } from './testing/line-program.js';
import { type TrainResult, train } from './train.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const steps = 47;
const fit = (options: Partial<TrainOptions> = {}, program = lineProgram()): Promise<TrainResult> =>
  train(program, line, runtime, { seed: 1, ...(options.epochs === undefined ? { steps } : {}), ...options });

test('a metric that is no number stops at its step with the last good weights', async () => {
  // The loss of this data falls below 0.5 within a few steps.
  const threshold = 0.5;
  const plain = await fit({ logEvery: 1 });
  const firstBelow = 1 + plain.history.findIndex(({ metrics }) => (metrics.loss ?? 1) < threshold);
  assert.ok(firstBelow > 1);
  const expected = await fit({ steps: firstBelow - 1 });
  const result = await fit({ stepsPerRun: 1 }, lineProgram(0.1, threshold));
  assert.equal(result.stoppedBecause, 'diverged');
  assert.ok(result.divergence instanceof DivergedError);
  assert.equal(result.divergence.step, firstBelow);
  assert.equal(result.divergence.quantity, 'report');
  assert.match(result.divergence.message, new RegExp(`step ${firstBelow}: report became NaN`));
  assert.match(result.divergence.message, /What helps: lower the learning rate\./);
  assert.equal(result.steps, firstBelow - 1);
  assert.equal(weights(result), weights(expected));
});

test('weights that are lost while metrics look fine are noticed; the last good checkpoint is given back', async () => {
  // Infinite weights whose metric is not reported: the program's metrics are constants.
  const program = lineProgram(1e30);
  const quiet = { ...program, step: { ...program.step, metrics: {} } };
  const keeper = checkpointKeeper();
  const result = await fit({ observer: keeper, checkpointEvery: 1, stepsPerRun: 1 }, quiet);
  assert.equal(result.stoppedBecause, 'diverged');
  assert.match(String(result.divergence?.message), /slope|offset/);
  for (const { variables } of [result, ...keeper.kept])
    for (const { data } of Object.values(variables)) assert.ok([...data].map(Number).every(Number.isFinite));
  assert.equal(result.steps, keeper.kept.at(-1)?.step ?? 0);
});

test('what an observer throws ends the training and frees the program', async () => {
  for (const moment of ['onStart', 'onMetrics', 'onSnapshot', 'onCheckpoint', 'onProgress'] as const) {
    const watched = countPrograms(runtime);
    const observer: TrainingObserver = {
      [moment]: () => {
        throw new Error(`the disk is full at ${moment}`);
      },
    };
    await assert.rejects(
      train(lineProgram(), line, watched.runtime, { seed: 1, steps, observer }),
      new RegExp(`the disk is full at ${moment}`),
    );
    assert.deepEqual(watched.counts, { compiled: 1, disposed: 1 });
  }
});

test('data that cannot be read end the training and free the program', async () => {
  const watched = countPrograms(runtime);
  const broken = {
    ...line,
    gather: () => {
      throw new Error('the disk is gone');
    },
  };
  await assert.rejects(train(lineProgram(), broken, watched.runtime, { seed: 1, steps }), /the disk is gone/);
  assert.deepEqual(watched.counts, { compiled: 1, disposed: 1 });
});

test('data that cannot be read end the training before anybody takes over its first weights', async () => {
  const unreadable = { ...line, gather: () => Promise.reject(new Error('the disk is gone')) };
  const seen: Checkpoint[] = [];
  const observer: TrainingObserver = {
    onSnapshot: (checkpoint) => void seen.push(checkpoint),
    onCheckpoint: (checkpoint) => void seen.push(checkpoint),
  };
  await assert.rejects(train(lineProgram(), unreadable, runtime, { seed: 1, steps, observer }), /the disk is gone/);
  assert.deepEqual(seen, []);
});

test('an observer that takes its time is waited for, and one that fails ends the training', async () => {
  const order: string[] = [];
  const say = (word: string) => async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push(word);
  };
  await fit({
    steps: 2,
    stepsPerRun: 1,
    logEvery: 1,
    observer: { onMetrics: say('row'), onProgress: say('progress') },
  });
  assert.deepEqual(order, ['row', 'progress', 'row', 'progress']);
  const failing = async () => {
    throw new Error('the screen is gone');
  };
  await assert.rejects(fit({ observer: { onProgress: failing } }), /the screen is gone/);
});

test('wrong options are refused before anything is compiled', async () => {
  const watched = countPrograms(runtime);
  const wrong: readonly (readonly [Partial<TrainOptions>, RegExp])[] = [
    [{}, /epochs or steps; received neither/],
    [{ epochs: 1, steps: 1 }, /epochs or steps; received both/],
    [{ steps: 0 }, /steps is 0/],
    [{ steps: 1.5 }, /steps is 1.5/],
    [{ epochs: -1 }, /epochs is -1/],
    [{ epochs: Number.NaN }, /epochs is NaN/],
    [{ steps: 1, logEvery: 0 }, /logEvery is 0/],
    [{ steps: 1, snapshotEvery: -3 }, /snapshotEvery is -3/],
    [{ steps: 1, checkpointEvery: 0.5 }, /checkpointEvery is 0.5/],
    [{ steps: 1, checkpointSeconds: 0 }, /checkpointSeconds is 0/],
    [{ steps: 1, stepsPerRun: 0 }, /stepsPerRun is 0/],
    [{ steps: 1, seed: 0.5 }, /seed is 0.5/],
  ];
  for (const [options, message] of wrong)
    await assert.rejects(train(lineProgram(), line, watched.runtime, { seed: 1, ...options }), (error) => {
      assert.ok(error instanceof ConfigError, String(error));
      assert.match(error.message, message);
      return true;
    });
  assert.deepEqual(watched.counts, { compiled: 0, disposed: 0 });
});

test('a checkpoint of another training, or one further on, is refused', async () => {
  const keeper = checkpointKeeper();
  await fit({ observer: keeper });
  const resume = keeper.kept.at(-1);
  assert.ok(resume);
  await assert.rejects(fit({ resume, steps: 20 }), /20 steps were asked for, but \d+ have already been done/);
  const { slope: _, ...others } = resume.variables;
  await assert.rejects(fit({ resume: { ...resume, variables: others } }), /"slope" is missing in it, but float32 \[\]/);
  const foreign = { ...resume.variables, extra: { dtype: 'float32' as const, shape: [1], data: new Float32Array(1) } };
  await assert.rejects(
    fit({ resume: { ...resume, variables: foreign } }),
    /"extra" is float32 \[1\] in it, but missing/,
  );
});

/** A runtime that counts the programs compiled and disposed of. */
function countPrograms(real: Runtime): { runtime: Runtime; counts: { compiled: number; disposed: number } } {
  const counts = { compiled: 0, disposed: 0 };
  const compileStep: Runtime['compileStep'] = async (program) => {
    const compiled: CompiledStepProgram = await real.compileStep(program);
    counts.compiled += 1;
    return {
      ...compiled,
      lastRunMs: 1,
      dispose: async () => {
        counts.disposed += 1;
        await compiled.dispose();
      },
    };
  };
  const { device, threads } = real;
  return {
    counts,
    runtime: {
      ...{ device, threads, compileStep },
      compile: (program) => real.compile(program),
      channelBlock: () => real.channelBlock(),
      hold: (values) => real.hold(values),
      dispose: async () => {},
    },
  };
}
