// WebGPU in Node, on any Vulkan driver; without one, only the error that says so is tested.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { InferenceSession } from 'onnxruntime-node';
import {
  add,
  cast,
  input,
  lowerLoop,
  lowerProgram,
  lowerStep,
  resizeBilinear,
  resizeNearest,
  type StepProgram,
  sum,
} from '../../tensor/index.js';
import { random } from '../random.js';
import { float32, int64Scalar, type Runtime } from '../runtime.js';
import { assertClose, trained } from '../testing/compare.js';
import { convolutionStep, ganStep, mlpStep } from '../testing/example-steps.js';
import { findVulkanDriver } from '../testing/vulkan.js';
import { forWebgpu } from '../webgpu-model.js';
import { openRuntime } from './open.js';

const driver = findVulkanDriver();
const reason = 'no Vulkan driver: set VK_DRIVER_FILES or install one, such as the SwiftShader of the package chromium';

test('without a driver the error says what is missing and which devices there are', {
  skip: process.platform !== 'linux',
}, () => {
  const script = `
    import { openRuntime } from ${JSON.stringify(new URL('./open.js', import.meta.url).href)};
    await openRuntime({ device: 'webgpu' }).catch((error) => console.log(error.name + ': ' + error.message));`;
  // The loader of Vulkan drivers reads its variables once per process, so this takes one of its own.
  const env = { ...process.env, VK_DRIVER_FILES: '/nowhere/driver.json' };
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env,
    encoding: 'utf8',
  });
  assert.match(stdout, /^DeviceError: The device webgpu was asked for, but it is not available here: /);
  assert.match(stdout, /It needs a graphics processor and a Vulkan driver/);
  assert.match(stdout, /Devices that need nothing else: cpu, wasm\.\n$/);
  assert.equal(status, 0);
});

describe('on a Vulkan driver', () => {
  // Skipped one by one, so that they are counted.
  const skip = driver === undefined ? reason : false;
  let runtime: Runtime;
  let cpu: Runtime;
  before(async () => {
    if (driver === undefined) return;
    if (driver !== '') process.env.VK_DRIVER_FILES = driver;
    runtime = await openRuntime({ device: 'webgpu' });
    cpu = await openRuntime({ device: 'cpu', threads: 1 });
  });
  after(async () => {
    if (driver === undefined) return;
    await runtime.dispose();
    await cpu.dispose();
  });

  // Compiling shaders takes most of the time: one example for each way of running is enough.
  const ways = [
    { example: ganStep(), lower: lowerStep },
    { example: mlpStep(), lower: lowerLoop },
  ];
  for (const { example, lower } of ways)
    test(`${example.step.name} by ${lower.name} agrees with the CPU`, { skip }, async () => {
      const steps = 5;
      const expected = await trained(await cpu.compileStep(lowerLoop(example.step)), example, steps);
      const compiled = await runtime.compileStep(lower(example.step));
      // Drivers may compute exp and tanh to some 1e-6 only, and Adam divides small gradients by themselves.
      assertClose(await trained(compiled, example, steps), expected, 1e-3);
      await compiled.dispose();
    });

  for (const { step } of [mlpStep(), convolutionStep(), ganStep()])
    test(`${step.name} runs without falling back to the CPU`, { skip }, async () => {
      const { model } = lowerStep(step);
      const extra = { session: { disable_cpu_ep_fallback: '1' } };
      const options = { executionProviders: ['webgpu'], logSeverityLevel: 4, extra } as const;
      const session = await InferenceSession.create(forWebgpu(model), options);
      await session.release();
    });

  test('images are resized as on the CPU', { skip }, async () => {
    const x = input('x', [2, 3, 3, 2]);
    const results = { bilinear: resizeBilinear(x, { scale: 2 }), nearest: resizeNearest(x, { scale: 2 }) };
    const lowered = lowerProgram({ name: 'resize', results });
    const feeds = { x: float32(random(0).normal(36), [2, 3, 3, 2]) };
    const expected = await (await cpu.compile(lowered)).run(feeds);
    const actual = await (await runtime.compile(lowered)).run(feeds);
    for (const [name, { data }] of Object.entries(expected))
      for (const [i, value] of data.entries())
        assert.ok(Math.abs(Number(actual[name]?.data[i]) - Number(value)) < 1e-5, `${name} differs at ${i}`);
  });

  test('reading some variables, writing some, whole numbers among them, and breaking metrics', { skip }, async () => {
    const w = input('w', [2]);
    const n = input('n', [], 'int64');
    const next = add(w, input('x', [2]));
    const step: StepProgram = {
      name: 'mixed',
      variables: { w: { current: w, next }, n: { current: n, next: cast(add(cast(n, 'float32'), 1), 'int64') } },
      metrics: { total: sum(next) },
    };
    const compiled = await runtime.compileStep(lowerStep(step));
    await compiled.write({ w: float32(Float32Array.of(1, 2), [2]), n: int64Scalar(0) });
    assert.deepEqual((await compiled.read(['w'])).w?.data, Float32Array.of(1, 2));
    assert.deepEqual(await compiled.run(2, { x: Float32Array.of(1, 1, 2, 2) }), { total: Float64Array.of(5, 9) });
    assert.deepEqual(await compiled.read(), {
      w: float32(Float32Array.of(4, 5), [2]),
      n: { dtype: 'int64', shape: [], data: BigInt64Array.of(2n) },
    });
    await compiled.write({ n: int64Scalar(7) });
    const { total } = await compiled.run(2, { x: Float32Array.of(1, 1, Number.NaN, 1) });
    assert.deepEqual(total, Float64Array.of(11, Number.NaN));
    assert.deepEqual((await compiled.read(['w'])).w?.data, Float32Array.of(4, 5));
    assert.deepEqual((await compiled.read(['n'])).n?.data, BigInt64Array.of(7n));
    await compiled.dispose();
  });
});
