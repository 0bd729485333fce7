import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { nearestRows } from './nearest-rows.js';
import { gaussianRows, recordedRows, rowsOf } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

test('the neighbours of scikit-learn', async () => {
  const { real, samples } = recordedRows();
  const { indices, distances } = await nearestRows(samples, real, { workspace, count: 2 });
  // NearestNeighbors(n_neighbors=2).fit(x).kneighbors(y[:3])
  assert.deepEqual([...indices.subarray(0, 6)], [5, 10, 55, 41, 57, 3]);
  const expected = [
    1.8744784775447294, 1.9334234899099374, 1.0971610167401378, 1.2772590859547714, 1.7206306306794399,
    1.8081758620264032,
  ];
  for (const [i, distance] of expected.entries()) assert.ok(Math.abs(distances[i]! - distance) < 1e-14);
});

test('the same as looking at every pair, whatever the blocks', async () => {
  const [rows, among] = [gaussianRows(37, 5, { seed: 1 }), gaussianRows(53, 5, { seed: 2 })];
  const byPairs = Array.from({ length: 37 }, (_, i) =>
    Array.from({ length: 53 }, (_, j) => {
      let square = 0;
      for (let k = 0; k < 5; k++) square += (rows.data[i * 5 + k]! - among.data[j * 5 + k]!) ** 2;
      return { j, square };
    })
      .sort((a, b) => a.square - b.square)
      .slice(0, 4)
      .map(({ j }) => j),
  ).flat();
  for (const sizes of [
    { rowsA: 1, rowsB: 1 },
    { rowsA: 10, rowsB: 7 },
    { rowsA: 100, rowsB: 100 },
  ]) {
    const fresh = openWorkspace({ threads: 1 });
    const { indices } = await nearestRows(rows, among, { workspace: fresh, count: 4, sizes });
    await fresh.close();
    assert.deepEqual([...indices], byPairs);
  }
});

test('of equally near rows the first, of itself none, of copies those', async () => {
  const rows = rowsOf([[0.1], [0.1], [0.3], [0.5], [0.1]]);
  const { indices, distances } = await nearestRows(rows, rows, { workspace, count: 2, excludeSelf: true });
  assert.deepEqual([...indices], [1, 4, 0, 4, 0, 1, 2, 0, 0, 1]);
  assert.deepEqual([...distances.subarray(0, 4)], [0, 0, 0, 0]);
  // Where nothing else is said every row is there to be found, itself included: not the same work, though of the same rows.
  const found = await nearestRows(rows, rows, { workspace, count: 2 });
  assert.deepEqual([...found.indices], [0, 1, 0, 1, 2, 0, 3, 2, 0, 1]);
  const alone = await nearestRows(rows, rowsOf([[0.1]]), { workspace });
  assert.deepEqual([...alone.indices], [0, 0, 0, 0, 0]);
});

test('far from the origin, distances keep their digits', async () => {
  const rows = rowsOf([[1e8], [1e8 + 1], [1e8 + 3]]);
  const { indices, distances } = await nearestRows(rows, rows, { workspace, excludeSelf: true });
  assert.deepEqual(
    [[...indices], [...distances]],
    [
      [1, 0, 1],
      [1, 1, 2],
    ],
  );
});

test('more neighbours than there are rows are refused', async () => {
  const rows = rowsOf([[1], [2]]);
  await assert.rejects(nearestRows(rows, rows, { workspace, count: 2, excludeSelf: true }), ConfigError);
  await assert.rejects(nearestRows(rows, rowsOf([[1]]), { workspace, excludeSelf: true }), /have 2 and 1 rows/);
  await assert.rejects(nearestRows(rows, rowsOf([[1]]), { workspace, count: 2 }), /from 1 to 1/);
});
