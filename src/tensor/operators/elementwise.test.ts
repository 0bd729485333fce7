import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import * as t from '../index.js';
import { array, type OperatorCase, testOperators, varied } from './checks.test.js';

// x = torch.tensor([-3, -1, -0.5, 0.25, 1, 2.5], dtype=torch.float64) unless another input is named.
const x = array([-3, -1, -0.5, 0.25, 1, 2.5]);
const positive = array([0.1, 0.5, 2, 7]);
const unit = array([-0.9, -0.3, 0.1, 0.8]);
const row = array([[0.5, -1.2, 2]]);
const column = array([[1.5], [-0.7]]);

const arithmetic: OperatorCase[] = [
  {
    name: 'add, broadcast',
    inputs: [row, column],
    build: t.add,
    expected: [
      [2, 0.3, 3.5],
      [-0.2, -1.9, 1.3],
    ],
  },
  {
    name: 'subtract, broadcast',
    inputs: [row, column],
    build: t.subtract,
    expected: [
      [-1, -2.7, 0.5],
      [1.2, -0.5, 2.7],
    ],
  },
  {
    name: 'multiply, broadcast',
    inputs: [row, column],
    build: t.multiply,
    expected: [
      [0.75, -1.8, 3],
      [-0.35, 0.84, -1.4],
    ],
  },
  {
    name: 'divide, broadcast',
    inputs: [row, column],
    build: t.divide,
    expected: [
      [1 / 3, -0.8, 4 / 3],
      [-0.5 / 0.7, 1.2 / 0.7, -2 / 0.7],
    ],
  },
  { name: 'a rank less', inputs: [varied([2, 3, 4]), varied([3, 1])], build: t.multiply, shape: [2, 3, 4] },
  { name: 'number first', inputs: [x], build: (a) => t.subtract(1, a), expected: [4, 2, 1.5, 0.75, 0, -1.5] },
  {
    name: 'number second',
    inputs: [x],
    build: (a) => t.divide(a, 4),
    expected: [-0.75, -0.25, -0.125, 0.0625, 0.25, 0.625],
  },
  {
    name: 'the same operand twice',
    inputs: [x],
    build: (a) => t.multiply(a, a),
    expected: [9, 1, 0.25, 0.0625, 1, 6.25],
  },
  {
    name: 'power of tensors',
    inputs: [positive, array([[2], [-0.5]])],
    build: t.power,
    expected: [
      [0.01, 0.25, 4, 49],
      [3.162278, Math.SQRT2, Math.SQRT1_2, 0.377964],
    ],
  },
  {
    name: 'power 3 of negative numbers',
    inputs: [x],
    build: (a) => t.power(a, 3),
    expected: [-27, -1, -0.125, 0.015625, 1, 15.625],
  },
  // torch.pow(a, 2.0): the gradient at 0 is 0, also that of power 0, of which 0 * 0^-1 would be NaN.
  {
    name: 'power 2 at 0',
    inputs: [array([0, 2])],
    build: (a) => t.power(a, 2),
    smooth: false,
    expectedGradient: [0, 4],
  },
  {
    name: 'power 0 at 0',
    inputs: [array([0, 2])],
    build: (a) => t.power(a, 0),
    expected: [1, 1],
    smooth: false,
    expectedGradient: [0, 0],
  },
  {
    name: 'maximum',
    inputs: [row, column],
    build: t.maximum,
    expected: [
      [1.5, 1.5, 2],
      [0.5, -0.7, 2],
    ],
  },
  {
    name: 'minimum',
    inputs: [row, column],
    build: t.minimum,
    expected: [
      [0.5, -1.2, 1.5],
      [-0.7, -1.2, -0.7],
    ],
  },
  {
    name: 'maximum of equal values',
    inputs: [array([1, 2, 3])],
    build: (a) => t.maximum(a, 2),
    smooth: false,
    expectedGradient: [0, 0.5, 1],
  },
  {
    name: 'minimum of equal values',
    inputs: [array([1, 2, 3])],
    build: (a) => t.minimum(2, a),
    smooth: false,
    expectedGradient: [1, 0.5, 0],
  },
  { name: 'negative', inputs: [x], build: t.negative, expected: [3, 1, 0.5, -0.25, -1, -2.5] },
  { name: 'square', inputs: [x], build: t.square, expected: [9, 1, 0.25, 0.0625, 1, 6.25] },
  { name: 'reciprocal', inputs: [positive], build: t.reciprocal, expected: [10, 2, 0.5, 0.142857] },
  { name: 'abs', inputs: [x], build: t.abs, expected: [3, 1, 0.5, 0.25, 1, 2.5] },
  { name: 'abs at 0', inputs: [array([0])], build: t.abs, smooth: false, expectedGradient: [0] },
  { name: 'sign', inputs: [array([-2, 0, 3])], build: t.sign, expected: [-1, 0, 1], smooth: false },
  { name: 'sqrt', inputs: [positive], build: t.sqrt, expected: [0.316228, Math.SQRT1_2, Math.SQRT2, 2.645751] },
  { name: 'floor', inputs: [x], build: t.floor, expected: [-3, -1, -1, 0, 1, 2], smooth: false },
  { name: 'ceil', inputs: [x], build: t.ceil, expected: [-3, -1, 0, 1, 1, 3], smooth: false },
  // torch.round
  {
    name: 'round',
    inputs: [array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.4, 2.6])],
    build: t.round,
    expected: [-2, -2, 0, 0, 2, 2, 3],
    smooth: false,
  },
  {
    name: 'int64 arithmetic',
    inputs: [array([7, -7, 3], 'int64'), array([2, 2, -5], 'int64')],
    build: (a, b) => t.add(t.multiply(a, b), t.subtract(a, 1)),
    expected: [20, -22, -13],
  },
  // np.trunc([7 / 2, -7 / 2, 3 / -5])
  {
    name: 'int64 division',
    inputs: [array([7, -7, 3], 'int64'), array([2, 2, -5], 'int64')],
    build: t.divide,
    expected: [3, -3, 0],
  },
  {
    name: 'int64 division by a number',
    inputs: [array([7, -7, 8], 'int64')],
    build: (a) => t.divide(a, 2),
    expected: [3, -3, 4],
  },
  {
    name: 'int64 extremes',
    inputs: [array([7, -7], 'int64'), array([2, 2], 'int64')],
    build: (a, b) => t.add(t.maximum(a, b), t.abs(t.minimum(a, t.negative(b)))),
    expected: [9, 9],
  },
];

