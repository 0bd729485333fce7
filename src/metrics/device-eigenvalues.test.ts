import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { symmetricEigenvalues } from '../core/symmetric-eigenvalues.js';
import { eigenvaluesOn } from './device-eigenvalues.js';
import { crossProducts, gaussianRows } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

// 259 is no whole number of panels, 272 is one.
for (const [rows, size] of [
  [40, 259],
  [300, 272],
] as const)
  test(`the products of ${rows} rows of ${size}: what is found without the device`, async () => {
    const matrix = crossProducts(gaussianRows(rows, size));
    const before = matrix.slice();
    const shares: number[] = [];
    const found = await eigenvaluesOn(await workspace.runtime(), matrix, size, { onProgress: (x) => shares.push(x) });
    const expected = symmetricEigenvalues(matrix, size);
    for (const [i, value] of expected.entries())
      assert.ok(Math.abs(found[i]! - value) < 1e-13 * expected[0]!, `${i}: ${found[i]}, ${value}`);
    assert.deepEqual(matrix, before);
    assert.ok(shares.every((share, i) => share >= (shares[i - 1] ?? 0) && share <= 1));
  });

test('equal eigenvalues, zeros, and very large entries', async () => {
  const size = 256;
  const runtime = await workspace.runtime();
  assert.ok((await eigenvaluesOn(runtime, new Float64Array(size * size), size)).every((value) => value === 0));
  const ones = new Float64Array(size * size).fill(1e200);
  const [largest, ...others] = await eigenvaluesOn(runtime, ones, size);
  assert.ok(Math.abs(largest! / (size * 1e200) - 1) < 1e-14);
  assert.ok(others.every((value) => Math.abs(value) < 1e-13 * largest!));
});

test('what reflections leave of a matrix of rank 1, which gets smaller than all normal numbers', async () => {
  const size = 257;
  const values = await eigenvaluesOn(await workspace.runtime(), new Float64Array(size * size).fill(1), size);
  assert.ok(Math.abs(values[0]! / size - 1) < 1e-14);
  assert.ok(values.subarray(1).every((value) => Math.abs(value) < 1e-13 * size));
});

test('an abort ends it', async () => {
  const reason = new Error('enough');
  const stop = new AbortController();
  const work = eigenvaluesOn(await workspace.runtime(), crossProducts(gaussianRows(300, 272)), 272, {
    signal: stop.signal,
    onProgress: () => stop.abort(reason),
  });
  await assert.rejects(work, reason);
});
