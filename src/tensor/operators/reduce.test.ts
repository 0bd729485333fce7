import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { openRuntime } from '../../runtime/node/open.js';
import * as t from '../index.js';
import { array, difference, type OperatorCase, runProgram, testOperators, varied } from './checks.test.js';

const b = array([
  [0.5, -1.2, 2],
  [1.5, 0.3, -0.7],
]);
const infinite = Number.NEGATIVE_INFINITY;

const reductions: OperatorCase[] = [
  { name: 'sum of all', inputs: [b], build: (x) => t.sum(x), expected: 2.4, shape: [] },
  {
    name: 'sum over the last axis',
    inputs: [b],
    build: (x) => t.sum(x, { axes: -1 }),
    expected: [1.3, 1.1],
    shape: [2],
  },
  {
    name: 'sum, axes kept',
    inputs: [b],
    build: (x) => t.sum(x, { axes: 0, keepAxes: true }),
    expected: [[2, -0.9, 1.3]],
    shape: [1, 3],
  },
  {
    name: 'sum over two axes apart',
    inputs: [varied([2, 3, 4])],
    build: (x) => t.sum(x, { axes: [-1, 0] }),
    shape: [3],
  },
  {
    name: 'sum over axes that take turns with kept ones',
    inputs: [varied([2, 2, 2, 3, 2, 2])],
    build: (x) => t.sum(x, { axes: [2, 4] }),
    shape: [2, 2, 3, 2],
  },
  {
    name: 'sum over turns, with many numbers side by side',
    inputs: [varied([2, 2, 2, 3, 2, 9])],
    build: (x) => t.sum(x, { axes: [2, 4] }),
    shape: [2, 2, 3, 9],
  },
  {
    name: 'sum over all but every second axis',
    inputs: [varied([2, 3, 2, 2, 3])],
    build: (x) => t.sum(x, { axes: [0, 2, 4], keepAxes: true }),
    shape: [1, 3, 1, 2, 1],
  },
  {
    name: 'sum over neighbours, and over an axis of length one',
    inputs: [varied([3, 2, 2, 1, 4])],
    build: (x) => t.sum(x, { axes: [1, 2, 3] }),
    shape: [3, 4],
  },
  {
    name: 'largest value over axes that take turns with kept ones',
    inputs: [varied([2, 3, 2, 3, 2])],
    build: (x) => t.max(x, { axes: [1, 3] }),
    shape: [2, 2, 2],
  },
  { name: 'sum over no axis', inputs: [b], build: (x) => t.sum(x, { axes: [] }), shape: [2, 3] },
  {
    name: 'sum of int64',
    inputs: [
      array(
        [
          [1, 2],
          [3, 4],
        ],
        'int64',
      ),
    ],
    build: (x) => t.sum(x, { axes: 0 }),
    expected: [4, 6],
  },
  { name: 'mean', inputs: [b], build: (x) => t.mean(x), expected: 0.4 },
  { name: 'mean over an axis', inputs: [b], build: (x) => t.mean(x, { axes: 1 }), expected: [1.3 / 3, 1.1 / 3] },
  // (b**2).mean(0)
  { name: 'meanSquare', inputs: [b], build: (x) => t.meanSquare(x, { axes: 0 }), expected: [1.25, 0.765, 2.245] },
  // torch.var(b, 0, correction=0), torch.var(b, correction=0)
  {
    name: 'variance over an axis',
    inputs: [b],
    build: (x) => t.variance(x, { axes: 0 }),
    expected: [0.25, 0.5625, 1.8225],
  },
  { name: 'variance', inputs: [b], build: (x) => t.variance(x), expected: 1.26 },
  // torch.linalg.norm(b, dim=1)
  { name: 'norm', inputs: [b], build: (x) => t.norm(x, { axes: 1 }), expected: [2.385372, 1.68226] },
  {
    name: 'norm of zeros',
    inputs: [array([0, 0])],
    build: (x) => t.norm(x),
    expected: 0,
    smooth: false,
    expectedGradient: [0, 0],
  },
  // torch.prod(b, 1)
  { name: 'product', inputs: [b], build: (x) => t.product(x, 1), expected: [-1.2, -0.315] },
  { name: 'product of seven factors', inputs: [varied([2, 7])], build: (x) => t.product(x, -1), shape: [2] },
  // torch.prod(torch.tensor([2., 0, 3]), 0) has the gradient [0, 6, 0]
  {
    name: 'product with a factor 0',
    inputs: [array([2, 0, 3])],
    build: (x) => t.product(x, 0),
    expected: 0,
    expectedGradient: [0, 6, 0],
  },
  { name: 'max', inputs: [b], build: (x) => t.max(x), expected: 2 },
  { name: 'max over an axis', inputs: [b], build: (x) => t.max(x, { axes: -1 }), expected: [2, 1.5] },
  { name: 'min', inputs: [b], build: (x) => t.min(x, { axes: 0, keepAxes: true }), expected: [[0.5, -1.2, -0.7]] },
  {
    name: 'max of int64',
    inputs: [
      array(
        [
          [1, 5],
          [3, 4],
        ],
        'int64',
      ),
    ],
    build: (x) => t.max(x, { axes: 1 }),
    expected: [5, 4],
  },
  // torch.amax shares the gradient among equal values, too.
  {
    name: 'max of equal values',
    inputs: [array([[3, 3, 1, 3]])],
    build: (x) => t.max(x, { axes: 1 }),
    smooth: false,
    expectedGradient: [1 / 3, 1 / 3, 0, 1 / 3],
  },
  // torch.logsumexp(b, 1), torch.logsumexp(b, (0, 1))
  { name: 'logSumExp', inputs: [b], build: (x) => t.logSumExp(x, { axes: 1 }), expected: [2.234196, 1.845005] },
  {
    name: 'logSumExp of all, kept',
    inputs: [b],
    build: (x) => t.logSumExp(x, { keepAxes: true }),
    expected: [[2.751563]],
    shape: [1, 1],
  },
  {
    name: 'logSumExp of large numbers',
    inputs: [array([1000, 1000])],
    build: (x) => t.logSumExp(x),
    expected: 1000.693147,
  },
  // torch.logsumexp(torch.tensor([[-inf, -inf], [-inf, 2]]), 1)
  {
    name: 'logSumExp of minus infinity',
    inputs: [
      array([
        [infinite, infinite],
        [infinite, 2],
      ]),
    ],
    build: (x) => t.logSumExp(x, { axes: 1 }),
    expected: [infinite, 2],
    smooth: false,
  },
  { name: 'argMax', inputs: [b], build: (x) => t.argMax(x), expected: [2, 0] },
  {
    name: 'argMax of equal values',
    inputs: [
      array([
        [1, 3, 3],
        [0, 3, 0],
      ]),
    ],
    build: (x) => t.argMax(x, 0),
    expected: [0, 0, 0],
  },
  { name: 'argMax over a middle axis', inputs: [varied([2, 5, 3])], build: (x) => t.argMax(x, 1), shape: [2, 3] },
  // torch.softmax(b, -1), torch.softmax(b, 0), torch.log_softmax(b, 1)
  {
    name: 'softmax',
    inputs: [b],
    build: (x) => t.softmax(x),
    expected: [
      [0.176542, 0.032251, 0.791207],
      [0.708217, 0.213311, 0.078473],
    ],
  },
  {
    name: 'softmax over the first axis',
    inputs: [b],
    build: (x) => t.softmax(x, 0),
    expected: [
      [0.268941, 0.182426, 0.937027],
      [0.731059, 0.817574, 0.062973],
    ],
  },
  {
    name: 'softmax over a middle axis',
    inputs: [varied([2, 3, 4], 3)],
    build: (x) => t.softmax(x, -2),
    shape: [2, 3, 4],
  },
  {
    name: 'softmax of large numbers',
    inputs: [array([1000, 1000, 0])],
    build: (x) => t.softmax(x),
    expected: [0.5, 0.5, 0],
  },
  {
    name: 'logSoftmax',
    inputs: [b],
    build: (x) => t.logSoftmax(x, 1),
    expected: [
      [-1.734196, -3.434196, -0.234196],
      [-0.345005, -1.545005, -2.545005],
    ],
  },
  {
    name: 'logSoftmax of large numbers',
    inputs: [array([1000, 0])],
    build: (x) => t.logSoftmax(x),
    expected: [0, -1000],
  },
  // torch.cumsum(b, 1)
  {
    name: 'cumulativeSum',
    inputs: [b],
    build: (x) => t.cumulativeSum(x),
    expected: [
      [0.5, -0.7, 1.3],
      [1.5, 1.8, 1.1],
    ],
  },
  {
    name: 'cumulativeSum, reversed',
    inputs: [b],
    build: (x) => t.cumulativeSum(x, 0, { reverse: true }),
    expected: [
      [2, -0.9, 1.3],
      [1.5, 0.3, -0.7],
    ],
  },
];

