import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchFromValues, watchToValues } from './watch-memory.js';

const memory = {
  history: [
    { step: 10, epoch: 0.1, metrics: { generatorLoss: 1 / 3, 'D(x)': 0.5 } },
    { step: 20, epoch: 0.2, metrics: { generatorLoss: -2, validationLoss: 7 } },
  ],
  looks: [
    { step: 10, diversity: 0.1, reach: 1 },
    { step: 20, diversity: 2 / 3, reach: 0.25 },
  ],
  lastSnapshot: 20,
};

test('what was seen comes back exactly, metrics in the rows that have them', () => {
  assert.deepEqual(watchFromValues(watchToValues(memory), 99), memory);
});

test('numbers are copies: what is seen later does not change a checkpoint', () => {
  const looks = [...memory.looks];
  const values = watchToValues({ ...memory, looks });
  looks.pop();
  assert.deepEqual(watchFromValues(values, 0).looks, memory.looks);
});

test('a checkpoint without a watch has seen nothing, as of its step', () => {
  assert.deepEqual(watchFromValues({}, 30), { history: [], looks: [], lastSnapshot: 30 });
});
