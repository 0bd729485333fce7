import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { activeUnits } from './active-units.js';
import type { ImageRows, Metric } from './metric.js';
import { psnr } from './psnr.js';
import { reconstructionError } from './reconstruction-error.js';
import { metricsFor } from './registry.js';
import { ssim } from './ssim.js';

type Shape = readonly [number, number, number, number];
const imagesOf = (shape: Shape, data: ArrayLike<number>): ImageRows => ({ data: Float64Array.from(data), shape });
const filled = (shape: Shape, value: number): ImageRows =>
  imagesOf(shape, new Float64Array(shape.reduce((a, b) => a * b)).fill(value));
const compare = [reconstructionError, psnr, ssim];

function near(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
}

/** i = np.arange(2 * 16 * 14 * 3); a = (.5 + .5 * np.sin(.37 * i)).reshape(2, 16, 14, 3); b = np.clip(a + .2 * np.cos(1.3 * i).reshape(a.shape), 0, 1) */
function waves(): { readonly originals: ImageRows; readonly reconstructions: ImageRows } {
  const shape = [2, 16, 14, 3] as const;
  const originals = Float64Array.from({ length: 1344 }, (_, i) => 0.5 + 0.5 * Math.sin(0.37 * i));
  const changed = originals.map((value, i) => Math.min(1, Math.max(0, value + 0.2 * Math.cos(1.3 * i))));
  return { originals: imagesOf(shape, originals), reconstructions: imagesOf(shape, changed) };
}

test('the same as scikit-image', async () => {
  // np.mean([structural_similarity(p, q, gaussian_weights=True, use_sample_covariance=False, data_range=1, channel_axis=-1) for p, q in zip(a, b)])
  near((await ssim.compute(waves())).value, (0.9365192842106661 + 0.9362914899073954) / 2);
  // np.mean([peak_signal_noise_ratio(p, q, data_range=1) for p, q in zip(a, b)])
  near((await psnr.compute(waves())).value, (18.046375144503926 + 18.016648720405325) / 2);
  // mean_squared_error(a, b)
  near((await reconstructionError.compute(waves())).value, 0.015734442154084656);
});

test('by hand: errors and decibels', async () => {
  // The first image wrong by 0.1 everywhere, the second right: 0.01 and 20 dB, 0 and 100 dB.
  const inputs = {
    originals: imagesOf([2, 1, 2, 1], [0.5, 0.5, 1, 0]),
    reconstructions: imagesOf([2, 1, 2, 1], [0.6, 0.4, 1, 0]),
  };
  near((await reconstructionError.compute(inputs)).value, 0.005);
  near((await psnr.compute(inputs)).value, 60);
});

test('by hand: the similarity of two even images is that of their brightness', async () => {
  // No contrast, so the second factor is 1: (2 * 0.2 * 0.6 + C1) / (0.2^2 + 0.6^2 + C1), C1 = 1e-4.
  const shape = [1, 12, 11, 1] as const;
  const { value } = await ssim.compute({ originals: filled(shape, 0.2), reconstructions: filled(shape, 0.6) });
  near(value, 0.2401 / 0.4001, 1e-10);
});

test('a negative is as unlike as can be', async () => {
  const checks = Array.from({ length: 144 }, (_, i) => ((i % 12) + Math.floor(i / 12)) % 2);
  const originals = imagesOf([1, 12, 12, 1], checks);
  const reconstructions = imagesOf(
    [1, 12, 12, 1],
    checks.map((value) => 1 - value),
  );
  assert.ok((await ssim.compute({ originals, reconstructions })).value < -0.95);
  assert.equal((await reconstructionError.compute({ originals, reconstructions })).value, 1);
  assert.equal((await psnr.compute({ originals, reconstructions })).value, 0);
});

test('what is the same has no error; which is the original does not matter', async () => {
  const { originals, reconstructions } = waves();
  const same = { originals, reconstructions: originals };
  assert.equal((await reconstructionError.compute(same)).value, 0);
  assert.equal((await psnr.compute(same)).value, 100);
  assert.equal((await ssim.compute(same)).value, 1);
  for (const metric of compare) {
    assert.match(metric.read(await metric.compute(same)), /exactly as they were/);
    const swapped = await metric.compute({ originals: reconstructions, reconstructions: originals });
    near(swapped.value, (await metric.compute({ originals, reconstructions })).value);
  }
});