testOperators('reductions', reductions);

test('errors of reductions name the axis and the shape', () => {
  const x = t.input('x', [t.batch, 3]);
  assert.throws(
    () => t.sum(x, { axes: 2 }),
    (e) => e instanceof ShapeError && /axis 2 .* 2 axes/.test(e.message),
  );
  assert.throws(
    () => t.sum(x, { axes: [1, -1] }),
    (e) => e instanceof ShapeError && /twice/.test(e.message),
  );
  assert.throws(
    () => t.mean(x),
    (e) => e instanceof ShapeError && /batch/.test(e.message),
  );
  assert.throws(
    () => t.mean(t.input('i', [3], 'int64')),
    (e) => e instanceof ShapeError && /int64/.test(e.message),
  );
});

test('axes that are not given by name are an error, not a reduction of all axes', () => {
  const x = t.input('x', [2, 3]);
  const { sum, mean, variance, meanSquare, norm, max, min, logSumExp } = t;
  for (const reduce of [sum, mean, variance, meanSquare, norm, max, min, logSumExp]) {
    const { name } = reduce;
    // As JavaScript can call it.
    const call = (options: unknown) => () => Reflect.apply(reduce, undefined, [x, options]);
    assert.throws(
      call(1),
      new RegExp(`^ConfigError: ${name} takes the axes by name: ${name}\\(x, \\{ axes: 1 \\}\\); received 1`),
    );
    assert.throws(call([0, 1]), /axes: \[0,1\] \}\); received \[0,1\]/);
    assert.throws(call(null), ConfigError);
    assert.throws(call({ axis: 0 }), new RegExp(`${name} has no option "axis"\\. Its options: axes, keepAxes`));
    assert.doesNotThrow(call({ axes: 1, keepAxes: true }));
  }
});

