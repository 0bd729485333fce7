import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerCommand } from '../peers/known-peers.js';
import { callTaskNames } from '../peers/tasks.js';
import { calls } from './calls.js';
import { callTasks } from './tasks.js';

test('every call has one entry, an implementation and peers that are known', () => {
  assert.deepEqual(
    callTasks.map(({ name }) => name),
    callTaskNames,
  );
  assert.deepEqual(Object.keys(calls), [...callTaskNames]);
  for (const { peers } of callTasks) for (const peer of peers) assert.equal(peerCommand(peer, 1, {}).name, peer);
});
