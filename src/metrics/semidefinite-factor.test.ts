import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type SemidefiniteFactor, semidefiniteFactor } from './semidefinite-factor.js';
import { crossProducts, gaussianRows } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

/** X'X of Gaussian rows whose third column is 0. */
function products(rows: number, size: number): Float64Array {
  const x = gaussianRows(rows, size);
  for (let row = 0; row < rows; row++) x.data[row * size + 2] = 0;
  return crossProducts(x);
}

// 64 rows are looked at between two calls of the device.
for (const [rows, size, expected] of [
  [100, 20, 19],
  [7, 20, 7],
  [300, 150, 149],
  [90, 150, 90],
  [300, 65, 64],
] as const)
  test(`L L' of the products of ${rows} rows of ${size}`, async () => {
    const matrix = products(rows, size);
    const before = matrix.slice();
    const { factor, rank } = await semidefiniteFactor(await workspace.runtime(), matrix, size);
    assert.deepEqual(matrix, before);
    assert.equal(rank, expected);
    assert.equal(factor.length, size * rank);
    const largest = Math.max(...matrix);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k < rank; k++) sum += factor[i * rank + k]! * factor[j * rank + k]!;
        assert.ok(Math.abs(sum - matrix[i * size + j]!) < 1e-13 * largest, `${i}, ${j}`);
      }
  });

/** The largest entry of L L' - A, each in units of the roots of the diagonal entries of its row and column. */
function relativeError(matrix: Float64Array, size: number, { factor, rank }: SemidefiniteFactor): number {
  let most = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += factor[i * rank + k]! * factor[j * rank + k]!;
      const unit = Math.sqrt(matrix[i * size + i]! * matrix[j * size + j]!);
      most = Math.max(most, Math.abs(sum - matrix[i * size + j]!) / unit);
    }
  return most;
}

test('columns in units from 1e-3 to 1e3 all keep their digits', async () => {
  const size = 200;
  const x = gaussianRows(400, size);
  for (let i = 0; i < x.data.length; i++) x.data[i] = x.data[i]! * 10 ** (((i % size) * 6) / (size - 1) - 3);
  const matrix = crossProducts(x);
  const found = await semidefiniteFactor(await workspace.runtime(), matrix, size);
  assert.ok(relativeError(matrix, size, found) < 1e-13);
});

for (const [name, noise, expected] of [
  ['that are sums of others', 0, 150],
  ['that are nearly sums of others', 1e-4, 175],
] as const)
  test(`columns ${name}, here and there, come last`, async () => {
    const size = 175;
    const x = gaussianRows(300, size);
    // Every seventh is the sum of the two before.
    for (let row = 0; row < 300; row++)
      for (let column = 6; column < size; column += 7) {
        const at = row * size + column;
        x.data[at] = x.data[at - 1]! + x.data[at - 2]! + noise * x.data[at]!;
      }
    const matrix = crossProducts(x);
    const found = await semidefiniteFactor(await workspace.runtime(), matrix, size);
    assert.equal(found.rank, expected);
    assert.ok(relativeError(matrix, size, found) < 1e-13);
  });

test('a matrix of one row is its root', async () => {
  const { factor, rank } = await semidefiniteFactor(await workspace.runtime(), Float64Array.of(9), 1);
  assert.deepEqual([factor, rank], [Float64Array.of(3), 1]);
});

test('an abort ends it between two blocks', async () => {
  const reason = new Error('enough');
  const stop = new AbortController();
  const matrix = products(300, 150);
  const work = semidefiniteFactor(await workspace.runtime(), matrix, 150, {
    signal: stop.signal,
    onProgress: () => stop.abort(reason),
  });
  await assert.rejects(work, reason);
});

test('the factor of nothing', async () => {
  const { factor, rank } = await semidefiniteFactor(await workspace.runtime(), new Float64Array(9), 3);
  assert.deepEqual([factor.length, rank], [0, 0]);
});