test('sums over many rows, which are taken in parts, equal the sums of all', async () => {
  const runtime = await openRuntime({ threads: 2 });
  const x = t.input('x', [20, 30, 50]);
  const feeds = { x: varied([20, 30, 50]) };
  const results = {
    rows: t.sum(x, { axes: [0, 1] }),
    all: t.sum(x),
    last: t.sum(x, { axes: [1, 2] }),
    kept: t.sum(x, { axes: 0, keepAxes: true }),
  };
  const values = await runProgram(runtime, results, feeds);
  const references = t.evaluate(Object.values(results), feeds);
  const problems = Object.entries(results).flatMap(([name, { shape }], i) => {
    assert.deepEqual(values[name]?.shape, shape);
    // Terms below 1: a sum of 30000 in two passes is good to a few units of the partial sums' last place.
    return difference(name, values[name]?.data, references[i]?.data, 1e-5);
  });
  assert.deepEqual(problems, []);
  await runtime.dispose();
});

test('softmax adds up to one and log-softmax is its logarithm', () => {
  const x = t.input('x', [4, 7]);
  const { data } = varied([4, 7], 20);
  const [total, soft, log] = t.evaluate([t.sum(t.softmax(x), { axes: 1 }), t.softmax(x), t.exp(t.logSoftmax(x))], {
    x: { shape: [4, 7], data },
  });
  for (const value of total?.data ?? []) assert.ok(Math.abs(value - 1) < 1e-15 * 7);
  soft?.data.forEach((value, i) => {
    assert.ok(Math.abs(value - (log?.data[i] ?? 0)) < 1e-14);
  });
});

test('an infinite number stays within the sum that it belongs to', async () => {
  const x = t.input('x', [2, 2, 2, 2, 3]);
  const data = Float64Array.from({ length: 48 }, (_, i) => (i === 7 ? Number.NEGATIVE_INFINITY : i));
  const y = t.sum(x, { axes: [1, 3] });
  const feeds = { x: { shape: [2, 2, 2, 2, 3], data } };
  const runtime = await openRuntime({ threads: 1 });
  try {
    const found = (await runProgram(runtime, { y }, feeds)).y;
    assert.deepEqual(Array.from(found?.data ?? [], Number), Array.from(t.evaluate([y], feeds)[0]?.data ?? []));
  } finally {
    await runtime.dispose();
  }
});
