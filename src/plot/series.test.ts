import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../core/errors.js';
import { isDrawable, type Point, seriesPoints, smooth, thin } from './series.js';

const curve = (values: readonly number[]): Point[] => values.map((y, x) => ({ x, y }));

test('lengths that differ are refused by the name of the series', () => {
  assert.throws(
    () => seriesPoints({ name: 'generator', x: [1, 2, 3], y: [1, 2] }),
    (error: unknown) => error instanceof ShapeError && /"generator" has 3 x and 2 y/.test(error.message),
  );
});

test('smoothing is the average that forgets by the weight, free of the bias at the start', () => {
  // By hand, w = 0.5: m = 1/2*4, then /(1-1/2); m = 1/2*2 + 1/2*8 = 5, /(1-1/4); m = 1/2*5 + 1/2*0 = 2.5, /(1-1/8).
  const smoothed = smooth(curve([4, 8, 0]), 0.5).map(({ y }) => y);
  assert.deepEqual(smoothed, [4, 5 / 0.75, 2.5 / 0.875]);
});

test('smoothing leaves constants and, at weight 0, everything as it is', () => {
  for (const { y } of smooth(curve(Array(50).fill(3)), 0.97)) assert.ok(Math.abs(y - 3) < 1e-12);
  assert.deepEqual(smooth(curve([1, -5, 9]), 0), curve([1, -5, 9]));
});

test('a gap stays a gap and does not enter the average', () => {
  const [first, gap, next] = smooth(curve([4, Number.NaN, 8]), 0.5);
  assert.deepEqual([first?.y, gap?.y, next?.y], [4, Number.NaN, 5 / 0.75]);
});

test('weights outside [0, 1) are refused', () => {
  for (const weight of [-0.1, 1, Number.NaN]) assert.throws(() => smooth(curve([1]), weight), ConfigError);
});

test('thinning keeps both ends, every peak of a bucket, and the order', () => {
  const values = Array.from({ length: 50_000 }, (_, x) => Math.sin(x / 300) + ((x * 7919) % 101) / 500);
  values[31_337] = 40;
  values[17] = -40;
  const points = curve(values);
  const kept = thin(points, 2000);
  assert.ok(kept.length <= 2002 && kept.length > 1000, `${kept.length} points`);
  assert.deepEqual([kept[0], kept.at(-1)], [points[0], points.at(-1)]);
  assert.ok(kept.some(({ y }) => y === 40) && kept.some(({ y }) => y === -40));
  assert.ok(kept.every((point, index) => index === 0 || point.x > (kept[index - 1]?.x ?? 0)));
  for (let bucket = 0; bucket < 1000; bucket++) {
    const within = values.slice(bucket * 50, bucket * 50 + 50);
    const shown = kept.filter(({ x }) => x >= bucket * 50 && x < bucket * 50 + 50).map(({ y }) => y);
    assert.equal(Math.max(...shown), Math.max(...within));
    assert.equal(Math.min(...shown), Math.min(...within));
  }
});

test('thinning keeps gaps, and leaves short curves alone', () => {
  const values = Array.from({ length: 10_000 }, (_, x) => (x >= 4000 && x < 4500 ? Number.NaN : x));
  const kept = thin(curve(values), 200);
  const lastBefore = kept.findLastIndex(({ x }) => x < 4000);
  assert.equal(isDrawable(kept[lastBefore + 1] ?? { x: 0, y: 0 }), false);
  const short = curve([3, 1, 2]);
  assert.equal(thin(short, 3), short);
});
