import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepPeers } from './peers/known-peers.js';
import { checkTaskName } from './peers/tasks.js';
import { stepTasks } from './tasks.js';

test('every training step has a name of its own that peers know, and peers that make steps', () => {
  assert.equal(new Set(stepTasks.map(({ name }) => name)).size, stepTasks.length);
  for (const { name, peers } of stepTasks) {
    checkTaskName(name);
    assert.ok(peers.length > 0 && peers.every((peer) => stepPeers.includes(peer)), name);
  }
});
