// The contract of a runtime, on the CPU: what is refused and how, what state survives, and that nothing blocks the caller.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ConfigError, DeviceError, ShapeError, UnknownNameError } from '../../core/errors.js';
import {
  add,
  broadcastTo,
  gather,
  input,
  log,
  lowerLoop,
  lowerProgram,
  lowerStep,
  multiply,
  reshape,
  type StepProgram,
  sin,
  sum,
} from '../../tensor/index.js';
import { float32, type Runtime } from '../runtime.js';
import { mlpStep } from '../testing/example-steps.js';
import { devices, openRuntime } from './open.js';

let runtime: Runtime;
before(async () => {
  runtime = await openRuntime({ threads: 1 });
});
after(() => runtime.dispose());

/** w <- w + x with the metric log(sum of the new w), which is not finite once that sum is negative. */
function countingStep(): StepProgram {
  const w = input('w', [2]);
  const next = add(w, input('x', [2]));
  return { name: 'counting', variables: { w: { current: w, next } }, metrics: { level: log(sum(next)) } };
}

const scaled = lowerProgram({ name: 'scaled', results: { y: multiply(input('x', [2]), 3) } });

test('the default is the CPU with as many threads as there are physical cores', async () => {
  const opened = await openRuntime();
  assert.equal(opened.device, 'cpu');
  assert.ok(opened.threads >= 1);
  await opened.dispose();
});

test('unknown devices and numbers of threads that are none are refused', async () => {
  // @ts-expect-error: no such device
  await assert.rejects(openRuntime({ device: 'webgpi' }), (error) => {
    assert.ok(error instanceof UnknownNameError);
    assert.match(error.message, /Did you mean "webgpu"\?/);
    assert.deepEqual(error.known, devices);
    return true;
  });
  for (const threads of [0, -1, 1.5, Number.NaN])
    await assert.rejects(
      openRuntime({ threads }),
      new ConfigError(`threads is ${threads}; it has to be a whole number from 1.`),
    );
});

test('a program computes, and tells how long it took', async () => {
  const program = await runtime.compile(scaled);
  const { y } = await program.run({ x: float32(Float32Array.of(1, 2), [2]) });
  assert.deepEqual(y, { dtype: 'float32', shape: [2], data: Float32Array.of(3, 6) });
  assert.ok(program.lastRunMs > 0);
});

test('feeds that do not fit are refused with what was expected', async () => {
  const program = await runtime.compile(scaled);
  await assert.rejects(program.run({}), /scaled needs the input "x", float32\[2\], which was not given/);
  await assert.rejects(program.run({ z: float32(new Float32Array(2), [2]) }), UnknownNameError);
  await assert.rejects(program.run({ x: float32(new Float32Array(3), [3]) }), (error) => {
    assert.ok(error instanceof ShapeError);
    assert.match(error.message, /"x" has to be float32\[2\] in a Float32Array; received float32\[3\] with 3 numbers/);
    return true;
  });
  await assert.rejects(program.run({ x: { dtype: 'float32', shape: [2], data: new Float64Array(2) } }), ShapeError);
  await assert.rejects(program.run({ x: float32(new Float32Array(3), [2]) }), ShapeError);
});

