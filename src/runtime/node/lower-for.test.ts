import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as t from '../../tensor/index.js';
import { lowerFor } from '../lower-for.js';
import type { Runtime } from '../runtime.js';
import { openRuntime } from './open.js';

let runtime: Runtime;
before(async () => {
  runtime = await openRuntime({ threads: 1 });
});
after(() => runtime.dispose());

/** A runtime that counts how often it is asked for its blocks. */
function asked(): { runtime: Runtime; times(): number } {
  let times = 0;
  const channelBlock = () => {
    times += 1;
    return runtime.channelBlock();
  };
  const { device, threads } = runtime;
  const compile: Runtime['compile'] = (program) => runtime.compile(program);
  const compileStep: Runtime['compileStep'] = (program) => runtime.compileStep(program);
  const hold: Runtime['hold'] = (values) => runtime.hold(values);
  const dispose = async (): Promise<void> => {};
  return { runtime: { device, threads, compile, compileStep, hold, dispose, channelBlock }, times: () => times };
}

function stepOf(loss: t.Tensor, w: t.Tensor): t.StepProgram {
  const [dw = w] = t.gradients(loss, [w]);
  return { name: 's', variables: { w: { current: w, next: t.subtract(w, dw) } }, metrics: { loss } };
}

test('a step with convolutions takes those of the device; others do not ask for them', async () => {
  const convolving = asked();
  const w = t.input('w', [4, 4, 16, 16]);
  const y = t.conv2d(t.input('x', [2, 8, 8, 16]), w, { stride: 2, padding: 1 });
  const { model, stacked } = await lowerFor(convolving.runtime, stepOf(t.sum(t.square(y)), w));
  const hasBlocks = (await runtime.channelBlock()) !== undefined;
  assert.equal(Buffer.from(model).includes('com.microsoft.nchwc'), hasBlocks);
  assert.deepEqual([convolving.times(), stacked], [1, true]);

  const dense = asked();
  const v = t.input('w', [3, 2]);
  const lowered = await lowerFor(dense.runtime, stepOf(t.sum(t.square(t.matmul(t.input('x', [4, 3]), v))), v));
  assert.deepEqual([dense.times(), lowered.stacked], [0, true]);
});

test('for graphics processors a step is lowered to one step a run, in operators that all devices have', async () => {
  const graphics = { ...asked().runtime, device: 'webgpu' as const };
  const w = t.input('w', [4, 4, 16, 16]);
  const y = t.conv2d(t.input('x', [2, 8, 8, 16]), w, { stride: 2, padding: 1 });
  const { model, stacked } = await lowerFor(graphics, stepOf(t.sum(t.square(y)), w));
  assert.deepEqual([Buffer.from(model).includes('com.microsoft'), stacked], [false, false]);
});
