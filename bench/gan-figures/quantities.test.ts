// The worst of several seeds decides, and which one that is depends on which way is better.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWords, reachesGoal, worstOf } from './quantities.js';

test('a goal has to be reached by every seed', () => {
  assert.equal(worstOf('modes', [8, 7, 8]), 7);
  assert.ok(!reachesGoal('modes', [8, 7, 8], 8));
  assert.ok(reachesGoal('modes', [8, 8, 8], 8));
});

test('distances are the better the smaller', () => {
  assert.equal(worstOf('fid', [12, 20]), 20);
  assert.ok(reachesGoal('fid', [12, 20], 20));
  assert.ok(!reachesGoal('fid', [12, 20], 19.9));
});

test('values come with their unit and digits', () => {
  assert.equal(inWords('high-quality', 91.26), '91.3 %');
  assert.equal(inWords('label-entropy', 2.2971), '2.30 nats');
  assert.equal(inWords('modes', 8), '8');
});