for (const lower of [lowerStep, lowerLoop]) {
  const open = async () => {
    const compiled = await runtime.compileStep(lower(countingStep()));
    await compiled.write({ w: float32(Float32Array.of(1, 2), [2]) });
    return compiled;
  };
  const weights = async (compiled: Awaited<ReturnType<typeof open>>) => [...((await compiled.read()).w?.data ?? [])];

  test(`${lower.name}: variables keep their values from run to run; writing and reading names some`, async () => {
    const compiled = await open();
    await compiled.run(2, { x: Float32Array.of(1, 1, 10, 10) });
    const { level } = await compiled.run(1, { x: Float32Array.of(100, 100) });
    assert.deepEqual(await weights(compiled), [112, 113]);
    assert.ok(Math.abs((level?.[0] ?? 0) - Math.log(225)) < 1e-6);
    await compiled.write({});
    assert.deepEqual(Object.keys(await compiled.read([])), []);
    await assert.rejects(compiled.read(['v']), UnknownNameError);
    await assert.rejects(compiled.write({ w: float32(new Float32Array(3), [3]) }), ShapeError);
    assert.deepEqual(await weights(compiled), [112, 113]);
  });

  test(`${lower.name}: a run in which a metric breaks leaves the variables as they were before it`, async () => {
    const compiled = await open();
    const { level } = await compiled.run(3, { x: Float32Array.of(1, 1, -50, -50, 100, 100) });
    assert.ok(Number.isFinite(level?.[0]));
    assert.ok(Number.isNaN(level?.[1]));
    assert.deepEqual(await weights(compiled), [1, 2]);
    await compiled.run(1, { x: Float32Array.of(1, 1) });
    assert.deepEqual(await weights(compiled), [2, 3]);
  });

  test(`${lower.name}: runs asked for at the same time happen one after the other`, async () => {
    const compiled = await open();
    await Promise.all(Array.from({ length: 20 }, () => compiled.run(1, { x: Float32Array.of(1, 1) })));
    assert.deepEqual(await weights(compiled), [21, 22]);
  });
}

test('a step without values for its variables, or for no steps, is refused', async () => {
  const compiled = await runtime.compileStep(lowerStep(countingStep()));
  await assert.rejects(
    compiled.run(1, { x: new Float32Array(2) }),
    /variable "w" of counting has no value yet; write it/,
  );
  await assert.rejects(compiled.read(), ConfigError);
  await assert.rejects(compiled.run(0, { x: new Float32Array(0) }), ConfigError);
  await assert.rejects(compiled.run(1, {}), /needs the input "x"/);
});

test('feeds are handed over; using one again is refused with the reason', async () => {
  const compiled = await runtime.compileStep(lowerLoop(countingStep()));
  await compiled.write({ w: float32(Float32Array.of(1, 2), [2]) });
  const x = Float32Array.of(1, 1);
  await compiled.run(1, { x });
  assert.equal(x.length, 0);
  await assert.rejects(compiled.run(1, { x }), /may have been handed over to an earlier run/);
});

test('values and plain arrays as the feeds of steps are refused: steps take bare arrays', async () => {
  const compiled = await runtime.compileStep(lowerLoop(countingStep()));
  // As programs without types may say it.
  for (const [x, kind] of [
    ['[1, 1]', 'a plain array'],
    ['{ "dtype": "float32", "shape": [1, 2], "data": [1, 1] }', 'a value of type object'],
  ] as const)
    await assert.rejects(
      compiled.run(1, { x: JSON.parse(x) }),
      new RegExp(`a bare Float32Array .* all 1 steps, float32\\[1, 2\\]; received ${kind}`),
    );
});

test('failures of the device name the program and what it said, in one line', async () => {
  const picked = gather(input('table', [3]), input('index', [1], 'int64'), 0);
  const program = await runtime.compile(lowerProgram({ name: 'picked', results: { picked } }));
  const table = float32(Float32Array.of(1, 2, 3), [3]);
  const at = (index: bigint) =>
    ({ table, index: { dtype: 'int64', shape: [1], data: BigInt64Array.of(index) } }) as const;
  await assert.rejects(program.run(at(7n)), (error) => {
    assert.ok(error instanceof DeviceError);
    assert.match(error.message, /^The program picked failed: .*out of data bounds, idx=7[^\n]*$/);
    return true;
  });
  assert.deepEqual((await program.run(at(2n))).picked?.data, Float32Array.of(3));
  const broken = { name: 'broken', model: Uint8Array.of(1, 2, 3), inputs: [], results: [] };
  await assert.rejects(
    runtime.compile(broken),
    /The program broken cannot be compiled for the device cpu: Failed to load/,
  );
});

test('running out of memory is an error that says what helps, and the runtime goes on', async () => {
  const x = input('x', [1]);
  const huge = sum(sin(broadcastTo(reshape(x, [1, 1]), [2 ** 22, 2 ** 22])));
  const program = await runtime.compile(lowerProgram({ name: 'huge', results: { huge } }));
  await assert.rejects(program.run({ x: float32(Float32Array.of(1), [1]) }), (error) => {
    assert.ok(error instanceof DeviceError);
    assert.match(error.message, /The program huge failed: .*use a smaller batch or a smaller model\./);
    return true;
  });
  const still = await runtime.compile(scaled);
  assert.deepEqual((await still.run({ x: float32(Float32Array.of(1, 1), [2]) })).y?.data, Float32Array.of(3, 3));
});

