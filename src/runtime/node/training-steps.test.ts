// Whole training steps agree between devices and between ways of running them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { lowerLoop, lowerStep } from '../../tensor/index.js';
import type { DeviceName, Runtime } from '../runtime.js';
import { assertClose, type Trained, trained } from '../testing/compare.js';
import { convolutionStep, type ExampleStep, ganStep, mlpStep } from '../testing/example-steps.js';
import { openRuntime } from './open.js';

const steps = 10;
const examples: readonly ExampleStep[] = [mlpStep(), convolutionStep(), ganStep()];

const runtimes: Runtime[] = [];
after(() => Promise.all(runtimes.map((runtime) => runtime.dispose())));

async function open(device: DeviceName, threads: number): Promise<Runtime> {
  const runtime = await openRuntime({ device, threads });
  runtimes.push(runtime);
  return runtime;
}

async function train(runtime: Runtime, example: ExampleStep, lower = lowerLoop): Promise<Trained> {
  const compiled = await runtime.compileStep(lower(example.step));
  const result = await trained(compiled, example, steps);
  await compiled.dispose();
  return result;
}

for (const example of examples) {
  const { name } = example.step;

  test(`${name}: many steps in one run equal single steps bit for bit on the CPU`, async () => {
    const runtime = await open('cpu', 1);
    assert.deepEqual(await train(runtime, example, lowerLoop), await train(runtime, example, lowerStep));
  });

  test(`${name}: wasm agrees with the CPU, on one thread and on two`, async () => {
    const expected = await train(await open('cpu', 1), example);
    for (const threads of [1, 2]) {
      const actual = await train(await open('wasm', threads), example);
      // One float32 rounding is 6e-8; a step is some hundred operations deep, and their sums run in another order here.
      assertClose(actual, expected, 1e-5 * steps);
    }
  });
}

test('metrics and gradients of one step on wasm agree with the CPU to 1e-5', async () => {
  const example = ganStep();
  const results: Trained[] = [];
  for (const device of ['cpu', 'wasm'] as const) {
    const compiled = await (await open(device, 1)).compileStep(lowerLoop(example.step));
    const { metrics, variables } = await trained(compiled, example, 1);
    // Adam's first moments are a tenth of the gradients. The weights are not compared: where a gradient is nearly zero, Adam's
    // first step, gradient / |gradient|, makes a rounding as large as the step.
    const moments = Object.entries(variables).filter(([name]) => name.startsWith('m/'));
    results.push({ metrics, variables: Object.fromEntries(moments) });
  }
  const [expected, actual] = results;
  assert.ok(expected !== undefined && actual !== undefined);
  assertClose(actual, expected, 1e-5);
});

test('training lowers the loss, so the comparisons above are of something that moves', async () => {
  const { metrics } = await train(await open('cpu', 1), mlpStep());
  assert.ok((metrics.loss?.at(-1) ?? 1) < 0.5 * (metrics.loss?.[0] ?? 0));
});
