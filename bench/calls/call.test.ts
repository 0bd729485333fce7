import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Call, iterations, whole } from './call.js';

/** A fit whose clock is made up: 100 ms, and 7 ms for each iteration. */
const fit = (count: number): Call => ({
  run: async () => ({ milliseconds: 100 + 7 * count, figure: count }),
  time: async () => 100 + 7 * count,
});

test('an iteration takes what many take longer than few, whatever start and end take', async () => {
  const call = iterations(fit, [1, 5]);
  assert.equal(await call.time(), 7);
  assert.deepEqual(await call.run(), { milliseconds: 135, figure: 5 });
});

test('a whole call is timed without what finds its figure and frees what it opened', async (context) => {
  let clock = 0;
  context.mock.method(performance, 'now', () => clock);
  const steps: string[] = [];
  const step = (name: string, milliseconds: number) => {
    steps.push(name);
    clock += milliseconds;
  };
  const call = whole({
    async work() {
      step('work', 5);
      return 3;
    },
    figure(result) {
      step('figure', 100);
      return result * 2;
    },
    async dispose() {
      step('dispose', 1000);
    },
  });
  assert.deepEqual(await call.run(), { milliseconds: 5, figure: 6 });
  assert.equal(await call.time(), 5);
  assert.deepEqual(steps, ['work', 'figure', 'dispose', 'work', 'figure', 'dispose']);
});
