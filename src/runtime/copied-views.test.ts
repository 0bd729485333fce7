import assert from 'node:assert/strict';
import { test } from 'node:test';
import { input, lowerProgram, sum } from '../tensor/index.js';
import { copiedViews } from './copied-views.js';
import { openRuntime } from './index.js';

const whole = Float32Array.from({ length: 1000 }, (_, i) => i);
const part = { dtype: 'float32', shape: [3], data: whole.subarray(10, 13) } as const;

test('a view travels as its own numbers, and what fills its memory as it is', () => {
  const all = { dtype: 'float32', shape: [1000], data: whole } as const;
  const { values, transfer } = copiedViews({ part, all });
  assert.deepEqual([...(values.part?.data ?? [])], [10, 11, 12]);
  assert.equal(values.part?.data.buffer.byteLength, 12);
  assert.equal(values.all?.data, whole);
  assert.deepEqual(transfer, [values.part?.data.buffer]);
});

test('a view that is fed can be fed again', async () => {
  const runtime = await openRuntime({ threads: 1 });
  try {
    const program = await runtime.compile(lowerProgram({ name: 'sum', results: { y: sum(input('x', [3])) } }));
    for (let run = 0; run < 2; run++) {
      const { y } = await program.run({ x: part });
      assert.deepEqual([...(y?.data ?? [])], [33]);
    }
    assert.equal(whole.length, 1000);
  } finally {
    await runtime.dispose();
  }
});

test('what is fed once is handed over', async () => {
  const runtime = await openRuntime({ threads: 1 });
  try {
    const program = await runtime.compile(lowerProgram({ name: 'sum', results: { y: sum(input('x', [3])) } }));
    const data = Float32Array.of(1, 2, 4);
    const { y } = await program.runOnce({ x: { dtype: 'float32', shape: [3], data } });
    assert.deepEqual([...(y?.data ?? [])], [7]);
    assert.equal(data.length, 0);
  } finally {
    await runtime.dispose();
  }
});
