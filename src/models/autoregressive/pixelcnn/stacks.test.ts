import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as t from '../../../tensor/index.js';
import { gate } from './stacks.js';

test('the gate, its gradient and the gradient of that are those of tanh times sigmoid', () => {
  const x = t.input('x', [3, 8]);
  const weight = t.input('weight', [3, 4]);
  const plain = t.multiply(t.tanh(t.slice(x, 1, 0, 4)), t.sigmoid(t.slice(x, 1, 4, 8)));
  const feeds = {
    x: { shape: [3, 8], data: Float64Array.from({ length: 24 }, (_, i) => 6 * Math.sin(3 * i + 1)) },
    weight: { shape: [3, 4], data: Float64Array.from({ length: 12 }, (_, i) => Math.cos(2 * i)) },
  };
  const values = [gate(x), plain].flatMap((y) => {
    const [dx = x] = t.gradients(t.sum(t.multiply(t.multiply(y, y), weight)), [x]);
    const [ddx = x] = t.gradients(t.sum(t.multiply(t.square(dx), t.add(x, 2))), [x]);
    return t.evaluate([y, dx, ddx], feeds);
  });
  for (const order of [0, 1, 2])
    for (const [i, value] of (values[order]?.data ?? []).entries()) {
      const expected = values[order + 3]?.data[i] ?? Number.NaN;
      assert.ok(
        Math.abs(value - expected) < 1e-12 * (1 + Math.abs(expected)),
        `order ${order}: ${value}, not ${expected}`,
      );
    }
});
