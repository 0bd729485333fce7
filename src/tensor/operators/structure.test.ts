import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import * as t from '../index.js';
import { array, type OperatorCase, testOperators, varied } from './checks.test.js';

const m = array([
  [1, 2, 3],
  [4, 5, 6],
]);
const at = (...positions: number[]) => t.constant(positions, [positions.length], 'int64');

const structure: OperatorCase[] = [
  {
    name: 'reshape',
    inputs: [m],
    build: (x) => t.reshape(x, [3, -1]),
    expected: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    shape: [3, 2],
  },
  { name: 'flatten', inputs: [varied([2, 3, 2])], build: (x) => t.flatten(x), shape: [2, 6] },
  { name: 'expandAxis at the end', inputs: [m], build: (x) => t.expandAxis(x, -1), shape: [2, 3, 1] },
  { name: 'squeeze', inputs: [varied([2, 1, 3])], build: (x) => t.squeeze(x, -2), shape: [2, 3] },
  {
    name: 'transpose',
    inputs: [m],
    build: (x) => t.transpose(x),
    expected: [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
  },
  {
    name: 'transpose of four axes',
    inputs: [varied([2, 3, 1, 4])],
    build: (x) => t.transpose(x, [2, 3, 0, 1]),
    shape: [1, 4, 2, 3],
  },
  {
    name: 'transpose twice',
    inputs: [varied([2, 3, 4])],
    build: (x) => t.transpose(t.transpose(x, [1, 2, 0]), [0, 2, 1]),
    shape: [3, 2, 4],
  },
  {
    name: 'broadcastTo',
    inputs: [array([[1], [2]])],
    build: (x) => t.broadcastTo(x, [2, 2, 3]),
    expected: [
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
    ],
  },
  { name: 'sumTo', inputs: [varied([2, 3, 4])], build: (x) => t.sumTo(x, [3, 1]), shape: [3, 1] },
  {
    name: 'slice',
    inputs: [m],
    build: (x) => t.slice(x, -1, 1),
    expected: [
      [2, 3],
      [5, 6],
    ],
  },
  { name: 'slice from the end', inputs: [m], build: (x) => t.slice(x, 1, -2, -1), expected: [[2], [5]] },
  { name: 'slice of a middle axis', inputs: [varied([2, 4, 3])], build: (x) => t.slice(x, 1, 1, 3), shape: [2, 2, 3] },
  {
    name: 'pad',
    inputs: [m],
    build: (x) => t.pad(x, 1, 1, 2),
    expected: [
      [0, 1, 2, 3, 0, 0],
      [0, 4, 5, 6, 0, 0],
    ],
  },
  {
    name: 'pad with ones',
    inputs: [m],
    build: (x) => t.pad(x, 0, 1, 0, 1),
    expected: [
      [1, 1, 1],
      [1, 2, 3],
      [4, 5, 6],
    ],
  },
  {
    name: 'padAxes',
    inputs: [m],
    build: (x) =>
      t.padAxes(x, [
        [1, 0],
        [0, 1],
      ]),
    expected: [
      [0, 0, 0, 0],
      [1, 2, 3, 0],
      [4, 5, 6, 0],
    ],
  },
  // np.pad(m, ((0, 0), (2, 1)), mode='reflect')
  {
    name: 'padReflect',
    inputs: [m],
    build: (x) => t.padReflect(x, 1, 2, 1),
    expected: [
      [3, 2, 1, 2, 3, 2],
      [6, 5, 4, 5, 6, 5],
    ],
  },
  {
    name: 'flip',
    inputs: [m],
    build: (x) => t.flip(x, -1),
    expected: [
      [3, 2, 1],
      [6, 5, 4],
    ],
  },
  {
    name: 'split into equal parts',
    inputs: [m],
    build: (x) => t.subtract(...pair(t.split(t.pad(x, 1, 0, 1), 1, 2))),
    expected: [
      [-2, 2],
      [-2, 5],
    ],
  },
  {
    name: 'split by lengths',
    inputs: [m],
    build: (x) => t.multiply(...pair(t.split(x, 1, [1, 2]))),
    expected: [
      [2, 3],
      [20, 24],
    ],
  },
  {
    name: 'split and put together',
    inputs: [varied([2, 6])],
    build: (x) =>
      t.concat(
        t.split(x, 1, 3).map((part, i) => t.power(part, i + 1)),
        1,
      ),
    shape: [2, 6],
  },
  {
    name: 'concat',
    inputs: [m, array([[7], [8]])],
    build: (x, y) => t.concat([x, y], -1),
    expected: [
      [1, 2, 3, 7],
      [4, 5, 6, 8],
    ],
  },
  {
    name: 'concat along the first axis',
    inputs: [m, varied([1, 3])],
    build: (x, y) => t.concat([y, x, y], 0),
    shape: [4, 3],
  },
  {
    name: 'stack',
    inputs: [array([1, 2]), array([3, 4])],
    build: (x, y) => t.stack([x, y], -1),
    expected: [
      [1, 3],
      [2, 4],
    ],
  },
  {
    name: 'stack in front',
    inputs: [array([1, 2]), array([3, 4])],
    build: (x, y) => t.stack([x, y]),
    expected: [
      [1, 2],
      [3, 4],
    ],
  },
];

function pair(parts: readonly t.Tensor[]): [t.Tensor, t.Tensor] {
  const [first, second] = parts;
  assert.ok(first !== undefined && second !== undefined);
  return [first, second];
}

testOperators('structure', structure);

/** Expects a ShapeError whose message has all the parts. */
function refused(action: () => unknown, ...parts: string[]): void {
  assert.throws(action, (error) => error instanceof ShapeError && parts.every((part) => error.message.includes(part)));
}

test('errors name the shapes that were given', () => {
  const x = t.input('x', [t.batch, 6]);
  const y = t.input('y', [2, 3]);
  refused(() => t.reshape(x, [t.batch, 5]), '[batch, 6] has 6*batch elements', '[batch, 5] has 5*batch');
  refused(() => t.reshape(x, [-1, 4]), '[batch, 6] cannot become [-1, 4]');
  refused(() => t.squeeze(y, 0), '[2, 3] has length 2');
  refused(() => t.transpose(y, [0, 0]), '[0,0]', '[2, 3]');
  refused(() => t.broadcastTo(y, [2, 4]), '[2, 3] and [2, 4]');
  refused(() => t.slice(y, 1, 2, 2), '2 to 2', '[2, 3]');
  refused(() => t.slice(x, 0, 0, 1), 'batch');
  refused(() => t.padAxes(y, [[0, 1]]), '2 pairs', '[2, 3]');
  refused(() => t.padReflect(y, 1, 3, 0), 'axis of 3');
  refused(() => t.split(x, 1, 4), 'axis of 6', '4 equal parts');
  refused(() => t.split(x, 1, 2.5), '2.5 equal parts');
  refused(() => t.split(x, 1, [4, 1]), '[4,1]');
  refused(() => t.concat([y, x], 0), '[2, 3]', '[batch, 6]');
  refused(() => t.concat([t.input('z', [1, 1, 1]), y], 2), '[1, 1, 1]', '[2, 3]');
  refused(() => t.concat([], 0), 'no tensors');
  refused(() => t.stack([t.input('v', [2]), y]), '[2] and [2, 3]');
  refused(() => t.gather(y, t.input('f', [2])), 'int64');
  refused(() => t.gather(y, at(0), 2), 'axis 2');
  refused(() => t.scatterAdd(y, t.input('f', [3]), 1, [2, 5]), 'int64');
  refused(() => t.constant([1, 2, 3], [2]), '[2] needs 2 numbers; 3');
  refused(() => t.tile(y, [2]), '[2, 3] needs 2 counts');
  refused(() => t.repeat(y, 0, 0), 'whole number from 1');
  refused(() => t.expandAxis(y, 4), 'axis 4');
});
