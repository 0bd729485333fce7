import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import type { FeatureRows } from './metric.js';
import { slicedWasserstein, transportCost } from './sliced-wasserstein.js';
import { gaussianRows, recordedRows, rowsOf, shuffled } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

const compute = async (real: FeatureRows, samples: FeatureRows) =>
  slicedWasserstein.compute({ real, samples }, { workspace });

test('transport of numbers on paper', () => {
  assert.equal(transportCost([0, 1], [1, 2]), 1);
  assert.equal(transportCost([0], [1, 3]), 5);
  assert.equal(transportCost([0, 1], [0, 0, 1, 1]), 0);
  // Two thirds at 0 and one at 3, against one third at 0 and two at 3: a third moves by 3.
  assert.equal(transportCost([0, 3], [0, 3], [2, 1], [1, 2]), 3);
  // Rows with weight 0 are not there.
  assert.equal(transportCost([-9, 0, 9], [0, 99], [0, 3, 0], [5, 0]), 0);
});

test('transport between sets of different sizes, as numpy has it with repeated numbers', () => {
  const { real, samples } = recordedRows();
  const column = ({ data }: FeatureRows, rows: number) =>
    Float64Array.from({ length: rows }, (_, row) => data[8 * row]!).sort();
  // A, B = np.sort(np.repeat(x[:, 0], 3)), np.sort(np.repeat(y[:45, 0], 4)); ((A - B) ** 2).mean()
  assert.ok(Math.abs(transportCost(column(real, 60), column(samples, 45)) / 0.029533148645510682 - 1) < 1e-12);
});

test('in one dimension every direction is the same', async () => {
  assert.ok(Math.abs((await compute(rowsOf([[0], [1]]), rowsOf([[4], [3]]))).value - 3) < 1e-12);
});

test('a shift by d is |d| / sqrt(n) on average over directions', async () => {
  const real = gaussianRows(50, 16, { seed: 1 });
  const samples = { ...real, data: real.data.map((value, i) => value + (i % 16 === 3 ? 8 : 0)) };
  const { value } = await compute(real, samples);
  // The mean of 100 squares of cosines, each 1/16 on average with a deviation of 0.083: 13 %, and half of that after the root.
  assert.ok(Math.abs(value / 2 - 1) < 0.2, String(value));
});

test('a set and itself in another order are at 0, scaling rows scales the distance', async () => {
  const [real, samples] = [gaussianRows(60, 4, { seed: 1 }), gaussianRows(45, 4, { seed: 2, mean: 1 })];
  assert.equal((await compute(real, shuffled(real, 5))).value, 0);
  const once = await compute(real, samples);
  const twice = await compute(
    { ...real, data: real.data.map((value) => 2 * value) },
    { ...samples, data: samples.data.map((value) => 2 * value) },
  );
  assert.ok(Math.abs(twice.value / once.value - 2) < 1e-12);
  const [low, high] = once.interval ?? [1, 0];
  assert.ok(low > 0 && low < once.value && once.value < high);
});

test('it ends where it is aborted, while rows are projected and after', async () => {
  const [real, samples] = [gaussianRows(60, 4, { seed: 1 }), gaussianRows(45, 4, { seed: 2 })];
  for (const from of [0, 0.1, 0.5]) {
    const stop = new AbortController();
    const shares: number[] = [];
    const onProgress = (share: number) => {
      shares.push(share);
      if (share > from) stop.abort(new Error('enough'));
    };
    await assert.rejects(
      slicedWasserstein.compute({ real, samples }, { workspace, signal: stop.signal, onProgress }),
      /enough/,
    );
    // Nothing was done any more after that.
    assert.equal(shares.filter((share) => share > from).length, 1);
  }
});

test('too few resamplings for an interval are refused, two are enough', async () => {
  const [real, samples] = [gaussianRows(20, 2, { seed: 1 }), gaussianRows(20, 2, { seed: 2 })];
  for (const resamplings of [0, 1, -3, 2.5, Number.NaN])
    await assert.rejects(slicedWasserstein.compute({ real, samples }, { workspace, resamplings }), ConfigError);
  const { value, interval: [low, high] = [1, 0] } = await slicedWasserstein.compute(
    { real, samples },
    { workspace, resamplings: 2 },
  );
  assert.ok(low < value && value < high, `${low} ${value} ${high}`);
});
