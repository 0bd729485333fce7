import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import * as t from '../index.js';
import { array, type OperatorCase, testOperators, varied } from './checks.test.js';

const m = array([
  [1, 2, 3],
  [4, 5, 6],
]);
const whole = (values: number[]) => array(values, 'int64');
const at = (...positions: number[]) => t.constant(positions, [positions.length], 'int64');

const lookups: OperatorCase[] = [
  {
    name: 'gather at fed positions',
    inputs: [m, whole([2, 0, -1, 2])],
    build: (x, i) => t.gather(x, i, 1),
    expected: [
      [3, 1, 3, 3],
      [6, 4, 6, 6],
    ],
  },
  {
    name: 'gather rows at a matrix of positions',
    inputs: [
      varied([4, 3]),
      array(
        [
          [0, 3],
          [1, 1],
        ],
        'int64',
      ),
    ],
    build: (x, i) => t.gather(x, i),
    shape: [2, 2, 3],
  },
  {
    name: 'gather at constant positions',
    inputs: [m],
    build: (x) => t.gather(x, at(2, 0, -1, 2), 1),
    expected: [
      [3, 1, 3, 3],
      [6, 4, 6, 6],
    ],
  },
  {
    name: 'gather of one entry often',
    inputs: [m],
    build: (x) => t.gather(x, at(...new Array(12).fill(1)), 0),
    shape: [12, 3],
  },
  {
    name: 'gather at one position',
    inputs: [m],
    build: (x) => t.gather(x, t.scalar(1, 'int64')),
    expected: [4, 5, 6],
    shape: [3],
  },
  {
    name: 'gather of int64',
    inputs: [whole([5, 6, 7]), whole([2, 0])],
    build: (x, i) => t.gather(x, i),
    expected: [7, 5],
  },
  {
    name: 'scatterAdd',
    inputs: [m, whole([1, 0, 1])],
    build: (x, i) => t.scatterAdd(x, i, 1, [2, 2]),
    expected: [
      [2, 4],
      [5, 10],
    ],
  },
  {
    name: 'scatterAdd to rows',
    inputs: [m, whole([3, -1])],
    build: (x, i) => t.scatterAdd(x, i, 0, [4, 3]),
    expected: [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [5, 7, 9],
    ],
  },
  {
    name: 'oneHot',
    inputs: [whole([1, 0, 3, 7])],
    build: (i) => t.oneHot(i, 4),
    expected: [
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
    ],
  },
  {
    name: 'range and full',
    inputs: [m],
    build: (x) => t.multiply(x, t.add(t.cast(t.range(3), x.dtype), t.full([2, 1], 0.5, x.dtype))),
    expected: [
      [0.5, 3, 7.5],
      [2, 7.5, 15],
    ],
  },
  // np.repeat(m, 2, axis=0), np.repeat(m, 2, axis=1), np.tile(m, (2, 2))
  {
    name: 'repeat rows',
    inputs: [m],
    build: (x) => t.repeat(x, 0, 2),
    expected: [
      [1, 2, 3],
      [1, 2, 3],
      [4, 5, 6],
      [4, 5, 6],
    ],
  },
  {
    name: 'repeat columns',
    inputs: [m],
    build: (x) => t.repeat(x, -1, 2),
    expected: [
      [1, 1, 2, 2, 3, 3],
      [4, 4, 5, 5, 6, 6],
    ],
  },
  {
    name: 'tile',
    inputs: [m],
    build: (x) => t.tile(x, [2, 2]),
    expected: [
      [1, 2, 3, 1, 2, 3],
      [4, 5, 6, 4, 5, 6],
      [1, 2, 3, 1, 2, 3],
      [4, 5, 6, 4, 5, 6],
    ],
  },
];

test('positions outside are refused', () => {
  assert.throws(
    () => t.evaluate([t.gather(t.constant([1, 2]), at(2))]),
    (error) => error instanceof ShapeError && /position 2 .* \[2\]/.test(error.message),
  );
});

testOperators('positions and repetitions', lookups);
