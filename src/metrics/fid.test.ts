import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DatasetError, ShapeError } from '../core/errors.js';
import { fid } from './fid.js';
import { frechetDistance } from './frechet-distance.js';
import { momentsOf } from './moments.js';
import { someRows } from './some-rows.js';
import { gaussianRows, recordedRows, rowsOf } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

test('the value of torch-fidelity', async () => {
  const { real, samples } = recordedRows();
  // from torch_fidelity.metric_fid import fid_features_to_statistics as s, fid_statistics_to_metric as f
  // f(s(torch.from_numpy(x)), s(torch.from_numpy(y)), False)
  const expected = 3.34108956842668;
  const { value, details, warnings } = await fid.compute({ real, samples }, { workspace });
  assert.ok(Math.abs(value / expected - 1) < 1e-12, String(value));
  assert.equal(warnings, undefined);
  assert.ok(Math.abs(Number(details?.means) + Number(details?.covariances) - value) < 1e-12);
  // The distance is symmetric.
  const swapped = await fid.compute({ real: samples, samples: real }, { workspace });
  assert.ok(Math.abs(swapped.value / expected - 1) < 1e-12);
});

test('Gaussians with given moments: the closed form', async () => {
  const runtime = await workspace.runtime();
  // Covariances that commute: |m1 - m2|^2 + sum (sqrt(a_i) - sqrt(b_i))^2.
  const a = { rows: 9, mean: Float64Array.of(1, 0), covariance: Float64Array.of(4, 0, 0, 9) };
  const b = { rows: 9, mean: Float64Array.of(0, 2), covariance: Float64Array.of(1, 0, 0, 25) };
  const { value, ofMeans, ofCovariances } = await frechetDistance(runtime, a, b);
  assert.ok(Math.abs(value - (5 + 1 + 4)) < 1e-14);
  assert.deepEqual([ofMeans, Math.round(ofCovariances)], [5, 5]);
  // Covariances that do not: tr (S1 S2)^1/2 = sqrt(tr S1 S2 + 2 sqrt(det S1 det S2)) of two by two.
  const c = { rows: 9, mean: new Float64Array(2), covariance: Float64Array.of(2, 1, 1, 2) };
  const d = { rows: 9, mean: new Float64Array(2), covariance: Float64Array.of(1, 0, 0, 9) };
  const expected = 4 + 10 - 2 * Math.sqrt(2 + 18 + 2 * Math.sqrt(3 * 9));
  assert.ok(Math.abs((await frechetDistance(runtime, c, d)).value - expected) < 1e-13);
  // One without any spread.
  const point = { rows: 9, mean: new Float64Array(2), covariance: new Float64Array(4) };
  assert.equal((await frechetDistance(runtime, point, c)).value, 4);
  assert.equal((await frechetDistance(runtime, c, point)).value, 4);
});

test('moments are those of numpy.cov, whatever the chunks', async () => {
  const { real } = recordedRows();
  const runtime = await workspace.runtime();
  // numpy.cov(x.T)[0, :3]
  const expected = [0.5070100762521497, 0.27367161904697335, -0.463512136395861];
  for (const chunkRows of [7, 60, 1000]) {
    const { covariance } = await momentsOf(runtime, real, { chunkRows });
    for (const [i, value] of expected.entries()) assert.ok(Math.abs(covariance[i]! - value) < 1e-15);
  }
});

test('wide rows, whose covariance is computed in blocks', async () => {
  const real = gaussianRows(400, 300, { seed: 1 });
  const runtime = await workspace.runtime();
  const { covariance, mean } = await momentsOf(runtime, real, { chunkRows: 150 });
  for (const [i, j] of [
    [0, 0],
    [10, 290],
    [290, 10],
    [150, 149],
    [299, 299],
  ] as const) {
    let sum = 0;
    for (let row = 0; row < 400; row++)
      sum += (real.data[row * 300 + i]! - mean[i]!) * (real.data[row * 300 + j]! - mean[j]!);
    assert.ok(Math.abs(covariance[i * 300 + j]! - sum / 399) < 1e-14, `${i}, ${j}`);
  }
});

