// Clipping against PyTorch 2.15:
//   a.grad = torch.tensor([3., 0.]); b.grad = torch.tensor([0., -4.]); torch.nn.utils.clip_grad_norm_([a, b], 2.0)
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { constant } from '../tensor/operators/source.js';
import { clipByGlobalNorm, clipByValue, globalNorm } from './gradient-clipping.js';
import { assertNear, numberOf, numbers } from './numeric.test.support.js';

const gradients = { a: constant([3, 0]), b: constant([0, -4]) };

test('the global norm is scaled down to the limit, the direction kept', () => {
  const clipped = clipByGlobalNorm(gradients, 2);
  assert.equal(numberOf(clipped.norm), 5);
  assertNear(numbers(clipped.gradients.a!), [1.199999760000048, 0], 1e-15);
  assertNear(numbers(clipped.gradients.b!), [0, -1.599999680000064], 1e-15);
});

test('gradients within the limit stay as they are', () => {
  const clipped = clipByGlobalNorm(gradients, 6);
  assert.deepEqual(numbers(clipped.gradients.a!), [3, 0]);
  assert.deepEqual(numbers(clipped.gradients.b!), [0, -4]);
});

test('values are limited one by one', () => {
  const clipped = clipByValue(gradients, 3.5);
  assert.deepEqual(numbers(clipped.a!), [3, 0]);
  assert.deepEqual(numbers(clipped.b!), [0, -3.5]);
});

test('limits that make no sense are refused', () => {
  assert.throws(() => clipByGlobalNorm(gradients, 0), ConfigError);
  assert.throws(() => clipByValue(gradients, -1), ConfigError);
  assert.throws(() => globalNorm({}), /there are no gradients/);
});
