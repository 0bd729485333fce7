import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MetricWindow, newestMetrics } from './metric-window.js';

const values = (...numbers: readonly number[]) => ({ loss: Float64Array.from(numbers) });

test('a row is the mean of its window', () => {
  const window = new MetricWindow(2, 10);
  assert.deepEqual(window.add(0, 4, values(1, 3, 5, 9)), [
    { step: 2, epoch: 0.2, metrics: { loss: 2 } },
    { step: 4, epoch: 0.4, metrics: { loss: 7 } },
  ]);
});

test('rows do not depend on how steps are handed over', () => {
  const numbers = Array.from({ length: 25 }, (_, step) => Math.sin(step) * 0.1);
  const rowsOf = (size: number) => {
    const window = new MetricWindow(4, 7);
    const rows = [];
    for (let start = 0; start < numbers.length; start += size) {
      const part = numbers.slice(start, start + size);
      rows.push(...window.add(start, part.length, values(...part)));
    }
    return [...rows, ...window.close(numbers.length)];
  };
  for (const size of [2, 3, 10, 25]) assert.deepEqual(rowsOf(size), rowsOf(1));
  assert.equal(rowsOf(1).length, 7);
});

test('an open window can be carried over to another one', () => {
  const first = new MetricWindow(5, 10);
  first.add(0, 3, values(0.1, 0.2, 0.3));
  const carried = JSON.parse(JSON.stringify(first.open));
  const second = new MetricWindow(5, 10, carried);
  assert.deepEqual(
    second.add(3, 2, values(0.4, 0.5)),
    new MetricWindow(5, 10).add(0, 5, values(0.1, 0.2, 0.3, 0.4, 0.5)),
  );
});

test('closing gives the row of the part, once', () => {
  const window = new MetricWindow(10, 10);
  window.add(0, 3, values(1, 2, 6));
  assert.deepEqual(window.close(3), [{ step: 3, epoch: 0.3, metrics: { loss: 3 } }]);
  assert.deepEqual(window.close(3), []);
});

test('the epoch has four decimals', () => {
  assert.equal(new MetricWindow(1, 3).row(1, {}).epoch, 0.3333);
});

test('the newest metrics are those of the last step', () => {
  assert.deepEqual(newestMetrics(values(1, 2, 3)), { loss: 3 });
});
