import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import * as t from '../index.js';
import { array, type OperatorCase, testOperators, varied } from './checks.test.js';

/** An image [1, H, W, 1] that counts from 1. */
const counting = (height: number, width: number) =>
  array([Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => [i * width + j + 1]))]);
const small = counting(2, 3);
const square = counting(4, 4);
/** The filter [[1, 2], [3, 4]] as [2, 2, 1, 1]. */
const filter = array([
  [[[1]], [[2]]],
  [[[3]], [[4]]],
]);

// References: torch.nn.functional on [1, 1, H, W], dtype float64.
const convolutions: OperatorCase[] = [
  // F.conv2d(small, filter); F.conv2d(square, filter, stride=2, padding=1); F.conv2d(square, filter, dilation=2)
  { name: 'conv2d', inputs: [small, filter], build: (x, w) => t.conv2d(x, w), expected: [37, 47], shape: [1, 1, 2, 1] },
  {
    name: 'conv2d, stride and padding',
    inputs: [square, filter],
    build: (x, w) => t.conv2d(x, w, { stride: 2, padding: 1 }),
    expected: [4, 18, 12, 46, 94, 44, 26, 44, 16],
  },
  {
    name: 'conv2d, dilation',
    inputs: [square, filter],
    build: (x, w) => t.conv2d(x, w, { dilation: 2 }),
    expected: [78, 88, 118, 128],
  },
  {
    name: 'conv2d, channels',
    inputs: [varied([2, 4, 5, 3]), varied([3, 2, 3, 2])],
    build: (x, w) => t.conv2d(x, w, { stride: [1, 2], padding: [1, 0, 0, 1] }),
    shape: [2, 3, 3, 2],
  },
  {
    name: 'conv2d, groups',
    inputs: [varied([1, 3, 3, 4]), varied([2, 2, 2, 4])],
    build: (x, w) => t.conv2d(x, w, { groups: 2, padding: 1 }),
    shape: [1, 4, 4, 4],
  },
  {
    name: 'conv2d, 1x1',
    inputs: [varied([2, 3, 2, 3]), varied([1, 1, 3, 2])],
    build: (x, w) => t.conv2d(x, w),
    shape: [2, 3, 2, 2],
  },
  // F.conv_transpose2d(small, filter, stride=2)
  {
    name: 'conv2dTranspose',
    inputs: [small, filter],
    build: (x, w) => t.conv2dTranspose(x, w, { stride: 2 }),
    expected: [1, 2, 2, 4, 3, 6, 3, 4, 6, 8, 9, 12, 4, 8, 5, 10, 6, 12, 12, 16, 15, 20, 18, 24],
    shape: [1, 4, 6, 1],
  },
  // F.conv_transpose2d(small, filter, stride=2, padding=1, output_padding=1)
  {
    name: 'conv2dTranspose, output size',
    inputs: [small, filter],
    build: (x, w) => t.conv2dTranspose(x, w, { stride: 2, padding: 1, outputSize: [3, 5] }),
    expected: [4, 6, 8, 9, 12, 8, 5, 10, 6, 12, 16, 15, 20, 18, 24],
    shape: [1, 3, 5, 1],
  },
  {
    name: 'conv2dTranspose, channels',
    inputs: [varied([2, 2, 3, 2]), varied([3, 3, 3, 2])],
    build: (x, w) => t.conv2dTranspose(x, w, { stride: 2, padding: 1 }),
    shape: [2, 3, 5, 3],
  },
];

// With distinct values, so that no window has equal ones.
const images = varied([2, 4, 5, 2]);

const pooling: OperatorCase[] = [
  { name: 'maxPool', inputs: [square], build: (x) => t.maxPool(x, 2), expected: [6, 8, 14, 16], shape: [1, 2, 2, 1] },
  // F.max_pool2d(square, 3, 2, 1); negative images, because padding must not win
  {
    name: 'maxPool, padding',
    inputs: [square],
    build: (x) => t.maxPool(x, 3, { stride: 2, padding: 1 }),
    expected: [6, 8, 14, 16],
  },
  {
    name: 'maxPool of negative numbers, padding',
    inputs: [square],
    build: (x) => t.maxPool(t.negative(x), 3, { stride: 2, padding: 1 }),
    expected: [-1, -2, -5, -6],
  },
  {
    name: 'maxPool, overlapping',
    inputs: [images],
    build: (x) => t.maxPool(x, [2, 3], { stride: 1 }),
    shape: [2, 3, 3, 2],
  },
  {
    name: 'maxPool of equal values',
    inputs: [
      array([
        [
          [[1], [1]],
          [[1], [0]],
        ],
      ]),
    ],
    build: (x) => t.maxPool(x, 2),
    smooth: false,
    expectedGradient: [1 / 3, 1 / 3, 1 / 3, 0],
  },
  { name: 'averagePool', inputs: [square], build: (x) => t.averagePool(x, 2), expected: [3.5, 5.5, 11.5, 13.5] },
  // F.avg_pool2d(square, 3, 2, 1, count_include_pad=False)
  { name: 'averagePool of colours', inputs: [varied([2, 4, 6, 3])], build: (x) => t.averagePool(x, [2, 3]) },
  { name: 'averagePool that leaves pixels over', inputs: [varied([1, 5, 4, 2])], build: (x) => t.averagePool(x, 2) },
  {
    name: 'averagePool, padding',
    inputs: [square],
    build: (x) => t.averagePool(x, 3, { stride: 2, padding: 1 }),
    expected: [3.5, 5, 9.5, 11],
  },
  {
    name: 'averagePool, overlapping',
    inputs: [images],
    build: (x) => t.averagePool(x, [3, 2], { stride: 1 }),
    shape: [2, 2, 4, 2],
  },
];

