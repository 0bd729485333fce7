import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import * as t from '../index.js';
import { array, type OperatorCase, testOperators } from './checks.test.js';

const x = array([-3, -1, -0.5, 0.25, 1, 2.5]);
const row = array([[0.5, -1.2, 2]]);
const column = array([[1.5], [-0.7]]);

const int = array([[1, 2, 3]], 'int64');
const yes = array([1, 0, 1], 'bool');
const no = array([1, 0, 0], 'bool');

const choices: OperatorCase[] = [
  {
    name: 'greater',
    inputs: [row, column],
    build: t.greater,
    expected: [
      [0, 0, 1],
      [1, 0, 1],
    ],
  },
  { name: 'greaterEqual', inputs: [row], build: (a) => t.greaterEqual(a, 0.5), expected: [[1, 0, 1]] },
  {
    name: 'less',
    inputs: [row, column],
    build: t.less,
    expected: [
      [1, 1, 0],
      [0, 1, 0],
    ],
  },
  { name: 'lessEqual', inputs: [row], build: (a) => t.lessEqual(a, 0.5), expected: [[1, 1, 0]] },
  { name: 'equal', inputs: [row], build: (a) => t.equal(a, 0.5), expected: [[1, 0, 0]] },
  {
    name: 'equal of int64',
    inputs: [int, array([[2], [3]], 'int64')],
    build: t.equal,
    expected: [
      [0, 1, 0],
      [0, 0, 1],
    ],
  },
  { name: 'greater of int64', inputs: [int], build: (a) => t.greater(a, 2), expected: [[0, 0, 1]] },
  { name: 'and', inputs: [yes, no], build: t.and, expected: [1, 0, 0] },
  { name: 'or', inputs: [yes, no], build: t.or, expected: [1, 0, 1] },
  { name: 'not', inputs: [yes], build: t.not, expected: [0, 1, 0] },
  { name: 'equal of bool', inputs: [yes, no], build: t.equal, expected: [1, 1, 0] },
  {
    name: 'isFiniteNumber',
    inputs: [array([1, Number.NaN, Number.NEGATIVE_INFINITY, 3e38])],
    build: t.isFiniteNumber,
    expected: [1, 0, 0, 1],
  },
  {
    name: 'where, broadcast',
    inputs: [yes, array([[1], [2]]), array([5, 6, 7])],
    build: t.where,
    expected: [
      [1, 6, 1],
      [2, 6, 2],
    ],
  },
  {
    name: 'where of bool',
    inputs: [yes, no, array([[0], [1]], 'bool')],
    build: t.where,
    expected: [
      [1, 0, 0],
      [1, 1, 0],
    ],
  },
  { name: 'where of int64', inputs: [yes, int], build: (c, a) => t.where(c, a, 0), expected: [[1, 0, 3]] },
  {
    name: 'where avoids log 0',
    inputs: [array([0, 2])],
    build: (a) => t.where(t.greater(a, 0), t.log(t.where(t.greater(a, 0), a, 1)), 0),
    smooth: false,
    expectedGradient: [0, 0.5],
  },
  { name: 'clip', inputs: [x], build: (a) => t.clip(a, -0.75, 1.5), expected: [-0.75, -0.75, -0.5, 0.25, 1, 1.5] },
  {
    name: 'clip on one side',
    inputs: [x],
    build: (a) => t.clip(a, Number.NEGATIVE_INFINITY, 0.5),
    expected: [-3, -1, -0.5, 0.25, 0.5, 0.5],
  },
  {
    name: 'clip at its ends',
    inputs: [array([-1, 0, 1, 2])],
    build: (a) => t.clip(a, 0, 1),
    smooth: false,
    expectedGradient: [0, 1, 1, 0],
  },
  { name: 'cast to int64', inputs: [array([-1.7, 1.7])], build: (a) => t.cast(a, 'int64'), expected: [-1, 1] },
  { name: 'cast to bool', inputs: [array([-1.7, 0])], build: (a) => t.cast(a, 'bool'), expected: [1, 0] },
  { name: 'cast of bool', inputs: [yes], build: (a) => t.cast(a, 'float32'), expected: [1, 0, 1] },
  {
    name: 'cast between floats',
    inputs: [x],
    build: (a) => t.multiply(t.cast(t.multiply(t.cast(a, 'float64'), 2), a.dtype), a),
    expected: [18, 2, 0.5, 0.125, 2, 12.5],
  },
  {
    name: 'stopGradient',
    inputs: [x],
    build: (a) => t.multiply(a, t.stopGradient(a)),
    smooth: false,
    expectedGradient: [-3, -1, -0.5, 0.25, 1, 2.5],
  },
];

testOperators('comparisons and choices', choices);

test('types that do not fit are refused with both types and the remedy', () => {
  const [float, whole, truth] = [t.input('f', [2]), t.input('i', [2], 'int64'), t.input('b', [2], 'bool')];
  assert.throws(
    () => t.add(float, whole),
    (e) => e instanceof ShapeError && /float32 and int64 differ; cast/.test(e.message),
  );
  assert.throws(
    () => t.multiply(truth, truth),
    (e) => e instanceof ShapeError && /multiply: .* bool .*float32/.test(e.message),
  );
  assert.throws(
    () => t.exp(whole),
    (e) => e instanceof ShapeError && /exp: .* int64 .*float32, float64/.test(e.message),
  );
  assert.throws(() => t.and(float, float), ShapeError);
  assert.throws(() => t.where(float, float, float), ShapeError);
  assert.throws(
    () => t.add(whole, 0.5),
    (e) => e instanceof ShapeError && /not whole/.test(e.message),
  );
  assert.throws(() => t.clip(float, 1, 0), ShapeError);
});

test('shapes that do not broadcast are named', () => {
  assert.throws(
    () => t.add(t.input('a', [2, 3]), t.input('b', [t.batch, 4])),
    (e) => e instanceof ShapeError && e.message.includes('[2, 3] and [batch, 4]'),
  );
});
