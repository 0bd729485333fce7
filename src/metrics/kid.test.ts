import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ConfigError, DatasetError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { kid } from './kid.js';
import type { FeatureRows } from './metric.js';
import { PolynomialDiscrepancy } from './polynomial-kernel.js';
import { gaussianRows, recordedRows, rowsOf } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

const rows = (count: number) => Array.from({ length: count }, (_, i) => i);

test('the estimate of torch-fidelity for one subset of all rows', async () => {
  const { real, samples } = recordedRows();
  const discrepancy = await PolynomialDiscrepancy.open(await workspace.runtime(), real, samples, 60);
  const found = await discrepancy.estimate(rows(60), rows(60));
  await discrepancy.dispose();
  // kid_features_to_metric(torch.from_numpy(x), torch.from_numpy(y), kid_subsets=1, kid_subset_size=60, kid_kernel='poly',
  //   kid_kernel_poly_degree=3, kid_kernel_poly_gamma=None, kid_kernel_poly_coef0=1, rng_seed=0, verbose=False)
  assert.ok(Math.abs(found / 0.3195842328986154 - 1) < 1e-12, String(found));
});

test('two rows on paper', async () => {
  const discrepancy = await PolynomialDiscrepancy.open(
    await workspace.runtime(),
    rowsOf([[0], [1]]),
    rowsOf([[1], [2]]),
    2,
  );
  // k(a, b) = (a b + 1)^3 of {0, 1} and {1, 2}: k(0, 1) + k(1, 2) - 2 (k(0, 1) + k(0, 2) + k(1, 1) + k(1, 2)) / 4.
  assert.equal(await discrepancy.estimate([0, 1], [0, 1]), 1 + 27 - (1 + 1 + 8 + 27) / 2);
  await discrepancy.dispose();
});

test('the sums of the kernel over pairs of a subset, whatever the blocks and the type of the numbers', async () => {
  // Numbers that float32 holds exactly.
  const whole = (from: FeatureRows) => ({ ...from, data: from.data.map((value) => Math.round(64 * value) / 64) });
  const [x, y] = [whole(gaussianRows(90, 2, { seed: 1 })), whole(gaussianRows(70, 2, { seed: 2, mean: 1 }))];
  const [ofX, ofY] = [random(1).permutation(90).subarray(0, 53), random(2).permutation(70).subarray(0, 53)];
  const kernel = (a: FeatureRows, i: number, b: FeatureRows, j: number) =>
    ((a.data[2 * i]! * b.data[2 * j]! + a.data[2 * i + 1]! * b.data[2 * j + 1]!) / 2 + 1) ** 3;
  let expected = 0;
  for (let i = 0; i < 53; i++)
    for (let j = 0; j < 53; j++) {
      if (i !== j) expected += (kernel(x, ofX[i]!, x, ofX[j]!) + kernel(y, ofY[i]!, y, ofY[j]!)) / (53 * 52);
      expected -= (2 * kernel(x, ofX[i]!, y, ofY[j]!)) / 53 ** 2;
    }
  const narrow = { ...y, data: Float32Array.from(y.data) };
  for (const [blockRows, other] of [
    [53, y],
    [20, y],
    [1, narrow],
    [1000, narrow],
  ] as const) {
    const discrepancy = await PolynomialDiscrepancy.open(await workspace.runtime(), x, other, 53, blockRows);
    const found = await discrepancy.estimate(ofX, ofY);
    await discrepancy.dispose();
    assert.ok(Math.abs(found / expected - 1) < 1e-12, `${found} ${expected}`);
  }
});

test('equal distributions: 0 on average, within the interval as often as it says', async () => {
  const draws = 60;
  let [mean, squares, inside] = [0, 0, 0];
  for (let draw = 0; draw < draws; draw++) {
    const real = gaussianRows(60, 4, { seed: 2 * draw });
    const samples = gaussianRows(60, 4, { seed: 2 * draw + 1 });
    const { value, interval } = await kid.compute({ real, samples }, { workspace, resamplings: 20 });
    mean += value / draws;
    squares += value ** 2 / draws;
    if (interval !== undefined && interval[0] <= 0 && interval[1] >= 0) inside++;
  }
  assert.ok(Math.abs(mean) < 3 * Math.sqrt(squares / draws), `${mean}`);
  assert.ok(inside >= 0.8 * draws, `${inside} of ${draws}`);
});

test('the seed alone decides, and another distribution is told', async () => {
  const real = gaussianRows(200, 4, { seed: 1 });
  const samples = gaussianRows(200, 4, { seed: 2, mean: 1 });
  const options = { workspace, resamplings: 10 };
  const first = await kid.compute({ real, samples }, { ...options, seed: 5 });
  assert.deepEqual(await kid.compute({ real, samples }, { ...options, seed: 5 }), first);
  assert.notEqual((await kid.compute({ real, samples }, { ...options, seed: 6 })).value, first.value);
  assert.ok((first.interval?.[0] ?? 0) > 1);
  assert.match(kid.read(first), /differ/);
  assert.equal(first.details?.subsetSize, 100);
});

test('constant and equal rows', async () => {
  const real = rowsOf(new Array(8).fill([1, 1]));
  assert.equal((await kid.compute({ real, samples: real }, { workspace })).value, 0);
  await assert.rejects(kid.compute({ real, samples: rowsOf([[1, 1]]) }), DatasetError);
});

test('too few resamplings for an interval are refused, two are enough', async () => {
  const [real, samples] = [gaussianRows(20, 2, { seed: 1 }), gaussianRows(20, 2, { seed: 2 })];
  for (const resamplings of [0, 1, -3, 2.5, Number.NaN])
    await assert.rejects(kid.compute({ real, samples }, { workspace, resamplings }), ConfigError);
  const { value, interval: [low, high] = [1, 0] } = await kid.compute({ real, samples }, { workspace, resamplings: 2 });
  assert.ok(low < value && value < high, `${low} ${value} ${high}`);
});
