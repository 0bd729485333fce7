import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DatasetError, ShapeError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import type { FeatureRows, MetricOptions } from './metric.js';
import { parzen } from './parzen.js';
import { bestBandwidth, windowDistances, windowLogDensities } from './parzen-window.js';
import { rowsOfWidth } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());
const compute = (inputs: Parameters<typeof parzen.compute>[0], options: MetricOptions = {}) =>
  parzen.compute(inputs, { workspace, ...options });
const idle = async (): Promise<void> => {};

function near(actual: number | undefined, expected: number, tolerance: number): void {
  assert.ok(
    Math.abs((actual ?? Number.NaN) - expected) <= tolerance * Math.abs(expected),
    `${actual} is not ${expected}`,
  );
}

// s = np.sin(1.7 * np.arange(150.)).reshape(50, 3); x = .8 * np.cos(2.3 * np.arange(60.)).reshape(20, 3)
const samples = rowsOfWidth(
  3,
  Array.from({ length: 150 }, (_, i) => Math.sin(1.7 * i)),
);
const rows = rowsOfWidth(
  3,
  Array.from({ length: 60 }, (_, i) => 0.8 * Math.cos(2.3 * i)),
);

test('densities are those of scikit-learn', async () => {
  const densities = windowLogDensities(await windowDistances(await workspace.runtime(), samples, rows), 0.3);
  // KernelDensity(bandwidth=.3).fit(s).score_samples(x)[:3]
  const expected = [-2.82068741132679, -3.503537111037496, -3.352354402613783];
  for (const [row, value] of expected.entries()) near(densities[row], value, 1e-9);
});

test('the bandwidth is the most probable one', async () => {
  const distances = await windowDistances(await workspace.runtime(), samples, rows);
  const { bandwidth, isLeast } = await bestBandwidth(distances, idle);
  // scipy.optimize.minimize_scalar(lambda l: -KernelDensity(bandwidth=np.exp(l)).fit(s).score_samples(x).mean(), bounds=(-4, 2), method='bounded',
  //   options=dict(xatol=1e-10)): exp(x), -fun
  near(bandwidth, 0.3828271338097278, 2e-4);
  const values = windowLogDensities(distances, bandwidth);
  near(
    values.reduce((sum, value) => sum + value / 20, 0),
    -2.7816047000970734,
    1e-6,
  );
  assert.equal(isLeast, false);
});

test('by hand: samples at 0, rows at 1 and -1', async () => {
  // One place, so h^2 is the mean square, 1; log N(1; 0, 1) = -1/2 - log(2 pi) / 2.
  const value = await compute({ samples: rowsOfWidth(1, [0, 0, 0]), real: rowsOfWidth(1, [1, -1, 1, -1]) });
  near(Number(value.details?.bandwidth), 1, 1e-9);
  near(value.value, -0.5 - Math.log(2 * Math.PI) / 2, 1e-9);
  assert.match(value.warnings?.[0] ?? '', /rank models badly/);
  assert.match(parzen.read(value), /windows of width 1 around 3 samples.*e\^-1.42.*no decision/);
});

test('samples of the truth are better than blurred, noisy and mode-dropped ones', async () => {
  const draw = (seed: number, deviation: number, places: number): FeatureRows => {
    const noise = random(seed).normal(1200);
    return rowsOfWidth(
      2,
      Array.from(noise, (value, i) => {
        const angle = ((i >> 1) % places) * (Math.PI / 4);
        return 4 * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)) + deviation * value;
      }),
    );
  };
  const real = draw(1, 0.4, 8);
  const value = async (drawn: FeatureRows) => (await compute({ real, samples: drawn })).value;
  const truth = await value(draw(2, 0.4, 8));
  const blurred = rowsOfWidth(
    2,
    draw(2, 0.4, 8).data.map((one) => one * 0.7),
  );
  for (const worse of [blurred, draw(3, 2, 8), draw(4, 0.4, 2)]) assert.ok((await value(worse)) < truth - 0.1);
  // The density of the truth itself: a mixture of eight Gaussians with hardly any overlap.
  const entropy = Math.log(8) + 1 + Math.log(2 * Math.PI * 0.16);
  assert.ok(truth < -entropy + 0.1 && truth > -entropy - 0.4, `${truth} ${-entropy}`);
});

