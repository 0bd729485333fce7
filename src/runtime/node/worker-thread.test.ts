// Which runtimes share a worker thread, one after the other, and that nothing of the one is there for the other.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ConfigError, DeviceError } from '../../core/errors.js';
import { input, lowerLoop, lowerProgram, multiply } from '../../tensor/index.js';
import { float32, type Runtime } from '../runtime.js';
import { mlpStep } from '../testing/example-steps.js';
import { openRuntime } from './open.js';

describe('worker threads', () => {
  let started = 0;
  const count = () => {
    started += 1;
  };
  beforeEach(async () => {
    // From here on one thread waits, whatever other tests left.
    await (await openRuntime({ threads: 1 })).dispose();
    started = 0;
    process.on('worker', count);
  });
  afterEach(() => {
    process.off('worker', count);
  });

  const program = (factor: number) =>
    lowerProgram({ name: `times-${factor}`, results: { y: multiply(input('x', [2]), factor) } });
  const product = async (runtime: Runtime, factor: number) => {
    const compiled = await runtime.compile(program(factor));
    return (await compiled.run({ x: float32(Float32Array.of(1, 2), [2]) })).y?.data;
  };

  test('one serves runtime after runtime, whatever their numbers of threads', async () => {
    for (const threads of [1, 2, 1]) {
      const runtime = await openRuntime({ threads });
      assert.equal(runtime.threads, threads);
      assert.deepEqual(await product(runtime, threads + 1), Float32Array.of(threads + 1, 2 * threads + 2));
      await runtime.dispose();
    }
    assert.equal(started, 0);
  });

  test('runtimes that are open at once have one each; of those that are closed one waits', async () => {
    const runtimes = [await openRuntime({ threads: 1 }), await openRuntime({ threads: 1 })];
    assert.equal(started, 1);
    assert.deepEqual(await Promise.all(runtimes.map((runtime, i) => product(runtime, i + 2))), [
      Float32Array.of(2, 4),
      Float32Array.of(3, 6),
    ]);
    await Promise.all(runtimes.map((runtime) => runtime.dispose()));
    const next = [await openRuntime({ threads: 1 }), await openRuntime({ threads: 1 })];
    assert.equal(started, 2);
    await Promise.all(next.map((runtime) => runtime.dispose()));
  });

  test('what was compiled or held for a closed runtime is not there for the next', async () => {
    const first = await openRuntime({ threads: 1 });
    const compiled = await first.compile(program(2));
    const held = await first.hold({ x: float32(Float32Array.of(1, 2), [2]) });
    await first.dispose();
    const second = await openRuntime({ threads: 1 });
    assert.equal(started, 0);
    const other = await second.compile(program(3));
    await assert.rejects(compiled.run({ x: float32(Float32Array.of(1, 2), [2]) }), DeviceError);
    await assert.rejects(other.run({}, held), ConfigError);
    assert.deepEqual((await other.run({ x: float32(Float32Array.of(1, 2), [2]) })).y?.data, Float32Array.of(3, 6));
    await second.dispose();
  });

  test('one that was closed in the middle of its work does the rest of it for nobody', async () => {
    const first = await openRuntime({ threads: 1 });
    const { step, initial, feeds } = mlpStep();
    const compiled = await first.compileStep(lowerLoop(step));
    await compiled.write(initial);
    const pending = [compiled.run(200, feeds(200)), compiled.run(200, feeds(200))].map((run) => assert.rejects(run));
    const closed = first.dispose();
    const meanwhile = await openRuntime({ threads: 1 });
    // The thread of the first was still closing.
    assert.equal(started, 1);
    await Promise.all([closed, ...pending]);
    assert.deepEqual(await product(meanwhile, 5), Float32Array.of(5, 10));
    const after = await openRuntime({ threads: 1 });
    assert.deepEqual(await product(after, 7), Float32Array.of(7, 14));
    await Promise.all([meanwhile.dispose(), after.dispose()]);
  });

  test('WebAssembly has a new one each time', async () => {
    for (const threads of [1, 2]) {
      const runtime = await openRuntime({ device: 'wasm', threads });
      assert.deepEqual(await product(runtime, 2), Float32Array.of(2, 4));
      await runtime.dispose();
    }
    assert.equal(started, 2);
  });
});
