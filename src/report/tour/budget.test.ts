import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedJudging, stageTime } from './budget.js';

test('a stage gets its share of the time that judging leaves, and its own judging', () => {
  const { seconds, trainingSeconds } = stageTime(300, [{ share: 1 }, { share: 2, judging: 2 }], 10);
  assert.equal(seconds, 90 + 10);
  assert.ok(Math.abs(trainingSeconds - 81) < 1e-9);
  assert.equal(stageTime(300, [{ share: 2 }], 0).seconds, 300);
});

test('stages that keep to their times use up the whole, whatever the shares and weights', () => {
  const stages = [{ share: 8 }, { share: 18 }, { share: 34, judging: 2.5 }, { share: 58 }];
  for (const judging of [0, 1, 50]) {
    let left = 100;
    for (const index of stages.keys()) left -= stageTime(left, stages.slice(index), judging).seconds;
    assert.ok(Math.abs(left) < 1e-9);
  }
});

test('stages of equal shares train equally long, however dear one of them is to judge', () => {
  const stages = [{ share: 1 }, { share: 1, judging: 3 }];
  const first = stageTime(100, stages, 10);
  const last = stageTime(100 - first.seconds, stages.slice(1), 10);
  assert.ok(Math.abs(first.trainingSeconds - last.trainingSeconds) < 1e-9);
});

test('what an early stage took too long is spread over all later ones', () => {
  const planned = stageTime(300, [{ share: 1 }, { share: 1 }, { share: 1 }], 0).seconds;
  const late = stageTime(300 - planned - 50, [{ share: 1 }, { share: 1 }], 0).seconds;
  assert.equal(late, planned - 25);
});

test('judging that took very long leaves time to train', () => {
  const { seconds, trainingSeconds } = stageTime(100, [{ share: 1 }], 1000);
  assert.equal(seconds, 100);
  assert.ok(trainingSeconds > 0.3 * seconds);
  assert.equal(stageTime(-5, [{ share: 1 }, { share: 2 }], 3).trainingSeconds, 0);
});

test('judging is expected to take what the longest took for its weight', () => {
  const judged = [
    { stage: { share: 1 }, seconds: 5 },
    { stage: { share: 1, judging: 4 }, seconds: 24 },
  ];
  assert.equal(expectedJudging(judged), 6);
  assert.ok(expectedJudging([]) > 0);
});
