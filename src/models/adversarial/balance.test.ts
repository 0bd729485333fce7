import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balanceWarnings } from './balance.js';

const history = (count: number, real: number, fake: number) =>
  Array.from({ length: count }, (_, index) => ({
    step: 10 * (index + 1),
    epoch: index,
    // Only the last tenth counts.
    metrics: index < count * 0.9 ? { 'D(x)': 0.7, 'D(G(z))': 0.3 } : { 'D(x)': real, 'D(G(z))': fake },
  }));

test('a discriminator that is always right, and one that never knows, are warned about', () => {
  assert.match(balanceWarnings(history(100, 0.99, 0.01)).join(), /tells all samples from data/);
  assert.match(balanceWarnings(history(100, 0.501, 0.499)).join(), /answers 1\/2 to everything/);
});

test('a balanced game, a short one, and none have no warnings', () => {
  assert.deepEqual(balanceWarnings(history(100, 0.8, 0.2)), []);
  assert.deepEqual(balanceWarnings(history(10, 0.5, 0.5)), []);
  assert.deepEqual(balanceWarnings([]), []);
});
