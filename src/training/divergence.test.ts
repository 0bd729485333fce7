import assert from 'node:assert/strict';
import { test } from 'node:test';
import { float32, int64Scalar } from '../runtime/runtime.js';
import { brokenMetric, brokenVariable, divergedError } from './divergence.js';

test('the earliest step that is not finite is found, over all metrics', () => {
  const metrics = { a: Float64Array.of(1, 2, Number.NaN), b: Float64Array.of(1, Number.POSITIVE_INFINITY, 3) };
  assert.deepEqual(brokenMetric(metrics, 10), { step: 12, quantity: 'b', what: 'became Infinity' });
  assert.equal(brokenMetric({ a: Float64Array.of(1, 2) }, 0), undefined);
});

test('a variable that is not finite is found; whole numbers always are', () => {
  const good = { step: int64Scalar(3), w: float32(Float32Array.of(1, 2), [2]) };
  assert.equal(brokenVariable(good, 5), undefined);
  const bad = { ...good, v: float32(Float32Array.of(0, Number.NEGATIVE_INFINITY), [2]) };
  assert.deepEqual(brokenVariable(bad, 5), { step: 5, quantity: 'v', what: 'holds -Infinity' });
});

test('the error says what broke, which weights are left and what helps', () => {
  const error = divergedError({ step: 7, quantity: 'loss', what: 'became NaN' }, 6, ['pray', 'wait']);
  assert.equal(
    error.message,
    'Training diverged at step 7: loss became NaN; the weights of step 6 are kept. What helps: pray; wait.',
  );
  assert.match(divergedError({ step: 1, quantity: 'loss', what: 'became NaN' }, 0, ['x']).message, /it started with/);
});
