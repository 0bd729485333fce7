import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { semidefiniteFactor } from './semidefinite-factor.js';
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

// 64 columns are found between two calls of the device.
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

test('the factor of nothing', async () => {
  const { factor, rank } = await semidefiniteFactor(await workspace.runtime(), new Float64Array(9), 3);
  assert.deepEqual([factor.length, rank], [0, 0]);
});