test('the better reconstruction comes first, and the readings tell them apart', async () => {
  const shape = [30, 16, 16, 1] as const;
  const size = 30 * 256;
  const noise = random(3).normal(size);
  const data = Float64Array.from({ length: size }, (_, i) => 0.5 + 0.4 * Math.sin((i % 16) * 0.8 + (i >> 4) * 0.3));
  const originals = imagesOf(shape, data);
  const noisy = (amount: number): ImageRows =>
    imagesOf(
      shape,
      data.map((value, i) => Math.min(1, Math.max(0, value + amount * (noise[i] ?? 0)))),
    );
  const models = [noisy(0), noisy(0.01), noisy(0.08), noisy(0.5)];
  for (const metric of compare as readonly Metric<'originals' | 'reconstructions'>[]) {
    const values = [];
    for (const reconstructions of models) values.push(await metric.compute({ originals, reconstructions }));
    const sign = metric.better === 'higher' ? -1 : 1;
    const ordered = values.map(({ value }) => sign * value);
    assert.deepEqual(
      ordered,
      ordered.toSorted((a, b) => a - b),
      metric.name,
    );
    assert.equal(new Set(values.map((value) => metric.read(value))).size, 4, metric.name);
    for (const { value, interval } of values) {
      const [low = 1, high = 0] = interval ?? [];
      assert.ok(low <= value + 1e-12 && high >= value - 1e-12, metric.name);
    }
  }
});

test('images smaller than a window have no similarity', async () => {
  const inputs = { originals: filled([2, 8, 8, 1], 0), reconstructions: filled([2, 8, 8, 1], 0) };
  assert.deepEqual(
    metricsFor(inputs).map(({ name }) => name),
    ['reconstruction-error', 'psnr'],
  );
  await assert.rejects(
    ssim.compute(inputs),
    (error) => error instanceof ShapeError && /11 x 11; images of 8 x 8/.test(error.message),
  );
});

test('bad images are refused', async () => {
  const good = filled([1, 11, 11, 1], 0.5);
  for (const metric of compare) {
    const compute = (reconstructions: ImageRows) => metric.compute({ originals: good, reconstructions });
    await assert.rejects(compute(filled([1, 11, 12, 1], 0.5)), ShapeError);
    await assert.rejects(compute(filled([1, 11, 11, 1], Number.NaN)), /holds NaN/);
    await assert.rejects(compute(filled([1, 11, 11, 1], 1.2)), /holds 1.2.*in \[0, 1\]/);
    const none = filled([0, 11, 11, 1], 0);
    await assert.rejects(metric.compute({ originals: none, reconstructions: none }), /at least 1 row/);
  }
});

test('progress grows to 1, and an abort stops it', async () => {
  for (const metric of compare) {
    const shares: number[] = [];
    await metric.compute(waves(), { onProgress: (share) => shares.push(share) });
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    );
    assert.equal(shares.at(-1), 1);
    const reason = new Error('enough');
    await assert.rejects(metric.compute(waves(), { signal: AbortSignal.abort(reason) }), reason);
  }
});

const codesOf = (width: number, data: ArrayLike<number>) => ({
  realCodes: {
    codes: { data: Float64Array.from(data), rows: data.length / width, width },
    labels: new Int32Array(data.length / width),
  },
});

test('by hand: units are active where their variance is above 0.01', async () => {
  // Variances 1, 0.01 - a little, 0.01 + a little, 0.
  const told = await activeUnits.compute(codesOf(4, [1, 0.0999, 0.1001, 5, -1, -0.0999, -0.1001, 5]));
  assert.equal(told.value, 2);
  assert.equal(told.details?.units, 4);
  assert.match(activeUnits.read(told), /2 of the 4 numbers of a code depend on the row/);
  // i = np.arange(60); np.var((np.sin(1.7 * i) * .2 * (i % 3)).reshape(20, 3), 0)
  const wave = Array.from({ length: 60 }, (_, i) => Math.sin(1.7 * i) * 0.2 * (i % 3));
  const { details } = await activeUnits.compute(codesOf(3, wave));
  const variances = details?.variances;
  assert.ok(Array.isArray(variances));
  for (const [unit, expected] of [0.0, 0.02104409094580617, 0.07512582126035569].entries())
    near(variances[unit], expected);
});

test('collapsed codes have none, codes in use all; the interval holds those in doubt', async () => {
  const noise = random(4).normal(3000);
  const all = await activeUnits.compute(codesOf(3, noise));
  assert.deepEqual([all.value, all.interval, all.warnings], [3, [3, 3], undefined]);
  assert.match(activeUnits.read(all), /All 3 numbers/);
  const none = await activeUnits.compute(codesOf(3, new Float64Array(30)));
  assert.deepEqual([none.value, none.interval], [0, [0, 0]]);
  assert.match(activeUnits.read(none), /None of the 3 numbers.*collapsed/);
  const doubtful = await activeUnits.compute(codesOf(1, noise.map((value) => value / 10).subarray(0, 50)));
  assert.deepEqual(doubtful.interval, [0, 1]);
  const foreign = await activeUnits.compute(
    codesOf(
      1,
      noise.map((value) => value * 10),
    ),
  );
  assert.match(foreign.warnings?.[0] ?? '', /standard normal prior/);
});

test('codes that are none are refused', async () => {
  await assert.rejects(activeUnits.compute(codesOf(2, [1, 2])), /at least 2 rows of "realCodes"; received 1/);
  await assert.rejects(activeUnits.compute(codesOf(1, [1, Number.NaN])), /holds NaN/);
  const reason = new Error('enough');
  await assert.rejects(activeUnits.compute(codesOf(1, [1, 2]), { signal: AbortSignal.abort(reason) }), reason);
});
