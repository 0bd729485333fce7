import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Dataset, fromArrays } from '../../data/index.js';
import { openRuntime } from '../../runtime/node/open.js';
import { summarizeByteScatter } from './byte-scatter.js';
import { summarizeScatter } from './scatter.js';
import { solveSpectrum } from './solve-spectrum.js';
import type { Spectrum } from './spectrum.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

/** Just enough multiplications of a covariance for float32 to be chosen. */
const [rows, columns] = [16_400, 512] as const;
const kept = 6;

/** Rows of `kept` strong directions, and noise of a standard deviation, times `scale`. */
function rowsWith(noise: number, scale: number): Dataset {
  const x = new Float32Array(rows * columns);
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  for (let row = 0; row < rows; row++) {
    const codes = Array.from({ length: kept }, (_, i) => next() * (kept - i));
    for (let i = 0; i < columns; i++) {
      let value = 3 + noise * next();
      for (const [j, code] of codes.entries()) value += code * Math.cos(((j + 1) * (i + 0.5) * Math.PI) / columns);
      x[row * columns + i] = value * scale;
    }
  }
  return fromArrays({ x, shape: [columns] });
}

const solve = (data: Dataset, precision: 'auto' | 'float64'): Promise<Spectrum> =>
  solveSpectrum(runtime, data, {
    components: kept,
    solver: 'exact',
    precision,
    oversamples: 0,
    powerIterations: 0,
    seed: 0,
  });

test('of large data products are float32 where that suffices, and agree with float64', async () => {
  const data = rowsWith(1, 1);
  const [quick, exact] = [await solve(data, 'auto'), await solve(data, 'float64')];
  assert.notDeepEqual(quick.variances, exact.variances);
  // An entry of the covariance has an error of 1e-8 of its columns' variances, and the last variance is a thirtieth of the first.
  for (const [i, value] of exact.variances.entries()) assert.ok(Math.abs(quick.variances[i]! / value - 1) < 1e-6);
  for (const [i, value] of exact.components.entries()) assert.ok(Math.abs(quick.components[i]! - value) < 1e-5);
  for (const [i, value] of exact.mean.entries()) assert.ok(Math.abs(quick.mean[i]! - value) < 1e-6);
  assert.ok(Math.abs(quick.totalVariance / exact.totalVariance - 1) < 1e-7);
});

test('where hardly anything is left out, or numbers are outside the range of float32 squares, products are float64', async () => {
  for (const [noise, scale] of [
    [1e-3, 1],
    [1, 1e25],
    [1, 1e-25],
  ] as const) {
    const data = rowsWith(noise, scale);
    assert.deepEqual((await solve(data, 'auto')).variances, (await solve(data, 'float64')).variances);
  }
});

test('scatters in float32 keep the digits of columns far from zero', async () => {
  const x = Float32Array.from(
    { length: 3000 * 3 },
    (_, i) => (i % 3 === 0 ? 2 ** 22 : 0) + Math.round(9 * Math.sin(i)),
  );
  const data = fromArrays({ x, shape: [3] });
  const [quick, exact] = [await summarizeScatter(runtime, data, 'float32'), await summarizeScatter(runtime, data)];
  for (const [i, value] of exact.scatter.entries())
    assert.ok(Math.abs(quick.scatter[i]! - value) < 1e-6 * exact.scatter[i - (i % 4)]!);
  for (const [i, value] of exact.mean.entries()) assert.ok(Math.abs(quick.mean[i]! - value) < 1e-6);
});

test('scatters of bytes are those of their numbers, also where columns hardly vary, held in parts or not', async () => {
  const [count, features] = [20_000, 300];
  // Columns 0 and 1 are constant, column 2 differs in one row, the others vary.
  const bytes = Uint8Array.from({ length: count * features }, (_, i) => {
    const column = i % features;
    if (column < 2) return 255 * column;
    if (column === 2) return i === 5 * features + 2 ? 254 : 255;
    return (Math.imul(i, 2654435761) >>> 24) >> (column % 3);
  });
  const images = fromArrays({ x: bytes, shape: [20, 15, 1] });
  const kept = images.gather.bytes;
  assert.ok(kept);
  const found = await summarizeByteScatter(runtime, images, kept);
  const expected = await summarizeScatter(runtime, images);
  for (const [i, value] of expected.scatter.entries()) {
    const [row, column] = [Math.floor(i / features), i % features];
    const size = Math.sqrt(expected.scatter[row * (features + 1)]! * expected.scatter[column * (features + 1)]!);
    // A float32 differs from b / 255 by 2^-25 of it at most.
    assert.ok(Math.abs(found.scatter[i]! - value) <= 1e-6 * size, `${found.scatter[i]} for ${value} at ${i}`);
  }
  for (const [i, value] of expected.mean.entries()) assert.ok(Math.abs(found.mean[i]! - value) < 1e-7);
  for (const i of [0, 1]) assert.equal(found.scatter[i * (features + 1)], 0);
  // One of 20000 rows one level lower: n (1/n)(1 - 1/n) / 255^2.
  assert.ok(Math.abs((found.scatter[2 * (features + 1)]! * 255 ** 2) / (1 - 1 / count) - 1) < 1e-12);
});

test('the spectrum of many rows of bytes is that of their numbers', async () => {
  const numbers = rowsWith(1, 1);
  const { x } = await numbers.gather(Uint32Array.from({ length: rows }, (_, i) => i));
  const data = fromArrays({
    x: Uint8Array.from(x, (value) => Math.round(16 * Math.min(9, value + 4))),
    shape: [columns],
  });
  const [quick, exact] = [await solve(data, 'auto'), await solve(data, 'float64')];
  // Whole numbers are the same in both, and so are all sums up to rounding.
  for (const [i, value] of exact.variances.entries()) assert.ok(Math.abs(quick.variances[i]! / value - 1) < 1e-11);
  for (const [i, value] of exact.components.entries()) assert.ok(Math.abs(quick.components[i]! - value) < 1e-9);
});
