import * as t from '../index.js';
import { array, type OperatorCase, testOperators } from './checks.test.js';

// The references were computed by PyTorch with x = torch.tensor([-3, -1, -0.5, 0.25, 1, 2.5], dtype=torch.float64).
const x = array([-3, -1, -0.5, 0.25, 1, 2.5]);
const positive = array([0.1, 0.5, 2, 7]);
const unit = array([-0.9, -0.3, 0.1, 0.8]);

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
  {
    name: 'absoluteSoftplus',
    inputs: [x],
    build: t.absoluteSoftplus,
    expected: [0.048587, 0.313262, 0.474077, 0.825939, 1.313262, 2.57889],
  },
  { name: 'softplus far out', inputs: [array([-200, 200])], build: t.softplus, expected: [0, 200] },
  { name: 'absoluteSoftplus far out', inputs: [array([-200, 200])], build: t.absoluteSoftplus, expected: [0, 200] },
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

testOperators('functions and activations', functions);