test('distances are sums of squared differences, whatever the blocks, and 0 for equal rows', async () => {
  const copies = rowsOfWidth(3, [...rows.data.subarray(0, 57), ...samples.data.subarray(0, 3)]);
  const expected = Array.from({ length: copies.rows * samples.rows }, (_, at) => {
    const [i, m] = [Math.floor(at / samples.rows), at % samples.rows];
    return [0, 1, 2].reduce((sum, k) => sum + (copies.data[3 * i + k]! - samples.data[3 * m + k]!) ** 2, 0);
  });
  for (const sizes of [
    { rowsA: 1, rowsB: 1 },
    { rowsA: 7, rowsB: 20 },
    { rowsA: 100, rowsB: 100 },
  ]) {
    const { squares, least } = await windowDistances(await workspace.runtime(), samples, copies, { sizes });
    for (const [at, square] of expected.entries()) near(squares[at], square, 1e-12);
    assert.equal(squares[19 * samples.rows], 0);
    assert.equal(least[19], 0);
  }
});

test('constant features cancel; rows that are samples make windows as narrow as they may be', async () => {
  const padded = (from: FeatureRows) =>
    rowsOfWidth(
      4,
      Array.from({ length: from.rows * 4 }, (_, i) => (i % 4 === 3 ? 7 : from.data[(i >> 2) * 3 + (i % 4)]!)),
    );
  const distances = await windowDistances(await workspace.runtime(), samples, rows);
  const constant = await windowDistances(await workspace.runtime(), padded(samples), padded(rows));
  for (const [i, square] of constant.squares.entries()) near(square, distances.squares[i]!, 1e-12);
  const copied = await compute({ real: rows, samples: rows });
  assert.match(copied.warnings?.[1] ?? '', /copies/);
  await assert.rejects(
    compute({ real: rowsOfWidth(1, [2, 2, 2]), samples: rowsOfWidth(1, [2, 2]) }),
    (error) => error instanceof DatasetError && /all the same|are the same/.test(error.message),
  );
});

test('the seed chooses the halves; more rows than are looked at are left out', async () => {
  const real = rowsOfWidth(1, random(1).normal(2500));
  const drawn = rowsOfWidth(1, random(2).normal(300));
  const seeded = (seed: number) => compute({ real, samples: drawn }, { seed, resamplings: 20 });
  const first = await seeded(1);
  assert.deepEqual(await seeded(1), first);
  assert.notEqual((await seeded(2)).value, first.value);
  assert.equal(first.details?.judgedRows, 1000);
  const [low = 0, high = 0] = first.interval ?? [];
  assert.ok(low < first.value && first.value < high);
});

test('bad inputs, aborts and progress', async () => {
  await assert.rejects(compute({ real: rows, samples: rowsOfWidth(3, [1, 2, 3]) }), /at least 2 rows of "samples"/);
  await assert.rejects(compute({ real: rows, samples: rowsOfWidth(2, [1, 2, 3, 4]) }), ShapeError);
  await assert.rejects(
    compute({ real: rowsOfWidth(1, [1, Number.NaN]), samples: rowsOfWidth(1, [1, 2]) }),
    /holds NaN/,
  );
  const shares: number[] = [];
  await compute({ real: rows, samples }, { onProgress: (share) => shares.push(share) });
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  );
  assert.equal(shares.at(-1), 1);
  const reason = new Error('enough');
  const stop = new AbortController();
  const aborted = compute({ real: rows, samples }, { signal: stop.signal, onProgress: () => stop.abort(reason) });
  await assert.rejects(aborted, reason);
});
