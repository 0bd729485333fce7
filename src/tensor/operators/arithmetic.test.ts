import * as t from '../index.js';
import { array, type OperatorCase, testOperators, varied } from './checks.test.js';

// The references were computed by PyTorch with x = torch.tensor([-3, -1, -0.5, 0.25, 1, 2.5], dtype=torch.float64).
const x = array([-3, -1, -0.5, 0.25, 1, 2.5]);
const positive = array([0.1, 0.5, 2, 7]);
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

testOperators('arithmetic', arithmetic);
