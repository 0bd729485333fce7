import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../core/errors.js';
import { float32, type Values } from '../runtime/runtime.js';
import { inRowBatches } from './row-batches.js';

const numbers = Float32Array.from({ length: 14 }, (_, i) => i);
const feeds = {
  x: float32(numbers, [7, 2]),
  labels: { dtype: 'int64', shape: [7], data: BigInt64Array.from({ length: 7 }, (_, i) => BigInt(i)) },
} as const;

test('parts of every size join to the same results', async () => {
  const sizes: number[] = [];
  const double = async ({ x, labels }: Values): Promise<Values> => {
    assert.ok(x && labels);
    sizes.push(x.shape[0] ?? 0);
    return {
      y: float32(
        Float32Array.from(Array.from(x.data, Number), (value) => 2 * value),
        x.shape,
      ),
      labels,
    };
  };
  for (const batch of [1, 3, 7, 100]) {
    const { y, labels } = await inRowBatches(double, feeds, batch);
    assert.deepEqual(
      y,
      float32(
        numbers.map((value) => 2 * value),
        [7, 2],
      ),
    );
    assert.deepEqual(labels, feeds.labels);
  }
  assert.deepEqual(sizes, [1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 7, 7]);
});

test('rows that do not match are refused', async () => {
  const same = async (values: Values) => values;
  await assert.rejects(inRowBatches(same, { ...feeds, z: float32(new Float32Array(1), [1]) }, 2), ShapeError);
  await assert.rejects(inRowBatches(same, {}, 2), ShapeError);
  await assert.rejects(
    inRowBatches(async () => ({ sum: float32(new Float32Array(1), []) }), feeds, 2),
    /"sum"/,
  );
});
