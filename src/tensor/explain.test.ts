import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as t from './index.js';

const x = t.batchInput('x', [8]);
const w = t.input('w', [8, 4]);
const hidden = t.labelled('encoder/dense', t.relu(t.matmul(x, w)));

test('modelFlops counts a multiply-add as two, per example, and shared subexpressions once', () => {
  // 2 * 8 * 4 for the product, 4 for the activation.
  assert.deepEqual(t.modelFlops([hidden]), { products: 64, total: 68 });
  assert.deepEqual(t.modelFlops([hidden, t.relu(t.matmul(x, w))]), { products: 64, total: 68 });
});

test('modelFlops counts convolutions by their windows', () => {
  const image = t.input('image', [2, 6, 6, 3]);
  const filter = t.input('filter', [3, 3, 3, 5]);
  // Two images, 4 x 4 windows of 3 x 3 x 3 numbers, 5 filters; the two gradients cost the same each.
  const one = 2 * 2 * 16 * 27 * 5;
  assert.equal(t.modelFlops([t.conv2d(image, filter)]).products, one);
  const loss = t.sum(t.square(t.conv2d(image, filter)));
  assert.equal(t.modelFlops([loss, ...t.gradients(loss, [image, filter])]).products, 3 * one);
});

test('explain lists operators with place, shape, work and shares, and their sums', () => {
  const text = t.explain({ name: 'encode', results: { h: hidden } });
  const lines = text.split('\n');
  assert.equal(lines[0], 'encode: 2 operators, 68 FLOP, 208 B moved for batch = 1');
  // Read 8 + 32 numbers, write 4: 176 bytes; the activation reads and writes 4: 32 bytes.
  assert.match(text, /encoder\/dense +matmul +float32\[batch, 4\] +64 +94\.1 % +176 +84\.6 %/);
  assert.match(text, /encoder\/dense +relu +float32\[batch, 4\] +4 +5\.9 % +32 +15\.4 %/);
  assert.match(text, /^total +2 +68 +100\.0 % +208 +100\.0 %$/m);
});

test('explain of a step shows the most expensive operators on request', () => {
  const loss = t.sum(t.square(t.matmul(t.input('data', [512, 8]), w)));
  const [dw] = t.gradients(loss, [w]);
  const step = { name: 'step', variables: { w: { current: w, next: t.subtract(w, dw ?? w) } }, metrics: { loss } };
  const lines = t.explain(step, { top: 1 }).split('\n');
  assert.match(lines[3] ?? '', /matmul/);
  assert.match(lines[4] ?? '', /^\.\.\. and \d+ more$/);
  assert.ok(t.explain(step).split('\n').length > lines.length);
});
