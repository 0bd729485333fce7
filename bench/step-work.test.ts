import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSafetensors } from '../src/data/index.js';
import { float32 } from '../src/runtime/runtime.js';
import { lowerLoop } from '../src/tensor/program.js';
import { likelihoodStep, poolSize } from './likelihood-tasks.js';
import { startBytes, turnsOf } from './step-work.js';

test('a pool takes turns and starts anew when it ends', () => {
  const pool = float32(Float32Array.of(0, 1, 10, 11, 20, 21), [3, 2]);
  assert.deepEqual(turnsOf(pool, 0, 2), Float32Array.of(0, 1, 10, 11));
  assert.deepEqual(turnsOf(pool, 2, 2), Float32Array.of(20, 21, 0, 1));
  assert.deepEqual(turnsOf(pool, 4, 3), Float32Array.of(10, 11, 20, 21, 0, 1));
});

test('a start is written by parts, with its shapes', () => {
  const bytes = startBytes({
    initial: { 'encoder/output/weight': float32(Float32Array.of(1, 2), [2, 1]) },
    pool: { x: float32(Float32Array.of(3), [1, 1]) },
    loss: 'loss',
    others: { degrees: float32(Float32Array.of(4, 5, 6), [3]) },
  });
  const { tensors } = readSafetensors(bytes);
  const read = [...tensors].map(([name, { dtype, shape, data }]) => [name, dtype, shape, [...data]]);
  assert.deepEqual(
    new Set(read),
    new Set([
      ['initial/encoder/output/weight', 'F32', [2, 1], [1, 2]],
      ['pool/x', 'F32', [1, 1], [3]],
      ['others/degrees', 'F32', [3], [4, 5, 6]],
    ]),
  );
});

test('the pool of a step has all that the step is fed, binary images among it', async () => {
  for (const name of ['vae-dense', 'made-500'] as const) {
    const { program, start } = await likelihoodStep(name);
    for (const { name: feed, shape } of lowerLoop(program.step).feeds)
      assert.deepEqual(start?.pool[feed]?.shape, [poolSize, ...shape], `${name}: ${feed}`);
    const rows = start?.pool[program.rows]?.data ?? [];
    assert.deepEqual(new Set(Array.from(rows, Number)), new Set([0, 1]));
    assert.ok(start !== undefined && start.loss in program.step.metrics);
  }
});

test('the degrees that peers make the masks of are those of the weights', async () => {
  const { start } = await likelihoodStep('made-500');
  const [places, degrees] = [start?.others.places?.data ?? [], start?.others.degrees?.data ?? []];
  const [sees, acts] = [start?.initial['hidden1/weight']?.data ?? [], start?.initial['output/weight']?.data ?? []];
  for (let pixel = 0; pixel < 784; pixel += 13)
    for (let unit = 0; unit < 500; unit++) {
      const [place, degree] = [Number(places[pixel]), Number(degrees[unit])];
      assert.equal(sees[pixel * 500 + unit] !== 0, degree >= place, `pixel ${pixel} to unit ${unit}`);
      assert.equal(acts[unit * 784 + pixel] !== 0, place > degree, `unit ${unit} to pixel ${pixel}`);
    }
});
