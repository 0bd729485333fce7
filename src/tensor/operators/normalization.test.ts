import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as t from '../index.js';
import { array, type OperatorCase, testOperators, varied } from './checks.test.js';
import { customGradient } from './custom-gradient.js';
import { batchNormalize, standardize } from './normalization.js';

const rows = array([
  [0.5, -1.2, 2],
  [1.5, 0.3, -0.7],
  [0, 1, 4],
  [-2, 0.5, 1],
]);

const cases: OperatorCase[] = [
  {
    name: 'batchNormalize',
    inputs: [rows, array([1, 2, 0.5]), array([0, 1, -1])],
    build: (x, scale, bias) => batchNormalize(x, scale, bias, 1e-3).output,
    // torch.nn.functional.batch_norm(rows, None, None, scale, bias, True, 0.1, 1e-3)
    expected: [
      [0.392112, -2.289993, -0.875062],
      [1.176335, 1.365555, -1.668785],
      [0.0, 3.071477, -0.287119],
      [-1.568447, 1.852961, -1.169034],
    ],
  },
  {
    name: 'batchNormalize of images',
    inputs: [varied([2, 2, 3, 2]), array([1, -2]), array([0.5, 0])],
    build: (x, scale, bias) => batchNormalize(x, scale, bias, 1e-5).output,
  },
  {
    name: 'standardize rows',
    inputs: [rows],
    build: (x) => standardize(x, [1], 1e-3),
    // torch.nn.functional.layer_norm(rows, [3], None, None, 1e-3)
    expected: [
      [0.050983, -1.249082, 1.198099],
      [1.259346, -0.074079, -1.185266],
      [-0.980411, -0.392164, 1.372575],
      [-1.396596, 0.507853, 0.888743],
    ],
  },
  {
    name: 'standardize images by groups of channels',
    inputs: [varied([2, 2, 3, 2, 3])],
    build: (x) => standardize(x, [1, 2, 4], 1e-5),
  },
  {
    name: 'mean and variance of a batch',
    inputs: [rows],
    build: (x) => {
      const ones = t.full([3], 1, x.dtype);
      const { mean, variance } = batchNormalize(x, ones, ones, 1e-3);
      return t.stack([mean, variance]);
    },
    // rows.mean(0), rows.var(0, correction=0)
    expected: [
      [0, 0.15, 1.575],
      [1.625, 0.6725, 2.891875],
    ],
  },
];

testOperators('normalisation', cases);

test('customGradient keeps the value and replaces the derivative, also of second order', () => {
  const x = t.input('x', [2]);
  const feeds = { x: { shape: [2], data: Float64Array.of(2, 3) } };
  const straightThrough = customGradient(t.floor(t.multiply(x, 1.4)), [x], ([a = x], dy) => [
    t.multiply(dy, t.square(a)),
  ]);
  const [first] = t.gradients(t.sum(straightThrough), [x]);
  const [second] = t.gradients(t.sum(first ?? x), [x]);
  const values = t.evaluate(t.simplify([straightThrough, first ?? x, second ?? x]), feeds);
  assert.deepEqual(
    values.map(({ data }) => [...data]),
    [
      [2, 4],
      [4, 9],
      [4, 6],
    ],
  );
});