const functions: OperatorCase[] = [
  { name: 'exp', inputs: [x], build: t.exp, expected: [0.049787, 0.367879, 0.606531, 1.284025, Math.E, 12.182494] },
  { name: 'log', inputs: [positive], build: t.log, expected: [-Math.LN10, -Math.LN2, Math.LN2, 1.94591] },
  {
    name: 'log1p',
    inputs: [array([-0.5, 1e-4, 0.25, 3])],
    build: t.log1p,
    expected: [-Math.LN2, 0.0001, 0.223144, 1.386294],
  },
  {
    name: 'log1p at the edges',
    inputs: [array([-1, 1e-30, Number.POSITIVE_INFINITY])],
    build: (a) => t.multiply(t.log1p(a), 1e30),
    smooth: false,
  },
  {
    name: 'expm1',
    inputs: [x],
    build: t.expm1,
    expected: [-0.950213, -0.632121, -0.393469, 0.284025, 1.718282, 11.182494],
  },
  {
    name: 'expm1 of tiny numbers',
    inputs: [array([1e-30, -1e-20])],
    build: (a) => t.multiply(t.expm1(a), 1e20),
    smooth: false,
  },
  { name: 'sin', inputs: [x], build: t.sin, expected: [-0.14112, -0.841471, -0.479426, 0.247404, 0.841471, 0.598472] },
  { name: 'cos', inputs: [x], build: t.cos, expected: [-0.989992, 0.540302, 0.877583, 0.968912, 0.540302, -0.801144] },
  { name: 'tan', inputs: [x], build: t.tan, expected: [0.142547, -1.557408, -0.546302, 0.255342, 1.557408, -0.747022] },
  { name: 'asin', inputs: [unit], build: t.asin, expected: [-1.11977, -0.304693, 0.100167, 0.927295], float64: false },
  { name: 'acos', inputs: [unit], build: t.acos, expected: [2.690566, 1.875489, 1.470629, 0.643501], float64: false },
  {
    name: 'atan',
    inputs: [x],
    build: t.atan,
    expected: [-1.249046, -0.785398, -0.463648, 0.244979, 0.785398, 1.19029],
    float64: false,
  },
  {
    name: 'sinh',
    inputs: [x],
    build: t.sinh,
    expected: [-10.017875, -1.175201, -0.521095, 0.252612, 1.175201, 6.050204],
  },
  { name: 'cosh', inputs: [x], build: t.cosh, expected: [10.067662, 1.543081, 1.127626, 1.031413, 1.543081, 6.132289] },
  {
    name: 'tanh',
    inputs: [x],
    build: t.tanh,
    expected: [-0.995055, -0.761594, -0.462117, 0.244919, 0.761594, 0.986614],
  },
  {
    name: 'erf',
    inputs: [x],
    build: t.erf,
    expected: [-0.999978, -0.842701, -0.5205, 0.276326, 0.842701, 0.999593],
    float64: false,
  },
  {
    name: 'sigmoid',
    inputs: [x],
    build: t.sigmoid,
    expected: [0.047426, 0.268941, 0.377541, 0.562177, 0.731059, 0.924142],
  },
  { name: 'sigmoid far out', inputs: [array([-200, 200])], build: t.sigmoid, expected: [0, 1] },
  // torch.nn.functional.softplus, logsigmoid, elu, selu, gelu, silu, leaky_relu
  {
    name: 'softplus',
    inputs: [x],
    build: t.softplus,
    expected: [0.048587, 0.313262, 0.474077, 0.825939, 1.313262, 2.57889],
  },
  { name: 'softplus far out', inputs: [array([-200, 200])], build: t.softplus, expected: [0, 200] },
  {
    name: 'logSigmoid',
    inputs: [x],
    build: t.logSigmoid,
    expected: [-3.048587, -1.313262, -0.974077, -0.575939, -0.313262, -0.07889],
  },
  { name: 'step', inputs: [array([-1, 0, 1e-30, 2])], build: t.step, expected: [0, 0, 1, 1], smooth: false },
  { name: 'relu', inputs: [x], build: t.relu, expected: [0, 0, 0, 0.25, 1, 2.5] },
  { name: 'relu at 0', inputs: [array([-1, 0, 1])], build: t.relu, smooth: false, expectedGradient: [0, 0, 1] },
  { name: 'leakyRelu', inputs: [x], build: (a) => t.leakyRelu(a, 0.2), expected: [-0.6, -0.2, -0.1, 0.25, 1, 2.5] },
  { name: 'leakyRelu of slope 0', inputs: [x], build: (a) => t.leakyRelu(a, 0), expected: [0, 0, 0, 0.25, 1, 2.5] },
  { name: 'leakyRelu of slope 2', inputs: [x], build: (a) => t.leakyRelu(a, 2), expected: [-6, -2, -1, 0.25, 1, 2.5] },
  {
    name: 'leakyRelu at 0',
    inputs: [array([-1, 0, 1])],
    build: (a) => t.leakyRelu(a, 0.25),
    smooth: false,
    expectedGradient: [0.25, 0.25, 1],
  },
  { name: 'elu', inputs: [x], build: (a) => t.elu(a), expected: [-0.950213, -0.632121, -0.393469, 0.25, 1, 2.5] },
  {
    name: 'elu of alpha 0.5',
    inputs: [x],
    build: (a) => t.elu(a, 0.5),
    expected: [-0.475106, -0.31606, -0.196735, 0.25, 1, 2.5],
  },
  // Differentiable at 0, where both sides have slope 1.
  { name: 'elu at 0', inputs: [array([0])], build: (a) => t.elu(a), smooth: false, expectedGradient: [1] },
  {
    name: 'selu',
    inputs: [x],
    build: t.selu,
    expected: [-1.670569, -1.111331, -0.691758, 0.262675, 1.050701, 2.626752],
  },
  {
    name: 'gelu',
    inputs: [x],
    build: t.gelu,
    expected: [-0.00405, -0.158655, -0.154269, 0.149677, 0.841345, 2.484476],
    float64: false,
  },
  {
    name: 'silu',
    inputs: [x],
    build: t.silu,
    expected: [-0.142278, -0.268941, -0.18877, 0.140544, 0.731059, 2.310355],
  },
];

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

testOperators('arithmetic', arithmetic);
testOperators('functions', functions);
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
