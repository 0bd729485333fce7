import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { batcher, batchIndices, epochOrder } from './batching.js';

test('an epoch visits every row once, and the last incomplete batch only where it is wanted', () => {
  const whole = batcher({ length: 10, batchSize: 4, seed: 3, dropLast: false });
  assert.equal(whole.stepsPerEpoch, 3);
  const seen = [0, 1, 2].flatMap((step) => [...whole.at(step).indices]);
  assert.deepEqual(
    seen.sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  assert.equal(whole.at(2).indices.length, 2);
  const dropped = batcher({ length: 10, batchSize: 4, seed: 3 });
  assert.equal(dropped.stepsPerEpoch, 2);
  for (let step = 0; step < 6; step++) assert.equal(dropped.at(step).indices.length, 4);
});

test('a step gives the same rows whatever was asked before, so training can resume anywhere', () => {
  const options = { length: 50, batchSize: 7, seed: 11 };
  const forward = batcher(options);
  const inOrder = Array.from({ length: 30 }, (_, step) => forward.at(step));
  const backward = batcher(options);
  for (let step = 29; step >= 0; step--) {
    assert.deepEqual(backward.at(step), inOrder[step]);
    assert.deepEqual(batchIndices({ ...options, step }), inOrder[step]);
  }
});

test('epochs differ in order, and so do seeds', () => {
  assert.notDeepEqual(epochOrder(20, 1, 0), epochOrder(20, 1, 1));
  assert.notDeepEqual(epochOrder(20, 1, 0), epochOrder(20, 2, 0));
  const batches = batcher({ length: 8, batchSize: 8, seed: 0 });
  assert.deepEqual([batches.at(0).epoch, batches.at(1).epoch, batches.at(2).epoch], [0, 1, 2]);
  assert.notDeepEqual(batches.at(0).indices, batches.at(1).indices);
});

test('changing a returned batch does not change what comes later', () => {
  const batches = batcher({ length: 6, batchSize: 6, seed: 5 });
  const before = [...batches.at(0).indices];
  batches.at(0).indices.fill(0);
  assert.deepEqual([...batches.at(0).indices], before);
});

test('batch sizes and steps that cannot be are refused', () => {
  assert.throws(() => batcher({ length: 3, batchSize: 4, seed: 0 }), /batch size 4 is more than the 3 rows/);
  for (const batchSize of [0, -1, 1.5, Number.NaN])
    assert.throws(() => batcher({ length: 3, batchSize, seed: 0 }), ConfigError);
  assert.throws(() => batcher({ length: 3, batchSize: 1, seed: 0 }).at(-1), ConfigError);
  assert.throws(() => batcher({ length: 3, batchSize: 1, seed: 0 }).at(0.5), ConfigError);
});
