import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { type AxisRequest, fitAxis } from './axis.js';

const request = (part: Partial<AxisRequest>): AxisRequest => ({
  scale: 'linear',
  extent: [0, 1],
  limits: undefined,
  pixels: [0, 300],
  ends: 'exact',
  tickCount: 5,
  ...part,
});
const labels = (part: Partial<AxisRequest>): string[] => fitAxis(request(part)).ticks.map(({ label }) => label);

test('the ends of the data lie at the ends of the axis', () => {
  const axis = fitAxis(request({ extent: [10, 20], pixels: [200, 50] }));
  assert.deepEqual([axis.position(10), axis.position(15), axis.position(20)], [200, 125, 50]);
});

test('round ends reach beyond the data', () => {
  const axis = fitAxis(request({ extent: [0.13, 2.83], ends: 'round' }));
  assert.equal(axis.position(0), 0);
  assert.equal(axis.position(3), 300);
});

test('a constant lies in the middle', () => {
  for (const value of [5, -2e-4, 0]) assert.equal(fitAxis(request({ extent: [value, value] })).position(value), 150);
  assert.ok(Math.abs(fitAxis(request({ extent: [7, 7], scale: 'log' })).position(7) - 150) < 1e-9);
});

test('a logarithmic axis gives equal factors equal lengths', () => {
  const axis = fitAxis(request({ scale: 'log', limits: [1, 1000] }));
  assert.deepEqual(
    [1, 10, 100, 1000].map((value) => Math.round(axis.position(value))),
    [0, 100, 200, 300],
  );
  assert.equal(axis.minorTicks.length, 28);
});

// The words beside ticks, as a reader of a paper expects them.
for (const [part, expected] of [
  [{ extent: [0, 1] }, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
  [{ extent: [-1, 1] }, ['−1.0', '−0.5', '0.0', '0.5', '1.0']],
  [{ extent: [0, 8000] }, ['0', '2,000', '4,000', '6,000', '8,000']],
  [{ extent: [0, 200_000] }, ['0', '50k', '100k', '150k', '200k']],
  [{ extent: [0, 4e10] }, ['0', '10¹⁰', '2×10¹⁰', '3×10¹⁰', '4×10¹⁰']],
  [{ extent: [0, 8e-4] }, ['0', '2×10⁻⁴', '4×10⁻⁴', '6×10⁻⁴', '8×10⁻⁴']],
  [{ scale: 'log', limits: [1e-3, 10] }, ['10⁻³', '10⁻²', '10⁻¹', '10⁰', '10¹']],
  [{ scale: 'log', limits: [1e-12, 1] }, ['10⁻¹²', '10⁻⁹', '10⁻⁶', '10⁻³', '10⁰']],
  [{ scale: 'log', limits: [15, 300] }, ['20', '50', '100', '200']],
  [{ scale: 'log', limits: [1500, 30_000] }, ['2,000', '5,000', '10,000', '20,000']],
  [{ scale: 'log', limits: [0.015, 0.3] }, ['0.02', '0.05', '0.1', '0.2']],
  [{ scale: 'log', limits: [1.4, 3.2] }, ['1.5', '2.0', '2.5', '3.0']],
] satisfies [Partial<AxisRequest>, string[]][])
  test(`ticks for ${JSON.stringify(part)}`, () => assert.deepEqual(labels(part), expected));

test('limits that a scale cannot have are refused', () => {
  for (const limits of [
    [1, 1],
    [2, 1],
    [0, Number.NaN],
  ] as const)
    assert.throws(() => fitAxis(request({ limits })), ConfigError);
  assert.throws(() => fitAxis(request({ scale: 'log', limits: [0, 1] })), /limits above 0/);
});
