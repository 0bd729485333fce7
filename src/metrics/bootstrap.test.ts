import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { bootstrap, bootstrapMean } from './bootstrap.js';

test('the interval of a mean is that of its standard error', async () => {
  const values = random(3).normal(2000, 5, 2);
  const mean = values.reduce((sum, value) => sum + value / 2000, 0);
  const [low, high] = (await bootstrapMean(values)) ?? [0, 0];
  // mean -+ 1.96 * 2 / sqrt(2000) = mean -+ 0.088; 1000 resamplings leave a spread of about 5 % of that.
  assert.ok(Math.abs(mean - low - 0.088) < 0.012, `${mean - low}`);
  assert.ok(Math.abs(high - mean - 0.088) < 0.012, `${high - mean}`);
});

test('intervals cover the truth about 95 times in 100', async () => {
  let covered = 0;
  for (let trial = 0; trial < 200; trial++) {
    const [low, high] = (await bootstrapMean(random(trial).normal(60), { resamplings: 200 })) ?? [0, 0];
    if (low <= 0 && high >= 0) covered += 1;
  }
  // Binomial(200, 0.95 or a little less): 190 -+ 3 * 3.1, and the percentile method covers too little for few rows.
  assert.ok(covered >= 178 && covered <= 199, `${covered}`);
});

test('the same seed gives the same interval, another seed another', async () => {
  const values = random(0).uniform(50);
  assert.deepEqual(await bootstrapMean(values, { seed: 4 }), await bootstrapMean(values, { seed: 4 }));
  assert.notDeepEqual(await bootstrapMean(values, { seed: 4 }), await bootstrapMean(values, { seed: 5 }));
});

test('constant values and a single row have no spread', async () => {
  assert.deepEqual(await bootstrapMean(new Float64Array(9).fill(2)), [2, 2]);
  assert.deepEqual(await bootstrapMean([7]), [7, 7]);
  assert.deepEqual(await bootstrapMean([Number.NEGATIVE_INFINITY]), [
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
});

test('resamplings without a value are left out; where most are, there is no interval', async () => {
  assert.deepEqual(await bootstrap(4, (drawn) => (drawn.includes(0) ? 1 : Number.NaN)), [1, 1]);
  assert.equal(await bootstrap(4, (drawn) => (drawn.every((row) => row === 0) ? 1 : Number.NaN)), undefined);
});

test('values that resampling makes smaller: the interval is moved to them, and stays within their range', async () => {
  // The number of different rows: of 20, about 63 % come up in a resampling.
  const different = (drawn: Uint32Array) => new Set(drawn).size;
  const [, high = 0] = (await bootstrap(20, different)) ?? [];
  assert.ok(high < 17);
  const moved = (await bootstrap(20, different, { value: 20 })) ?? [0, 0];
  assert.ok(moved[0] < 20 && moved[0] > 16 && moved[1] > 20, `${moved}`);
  assert.deepEqual(await bootstrap(20, different, { value: 20, range: [0, 20] }), [moved[0], 20]);
});

test('sets of rows are drawn from each by itself', async () => {
  await bootstrap([2, 3], (drawn) => {
    assert.ok(drawn.slice(0, 2).every((row) => row < 2));
    assert.ok(drawn.slice(2).every((row) => row >= 2 && row < 5));
    return 0;
  });
});

test('progress runs to 1, and an abort stops it', async () => {
  const shares: number[] = [];
  await bootstrapMean([1, 2], { resamplings: 4, onProgress: (share) => shares.push(share) });
  assert.deepEqual(shares, [0.25, 0.5, 0.75, 1]);
  const stop = new AbortController();
  await assert.rejects(
    bootstrap(2, () => 0, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) }),
    /enough/,
  );
  await assert.rejects(
    bootstrapMean([1, 2], { resamplings: 1 }),
    (error) => error instanceof ConfigError && /resamplings is 1/.test(error.message),
  );
});
