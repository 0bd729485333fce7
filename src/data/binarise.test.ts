import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { binarise } from './binarise.js';
import { gatherAll } from './dataset.js';
import { fromArrays } from './from-arrays.js';

test('what is above the threshold is 1, the rest is 0, and labels stay', async () => {
  const data = fromArrays({ x: Float32Array.of(0, 0.5, 0.51, 1), shape: [2], labels: [1, 0] });
  const binary = binarise(data);
  assert.deepEqual([...(await gatherAll(binary)).x], [0, 0, 1, 1]);
  assert.deepEqual([...((await gatherAll(binary)).labels ?? [])], [1, 0]);
  assert.deepEqual([...(await gatherAll(binarise(data, { threshold: 0 }))).x], [0, 1, 1, 1]);
  assert.match(binary.source.description, /1 above 0.5/);
});

test('a drawn row depends on seed and row number alone, and has the brightness as its mean', async () => {
  const data = fromArrays({ x: new Float32Array(20_000).fill(0.3), shape: [100] });
  const binary = binarise(data, { seed: 1 });
  const { x } = await gatherAll(binary);
  assert.ok(x.every((value) => value === 0 || value === 1));
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  assert.ok(Math.abs(mean - 0.3) < 4 * Math.sqrt(0.21 / x.length));
  assert.deepEqual((await binary.gather([7])).x, x.slice(700, 800));
  assert.notDeepEqual((await gatherAll(binarise(data, { seed: 2 }))).x, x);
});

test('certain pixels stay what they are', async () => {
  const data = fromArrays({ x: Float32Array.from({ length: 1000 }, (_, i) => i % 2), shape: [10] });
  assert.deepEqual((await gatherAll(binarise(data, { seed: 3 }))).x, (await gatherAll(data)).x);
});

test('a threshold that leaves one side empty is refused', () => {
  const data = fromArrays({ x: Float32Array.of(0, 1), shape: [2] });
  for (const threshold of [1, -0.1, Number.NaN])
    assert.throws(
      () => binarise(data, { threshold }),
      (error) => error instanceof ConfigError && /threshold/.test(error.message),
    );
});
