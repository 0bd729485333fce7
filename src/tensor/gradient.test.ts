import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../core/errors.js';
import * as t from './index.js';
import { inTopologicalOrder } from './tensor.js';

const x = t.input('x', [3]);
const y = t.input('y', [3]);
const feeds = {
  x: { shape: [3], data: Float64Array.of(1, 2, 3) },
  y: { shape: [3], data: Float64Array.of(-1, 0.5, 2) },
};
const numbers = (tensor: t.Tensor | undefined) => [
  ...(t.evaluate(tensor === undefined ? [] : [tensor], feeds)[0]?.data ?? []),
];

test('what is used twice collects both gradients', () => {
  const shared = t.multiply(x, y);
  const [dx] = t.gradients(t.sum(t.add(shared, t.multiply(shared, x))), [x]);
  // y + 2 x y
  assert.deepEqual(numbers(dx), [-3, 2.5, 14]);
});

test('the gradient of an unused variable is zero, in its shape and type', () => {
  const unused = t.input('unused', [2, 2], 'float64');
  const [du] = t.gradients(t.sum(x), [unused]);
  assert.equal(String(du?.shape), '2,2');
  assert.equal(du?.dtype, 'float64');
  assert.deepEqual(numbers(du), [0, 0, 0, 0]);
});

test('no gradient flows through stopGradient, nor into its argument', () => {
  const [dx, dy] = t.gradients(t.sum(t.multiply(x, t.stopGradient(t.multiply(x, y)))), [x, y]);
  assert.deepEqual(numbers(dx), [-1, 1, 6]);
  assert.deepEqual(numbers(dy), [0, 0, 0]);
});

test('intermediate tensors are variables as well', () => {
  const inner = t.square(x);
  const [di] = t.gradients(t.sum(t.multiply(inner, y)), [inner]);
  assert.deepEqual(numbers(di), [-1, 0.5, 2]);
});

test("a loss is its own gradient's unit", () => {
  const loss = t.sum(x);
  assert.deepEqual(numbers(t.gradients(loss, [loss])[0]), [1]);
});

test('float64 losses have float64 gradients', () => {
  const z = t.input('z', [3], 'float64');
  const [dz] = t.gradients(t.mean(t.square(z)), [z]);
  assert.equal(dz?.dtype, 'float64');
});

test('the third derivative of x^4 is 24 x', () => {
  let derivative: t.Tensor = t.power(x, 4);
  for (let order = 0; order < 3; order++) derivative = t.gradients(t.sum(derivative), [x])[0] ?? derivative;
  assert.deepEqual(numbers(derivative), [24, 48, 72]);
});

test('vectorJacobianProduct weighs several results', () => {
  const [dx] = t.vectorJacobianProduct([t.square(x), t.multiply(x, 3)], [y, t.constant([1, 0, 0])], [x]);
  // 2 x y + [3, 0, 0]
  assert.deepEqual(numbers(dx), [1, 2, 12]);
});

test('only a scalar has a gradient', () => {
  assert.throws(
    () => t.gradients(x, [x]),
    (error) => error instanceof ShapeError && /shape \[3\]; a scalar is needed/.test(error.message),
  );
});

test('gradients are named after the place they belong to, and leave the names of the forward pass alone', () => {
  const named = t.labelled('layer', t.exp(x));
  const bare = t.sum(t.sin(named));
  const [dx] = t.gradients(bare, [x]);
  assert.ok(dx !== undefined);
  assert.equal(dx.scope, 'layer/gradient');
  assert.equal(bare.scope, undefined);
  const scopes = inTopologicalOrder([dx]).map(({ operation, scope }) => `${operation.operator} ${scope}`);
  assert.ok(scopes.includes('exp layer'), scopes.join('; '));
  assert.ok(scopes.includes('cos gradient'), scopes.join('; '));
});