const resized: OperatorCase[] = [
  // F.interpolate(small, size, mode='nearest-exact')
  {
    name: 'resizeNearest, twice',
    inputs: [small],
    build: (x) => t.resizeNearest(x, { scale: 2 }),
    expected: [1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 4, 4, 5, 5, 6, 6],
  },
  {
    name: 'resizeNearest to 3x5',
    inputs: [small],
    build: (x) => t.resizeNearest(x, { size: [3, 5] }),
    expected: [1, 1, 2, 3, 3, 4, 4, 5, 6, 6, 4, 4, 5, 6, 6],
  },
  {
    name: 'resizeNearest, smaller',
    inputs: [small],
    build: (x) => t.resizeNearest(x, { size: [1, 2] }),
    expected: [4, 6],
  },
  {
    name: 'resizeNearest to 2x7',
    inputs: [small],
    build: (x) => t.resizeNearest(x, { size: [2, 7] }),
    expected: [1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5, 6, 6],
  },
  // F.interpolate(small, size, mode='bilinear')
  {
    name: 'resizeBilinear, twice',
    inputs: [small],
    build: (x) => t.resizeBilinear(x, { scale: 2 }),
    expected: [
      1, 1.25, 1.75, 2.25, 2.75, 3, 1.75, 2, 2.5, 3, 3.5, 3.75, 3.25, 3.5, 4, 4.5, 5, 5.25, 4, 4.25, 4.75, 5.25, 5.75,
      6,
    ],
  },
  {
    name: 'resizeBilinear to 3x5',
    inputs: [small],
    build: (x) => t.resizeBilinear(x, { size: [3, 5] }),
    expected: [1, 1.4, 2, 2.6, 3, 2.5, 2.9, 3.5, 4.1, 4.5, 4, 4.4, 5, 5.6, 6],
  },
  {
    name: 'resizeBilinear, smaller',
    inputs: [small],
    build: (x) => t.resizeBilinear(x, { size: [1, 2] }),
    expected: [2.75, 4.25],
  },
  {
    name: 'resizeBilinear to 2x7',
    inputs: [small],
    build: (x) => t.resizeBilinear(x, { size: [2, 7] }),
    expected: [1, 1.142857, 1.571429, 2, 2.428571, 2.857143, 3, 4, 4.142857, 4.571429, 5, 5.428571, 5.857143, 6],
  },
  {
    name: 'resizeBilinear, channels',
    inputs: [images],
    build: (x) => t.resizeBilinear(x, { scale: 1.5 }),
    shape: [2, 6, 7, 2],
  },
  {
    name: 'depthToSpace',
    inputs: [
      array([
        [
          [
            [1, 2, 3, 4],
            [5, 6, 7, 8],
          ],
        ],
      ]),
    ],
    build: (x) => t.depthToSpace(x, 2),
    expected: [1, 2, 5, 6, 3, 4, 7, 8],
    shape: [1, 2, 4, 1],
  },
  {
    name: 'spaceToDepth',
    inputs: [square],
    build: (x) => t.spaceToDepth(x, 2),
    expected: [1, 2, 5, 6, 3, 4, 7, 8, 9, 10, 13, 14, 11, 12, 15, 16],
    shape: [1, 2, 2, 4],
  },
  {
    name: 'there and back',
    inputs: [varied([2, 2, 3, 8])],
    build: (x) => t.subtract(t.spaceToDepth(t.depthToSpace(t.square(x), 2), 2), t.square(x)),
    expected: new Array<number>(96).fill(0),
  },
];

testOperators('convolutions', convolutions);
testOperators('pooling', pooling);
testOperators('resizing', resized);

test('pooling and resizing refuse what does not fit, naming sizes', () => {
  const x = t.input('x', [t.batch, 4, 6, 3]);
  const refused = (action: () => unknown, ...parts: string[]) =>
    assert.throws(
      action,
      (error) => error instanceof ShapeError && parts.every((part) => error.message.includes(part)),
    );
  refused(() => t.maxPool(x, 5), 'maxPool', '5x5', '4x6');
  refused(() => t.averagePool(x, 2, { padding: 2 }), 'padding alone');
  refused(() => t.maxPool(t.input('v', [4, 4]), 2), '[N, H, W, C]', '[4, 4]');
  refused(() => t.resizeNearest(x, { scale: 0.1 }), '0x0');
  refused(() => t.resizeBilinear(x, { size: [2.5, 3] }), '2.5x3');
  refused(() => t.depthToSpace(x, 2), '3 channels', '2x2');
  refused(() => t.spaceToDepth(x, 4), '4x6', '4x4');
  refused(() => t.conv2d(x, t.input('w', [3, 3, 2, 8])), '[batch, 4, 6, 3]', '[3, 3, 2, 8]');
});