test('what is lent to a run comes back in the same memory with the results; what is given is gone', async () => {
  const [a, b] = [input('a', [2]), input('b', [2])];
  const program = await runtime.compile(lowerProgram({ name: 'sum', results: { y: add(a, b) } }));
  const held = await runtime.hold({ b: float32(Float32Array.of(10, 20), [2]) });
  const memory = new Float32Array(8).fill(5);
  const part = memory.subarray(2, 4);
  const first = await program.runLent({ a: float32(part, [2]) }, held);
  assert.deepEqual(first.results.y?.data, Float32Array.of(15, 25));
  assert.equal(part.length, 0);
  assert.deepEqual(Object.keys(first.lent), ['a']);
  assert.deepEqual(first.lent.a, float32(Float32Array.of(5, 5), [2]));
  const back = new Float32Array(first.lent.a?.data.buffer ?? 0);
  assert.deepEqual(back, new Float32Array(8).fill(5));
  const given = Float32Array.of(1, 2);
  const second = await program.runLent({ a: float32(back.subarray(0, 2), [2]) }, undefined, { b: float32(given, [2]) });
  assert.deepEqual(second.results.y?.data, Float32Array.of(6, 7));
  assert.deepEqual([given.length, Object.keys(second.lent)], [0, ['a']]);
  await assert.rejects(program.runLent({ a: float32(part, [2]) }, held), ShapeError);
});

test('threads that do not spin compute the same', async () => {
  const { step, initial, feeds } = mlpStep();
  const results = [];
  for (const spins of [true, false]) {
    const own = await openRuntime({ threads: 2, spins });
    const compiled = await own.compileStep(lowerLoop(step));
    await compiled.write(initial);
    await compiled.run(3, feeds(3));
    results.push(await compiled.read());
    await own.dispose();
  }
  assert.deepEqual(results[0], results[1]);
});

test('a program that was disposed of says so; disposing twice is fine', async () => {
  const program = await runtime.compile(scaled);
  await program.dispose();
  await program.dispose();
  const feeds = { x: float32(Float32Array.of(1, 2), [2]) };
  await assert.rejects(
    program.run(feeds),
    new ConfigError('The program scaled has been disposed of; compile it again.'),
  );
});

test('disposing of a runtime rejects what is pending and to come, and frees its programs', async () => {
  const own = await openRuntime({ threads: 1 });
  const { step, initial, feeds } = mlpStep();
  const compiled = await own.compileStep(lowerLoop(step));
  await compiled.write(initial);
  const pending = [compiled.run(500, feeds(500)), compiled.run(500, feeds(500)), compiled.read()];
  const outcomes = Promise.allSettled(pending);
  await own.dispose();
  for (const outcome of await outcomes) {
    assert.equal(outcome.status, 'rejected');
    assert.ok(outcome.reason instanceof DeviceError);
    assert.match(outcome.reason.message, /The runtime has been disposed of/);
  }
  await assert.rejects(own.compile(scaled), DeviceError);
  await compiled.dispose();
  await own.dispose();
});

test("the caller's event loop stays free during a long run", async () => {
  const { step, initial, feeds } = mlpStep(512, { size: 256, batch: 64 });
  const compiled = await runtime.compileStep(lowerLoop(step));
  await compiled.write(initial);
  let longest = 0;
  // As many steps as this machine takes a while for.
  for (let count = 50; longest < 150; count *= 2) {
    const data = feeds(count);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 2);
    await compiled.run(count, data);
    clearInterval(timer);
    longest = compiled.lastRunMs;
    // A blocked loop gives one tick or none. A free one gives 75, or a few where the machine is busy with other things.
    if (longest >= 150) assert.ok(ticks >= 5, `${ticks} ticks in ${longest} ms`);
  }
});
