import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { random } from './random.js';

test('the same seed and labels give the same numbers; others differ', () => {
  const draw = (seed: number, label: string | number) => [...random(seed).split(label).uniform(4)];
  assert.deepEqual(draw(7, 'noise'), draw(7, 'noise'));
  assert.notDeepEqual(draw(7, 'noise'), draw(8, 'noise'));
  assert.notDeepEqual(draw(7, 'noise'), draw(7, 'order'));
  assert.notDeepEqual(draw(7, 1), draw(7, '1'));
});

test('splitting does not depend on how far the parent was read', () => {
  const parent = random(3);
  const before = [...parent.split('a').uniform(3)];
  parent.uniform(100);
  assert.deepEqual([...parent.split('a').uniform(3)], before);
});

test('the first numbers of 10000 consecutive children are uniform and uncorrelated', () => {
  const parent = random(0);
  const first = Array.from({ length: 10_000 }, (_, i) => parent.split(i).next());
  // Standard errors: mean 0.289/100, lag correlation 1/100; five of them are allowed.
  assert.ok(Math.abs(first.reduce((a, b) => a + b) / 10_000 - 0.5) < 5 * 0.0029);
  let correlation = 0;
  for (let i = 1; i < first.length; i++) correlation += ((first[i]! - 0.5) * (first[i - 1]! - 0.5) * 12) / first.length;
  assert.ok(Math.abs(correlation) < 0.05);
});

test('normals have the moments of N(0, 1)', () => {
  const values = random(1).normal(200_001);
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
  // Standard errors at n = 200001: 1/sqrt(n), sqrt(2/n), sqrt(15/n), sqrt(96/n); four of them are allowed.
  assert.ok(Math.abs(moment(1)) < 4 * 0.00224);
  assert.ok(Math.abs(moment(2) - 1) < 4 * 0.00316);
  assert.ok(Math.abs(moment(3)) < 4 * 0.00866);
  assert.ok(Math.abs(moment(4) - 3) < 4 * 0.0219);
});

test('uniform stays in [low, high) and integers reach both ends evenly', () => {
  const values = random(2).uniform(10_000, -1, 1);
  assert.ok(values.every((value) => value >= -1 && value < 1));
  const counts = [0, 0, 0];
  for (const value of random(2).integers(30_000, 5, 8)) counts[value - 5]!++;
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 5 * Math.sqrt((30_000 * 2) / 9));
});

test('a permutation holds every number once and is uniform over the 6 orders of 3', () => {
  assert.deepEqual(
    [...random(4).permutation(100)].sort((a, b) => a - b),
    [...Array(100).keys()],
  );
  const counts = new Map<string, number>();
  const parent = random(5);
  for (let i = 0; i < 6000; i++) {
    const order = parent.split(i).permutation(3).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 5 * Math.sqrt((6000 * 5) / 36));
});

test('whole numbers reach the ends of 32 bits; ranges that do not fit are refused', () => {
  const values = random(3).integers(1000, -(2 ** 31), 2 ** 31);
  assert.ok(values.some((value) => value < 0) && values.some((value) => value > 0));
  for (const [low, high] of [
    [0, 2 ** 32],
    [0.5, 1.5],
    [3, 3],
  ] as const)
    assert.throws(() => random(3).integers(1, low, high), ConfigError);
});

test('a seed that is no whole number is refused', () => {
  assert.throws(() => random(0.5), ConfigError);
  assert.throws(() => random(Number.NaN), ConfigError);
});
