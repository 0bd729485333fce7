import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from './pace.js';

test('the first run is one step; later ones take about a quarter of a second', () => {
  const pace = new Pace(100);
  assert.equal(pace.stepsPerRun, 1);
  pace.record(50, 1);
  assert.equal(pace.stepsPerRun, 5);
});

test('fast steps stop at 64 a run, slow ones at one', () => {
  const fast = new Pace(100);
  fast.record(0.001, 1);
  assert.equal(fast.stepsPerRun, 64);
  const slow = new Pace(100);
  slow.record(9000, 1);
  assert.equal(slow.stepsPerRun, 1);
});

test('the feeds of a run stay within 8 MiB', () => {
  const pace = new Pace(2 ** 20);
  pace.record(0.001, 1);
  assert.equal(pace.stepsPerRun, 8);
  const huge = new Pace(2 ** 30);
  huge.record(0.001, 1);
  assert.equal(huge.stepsPerRun, 1);
});

test('a fixed number of steps is kept to', () => {
  const pace = new Pace(2 ** 30, 7);
  pace.record(9000, 1);
  assert.equal(pace.stepsPerRun, 7);
});

test('the rate is finite from the start', () => {
  const pace = new Pace(1);
  assert.ok(Number.isFinite(1000 / pace.millisecondsPerStep));
  pace.record(0, 1);
  assert.ok(Number.isFinite(1000 / pace.millisecondsPerStep));
});
