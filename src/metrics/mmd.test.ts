import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { FeatureRows } from './metric.js';
import { kernelSums, mmd } from './mmd.js';
import { gaussianRows, recordedRows, rowsOf } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

test('the value of scikit-learn and scipy', async () => {
  const { value, details } = await mmd.compute(recordedRows(), { workspace });
  // s = np.median(pdist(np.vstack([x, y]))); g = 1 / (2 * s * s); off = lambda K: (K.sum() - np.trace(K)) / (60 * 59)
  assert.ok(Math.abs(Number(details?.bandwidth) - 2.482369785624536) < 1e-14);
  // off(rbf_kernel(x, x, g)) + off(rbf_kernel(y, y, g)) - 2 * rbf_kernel(x, y, g).mean()
  assert.ok(Math.abs(value / 0.05244962707637568 - 1) < 1e-11, String(value));
});

test('shifted points, in closed form', async () => {
  // Three points at 0 and three at d. Of fifteen distances nine are d, so d is the median: 1 + 1 - 2 exp(-1/2).
  const real = rowsOf([[0], [0], [0]]);
  const { value } = await mmd.compute({ real, samples: rowsOf([[5], [5], [5]]) }, { workspace });
  assert.ok(Math.abs(value - (2 - 2 * Math.exp(-0.5))) < 1e-15);
  // Two clusters have about that, however far apart they are, as the reading says.
  const clusters = { real: gaussianRows(200, 2, { seed: 1 }), samples: gaussianRows(200, 2, { seed: 2, mean: 1000 }) };
  const apart = await mmd.compute(clusters, { workspace });
  assert.ok(Math.abs(apart.value - (2 - 2 * Math.exp(-0.5))) < 0.01, String(apart.value));
  assert.match(mmd.read(apart), /differ by 0.79, .*two sets of one size, far from each other, have about 0.8\.$/);
  // Equal points have no distance at all.
  assert.equal((await mmd.compute({ real, samples: rowsOf([[0], [0], [0]]) }, { workspace })).value, 0);
});

test('a Gaussian against a shifted one, in closed form', async () => {
  // E k of N(0, 1) and N(m, 1) is s / sqrt(s^2 + 2) exp(-m^2 / (2 (s^2 + 2))).
  const [real, samples] = [gaussianRows(1500, 1, { seed: 1 }), gaussianRows(1500, 1, { seed: 2, mean: 1 })];
  const { value, interval: [low, high] = [1, 0], details } = await mmd.compute({ real, samples }, { workspace });
  const s2 = Number(details?.bandwidth) ** 2;
  const expected = 2 * Math.sqrt(s2 / (s2 + 2)) * (1 - Math.exp(-1 / (2 * (s2 + 2))));
  assert.ok(low < expected && expected < high, `${expected} in ${low} to ${high}`);
  assert.ok(high - low < value);
});

test('equal distributions: 0 on average', async () => {
  const values: number[] = [];
  for (let seed = 0; seed < 30; seed++) {
    const real = gaussianRows(40, 2, { seed: 2 * seed });
    values.push(
      (await mmd.compute({ real, samples: gaussianRows(50, 2, { seed: 2 * seed + 1 }) }, { workspace })).value,
    );
  }
  const mean = values.reduce((sum, value) => sum + value / 30, 0);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2 / 30, 0));
  assert.ok(Math.abs(mean) < (3 * deviation) / Math.sqrt(30), `${mean}`);
  assert.ok(values.some((value) => value < 0));
});

test('the sums of the kernel over pairs, whatever the blocks', async () => {
  const [a, b] = [gaussianRows(23, 3, { seed: 1 }), gaussianRows(31, 3, { seed: 2 })];
  const runtime = await workspace.runtime();
  const kernel = (i: number, rows: FeatureRows, j: number) =>
    Math.exp(
      -[0, 1, 2].reduce((sum, k) => sum + (a.data[3 * i + k]! - rows.data[3 * j + k]!) ** 2, 0) / (2 * 1.5 ** 2),
    );
  for (const sizes of [
    { rowsA: 1, rowsB: 4 },
    { rowsA: 10, rowsB: 7 },
    { rowsA: 100, rowsB: 100 },
  ]) {
    const between = await kernelSums(runtime, a, b, 1.5, { sizes });
    const within = await kernelSums(runtime, a, undefined, 1.5, { sizes });
    // A set and itself as another set: rows meet themselves, too.
    const itself = await kernelSums(runtime, a, a, 1.5, { sizes });
    const sums = (rows: FeatureRows, isOwn: boolean) =>
      Array.from({ length: 23 }, (_, i) =>
        Array.from({ length: rows.rows }, (_, j) => (isOwn && i === j ? 0 : kernel(i, rows, j))).reduce(
          (x, y) => x + y,
        ),
      );
    for (const [found, expected] of [
      [between.ofA, sums(b, false)],
      [within.ofA, sums(a, true)],
      [itself.ofA, sums(a, false)],
    ] as const)
      for (const [i, sum] of expected.entries()) assert.ok(Math.abs(found[i]! / sum - 1) < 1e-12, `${found[i]} ${sum}`);
    const total = (values: Float64Array) => values.reduce((x, y) => x + y);
    assert.ok(Math.abs(total(between.ofB) / total(between.ofA) - 1) < 1e-12);
  }
});