test('a set and itself, constant features and shifts', async () => {
  const real = gaussianRows(50, 3);
  assert.ok((await fid.compute({ real, samples: real }, { workspace })).value < 1e-7);
  const constant = rowsOf([
    [1, 5],
    [2, 5],
    [3, 5],
  ]);
  const moved = rowsOf([
    [2, 8],
    [3, 8],
    [4, 8],
  ]);
  const { value, interval } = await fid.compute({ real: constant, samples: moved }, { workspace });
  assert.ok(Math.abs(value - 10) < 1e-7 && interval?.every(Number.isFinite));
  const same = rowsOf([
    [1, 1],
    [1, 1],
  ]);
  assert.equal((await fid.compute({ real: same, samples: same }, { workspace })).value, 0);
});

test('fewer rows than features give a value and a warning', async () => {
  const { real, samples } = recordedRows();
  const few = [0, 1, 2, 3, 4, 5];
  const { value, warnings } = await fid.compute(
    { real: someRows(real, few), samples: someRows(samples, few) },
    { workspace },
  );
  // As above, of x[:6] and y[:6]. The eigenvalues that are 0 leave roots of rounding there.
  assert.ok(Math.abs(value / 3.630907458641646 - 1) < 1e-6, String(value));
  assert.match(warnings?.[0] ?? '', /6 rows.*8 features.*more than 8 rows/);
});

test('the interval has the width of the spread between data sets', async () => {
  const draws = 40;
  const values: number[] = [];
  let widths = 0;
  for (let draw = 0; draw < draws; draw++) {
    const real = gaussianRows(300, 3, { seed: 100 + draw });
    const samples = gaussianRows(200, 3, { seed: 900 + draw, mean: 0.5, deviation: 1.5 });
    const { value, interval } = await fid.compute({ real, samples }, { workspace });
    values.push(value);
    widths += (interval?.[1] ?? 0) - value;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1));
  // The deviation of 40 draws is known to 11 %: three of those.
  const ratio = widths / draws / (1.96 * deviation);
  assert.ok(ratio > 0.67 && ratio < 1.4, String(ratio));
});

test('bad input is refused, and an aborted computation ends', async () => {
  const real = gaussianRows(5, 3);
  await assert.rejects(fid.compute({ real, samples: gaussianRows(5, 4) }), ShapeError);
  await assert.rejects(fid.compute({ real, samples: gaussianRows(1, 3) }), DatasetError);
  await assert.rejects(
    fid.compute({
      real,
      samples: rowsOf([
        [0, 1, Number.NaN],
        [1, 2, 3],
      ]),
    }),
    /row 0 of "samples"/,
  );
  const reason = new Error('enough');
  await assert.rejects(fid.compute({ real, samples: real }, { workspace, signal: AbortSignal.abort(reason) }), reason);
});

test('progress goes from 0 to 1', async () => {
  const shares: number[] = [];
  const real = gaussianRows(50, 3);
  await fid.compute({ real, samples: real }, { workspace, onProgress: (share) => shares.push(share) });
  assert.ok(shares.every((share) => share > 0 && share <= 1) && shares.includes(1));
});

for (const [name, value] of [
  ['one that is no number', Number.NaN],
  ['one beyond all numbers', Number.POSITIVE_INFINITY],
] as const)
  test(`${name} is found, wherever it is, also in a column where all rows have it`, async () => {
    const good = gaussianRows(40, 3);
    for (const input of ['real', 'samples'] as const)
      for (const places of [[5], Array.from({ length: 40 }, (_, row) => 3 * row + 1)]) {
        const data = good.data.slice();
        for (const place of places) data[place] = value;
        const message = new RegExp(`row ${Math.floor(places[0]! / 3)} of "${input}" holds ${value} at position`);
        const inputs = { real: good, samples: good, [input]: { ...good, data } };
        await assert.rejects(fid.compute(inputs, { workspace, interval: false }), (error) => {
          assert.ok(error instanceof DatasetError);
          assert.match(error.message, message);
          return true;
        });
      }
  });
