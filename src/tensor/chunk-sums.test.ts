import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ConfigError, ShapeError } from '../core/errors.js';
import { openRuntime } from '../runtime/node/open.js';
import type { Runtime } from '../runtime/runtime.js';
import { lowerChunkSums } from './chunk-sums.js';
import * as t from './index.js';
import { varied } from './operators/checks.test.js';

let runtime: Runtime;
before(async () => {
  runtime = await openRuntime({ threads: 1 });
});
after(() => runtime.dispose());

const x = t.input('x', [4, 3]);
const weight = t.input('weight', [4, 1]);
const matrix = t.input('matrix', [3, 2]);
const results = {
  scalar: t.sum(t.multiply(x, weight)),
  product: t.matmul(x, t.matmul(t.exp(matrix), matrix, { transposeB: true })),
  invariant: t.square(matrix),
  constant: t.add(t.multiply(t.slice(x, 0, 0, 2), 0), t.constant([1, 2, 3, 4, 5, 6], [2, 3])),
};

test('sums over chunks equal those of single chunks added up', async () => {
  const program = await runtime.compile(lowerChunkSums({ name: 'sums', results }, ['x', 'weight']));
  for (const steps of [1, 5]) {
    const stacked = { x: varied([steps, 4, 3]), weight: varied([steps, 4, 1], 3) };
    const factor = varied([3, 2], 7);
    const feeds = {
      x: { dtype: 'float32', shape: [steps, 4, 3], data: Float32Array.from(stacked.x.data) },
      weight: { dtype: 'float32', shape: [steps, 4, 1], data: Float32Array.from(stacked.weight.data) },
      matrix: { dtype: 'float32', shape: [3, 2], data: Float32Array.from(factor.data) },
    } as const;
    const values = await program.run(feeds);
    for (const [name, tensor] of Object.entries(results)) {
      const wanted = new Float64Array(values[name]?.data.length ?? 0);
      for (let step = 0; step < steps; step++) {
        const chunk = {
          x: { shape: [4, 3], data: Float64Array.from(feeds.x.data.subarray(step * 12, (step + 1) * 12)) },
          weight: { shape: [4, 1], data: Float64Array.from(feeds.weight.data.subarray(step * 4, (step + 1) * 4)) },
          matrix: { shape: [3, 2], data: Float64Array.from(feeds.matrix.data) },
        };
        const [value] = t.evaluate([tensor], chunk);
        assert.deepEqual(values[name]?.shape, value?.shape);
        for (const [i, number] of (value?.data ?? []).entries()) wanted[i] = (wanted[i] ?? 0) + Number(number);
      }
      // Float32: products of a few numbers around 1.
      for (const [i, number] of wanted.entries())
        assert.ok(Math.abs(Number(values[name]?.data[i]) - number) < 2e-5 * (1 + Math.abs(number)), name);
    }
  }
});

test('values that are held serve several programs, until they are disposed of', async () => {
  const data = varied([5, 4, 3]);
  const held = await runtime.hold({ x: { dtype: 'float32', shape: [5, 4, 3], data: Float32Array.from(data.data) } });
  const total = data.data.reduce((a, b) => Number(a) + Number(b), 0);
  for (const factor of [1, 2]) {
    const lowered = lowerChunkSums({ name: 'total', results: { total: t.sum(t.multiply(x, factor)) } }, ['x']);
    const program = await runtime.compile(lowered);
    const values = await program.run({}, held);
    assert.ok(Math.abs(Number(values.total?.data[0]) - factor * Number(total)) < 1e-4);
    await program.dispose();
  }
  const program = await runtime.compile(lowerChunkSums({ name: 'sum', results: { sum: t.sum(x) } }, ['x']));
  const other = await runtime.hold({ x: { dtype: 'float32', shape: [6, 2], data: new Float32Array(12) } });
  await assert.rejects(program.run({}, other), ShapeError);
  // What is fed goes before what is held.
  const fed = await program.run(
    { x: { dtype: 'float32', shape: [1, 4, 3], data: new Float32Array(12).fill(2) } },
    held,
  );
  assert.equal(fed.sum?.data[0], 24);
  await held.dispose();
  await assert.rejects(program.run({}, held), /held/);
});

test('a program without chunks is refused', () => {
  assert.throws(() => lowerChunkSums({ name: 'none', results: { square: t.square(matrix) } }, ['x']), ConfigError);
});
