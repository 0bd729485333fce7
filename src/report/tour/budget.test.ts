import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageTime } from './budget.js';

test('a stage gets its share of the time left', () => {
  assert.deepEqual(stageTime(300, [1, 2], 10), { seconds: 100, trainingSeconds: 81 });
  assert.equal(stageTime(300, [2], 0).seconds, 300);
});

test('stages that keep to their times use up the whole, whatever the shares', () => {
  const shares = [8, 18, 34, 58];
  let left = 100;
  for (const index of shares.keys()) left -= stageTime(left, shares.slice(index), 1).seconds;
  assert.ok(Math.abs(left) < 1e-9);
});

test('what an early stage took too long is spread over all later ones', () => {
  const planned = stageTime(300, [1, 1, 1], 0).seconds;
  const late = stageTime(300 - planned - 50, [1, 1], 0).seconds;
  assert.equal(late, planned - 25);
});

test('judging that took very long leaves time to train', () => {
  const { seconds, trainingSeconds } = stageTime(100, [1], 1000);
  assert.ok(trainingSeconds > 0.3 * seconds);
  assert.equal(stageTime(-5, [1, 2], 3).trainingSeconds, 0);
});
