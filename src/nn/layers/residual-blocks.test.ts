// Pooling layers and the residual blocks of GANs: values against the papers' order of operations, shapes, gradients of gradient norms
// as penalties need them, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import { gradients } from '../../tensor/gradient.js';
import { add, multiply, norm, relu, square } from '../../tensor/index.js';
import { conv2d } from '../../tensor/operators/convolution.js';
import { averagePool } from '../../tensor/operators/pooling.js';
import { sum } from '../../tensor/operators/reduce.js';
import { constant, input } from '../../tensor/operators/source.js';
import { batchInput } from '../../tensor/program.js';
import { batch } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Layer } from '../layer.js';
import { type Network, network } from '../network.js';
import { array, assertGradients, assertNear, type Feeds, numbers, randomArray } from '../numeric.test.support.js';
import { activation } from './activation.js';
import { averagePooling } from './average-pooling.js';
import { conditionalBatchNorm } from './conditional-batch-norm.js';
import { dense } from './dense.js';
import { globalSumPooling } from './global-sum-pooling.js';
import { instanceNorm } from './instance-norm.js';
import { residualDown } from './residual-down.js';
import { residualUp } from './residual-up.js';
import { sequential } from './sequential.js';
import { upsampleNearest } from './upsample.js';

function feedsOf(net: Network, x: readonly number[]): Feeds {
  return {
    x: randomArray(x, 1),
    ...Object.fromEntries(
      Object.entries(net.parameters).map(([name, { shape }], index) => [name, randomArray(shape, 2 + index)]),
    ),
  };
}

test('average pooling takes means of squares, global sum pooling sums over places', () => {
  const feeds = { x: array([1, 4, 3, 1], [1, 2, 9, 3, 4, 9, 5, 6, 9, 7, 8, 9]) };
  const applied = (layer: Layer): number[] =>
    numbers(network('net', layer, [4, 3, 1]).apply(input('x', [1, 4, 3, 1]), {}).output, feeds);
  assert.deepEqual(applied(averagePooling()), [2.5, 6.5]);
  assert.deepEqual(applied(globalSumPooling()), [72]);
  assert.deepEqual(network('net', averagePooling({ size: 3 }), [9, 7, 2]).outputShape, [3, 2, 2]);
});

test('the block that shrinks computes what the papers print, in either order of pooling and 1x1 convolution', () => {
  const net = network('net', residualDown({ filters: 3 }), [4, 6, 2]);
  assert.deepEqual(net.outputShape, [2, 3, 3]);
  const weights = net.inputs();
  const x = input('x', [2, 4, 6, 2]);
  const filtered = (y: Tensor, name: string, padding: number): Tensor =>
    add(conv2d(y, weights[`net/${name}/weight`]!, { padding }), weights[`net/${name}/bias`]!);
  const body = filtered(relu(filtered(relu(x), 'body/conv1', 1)), 'body/conv2', 1);
  const expected = add(averagePool(body, 2), averagePool(filtered(x, 'projection/conv', 0), 2));
  const feeds = feedsOf(net, [2, 4, 6, 2]);
  assertNear(numbers(net.apply(x, weights).output, feeds), numbers(expected, feeds), 1e-12);
});

test('the first block sees negative values; a block that pools nothing adds x itself', () => {
  const shapes = (options: Parameters<typeof residualDown>[0]): string[] =>
    Object.keys(network('net', residualDown(options), [2, 2, 2]).parameters).map((name) => name.replace('net/', ''));
  assert.deepEqual(shapes({ filters: 2, pool: false }), [
    'body/conv1/weight',
    'body/conv1/bias',
    'body/conv2/weight',
    'body/conv2/bias',
  ]);
  const net = network('net', residualDown({ filters: 2, startsWithRelu: false, pool: false }), [2, 2, 2]);
  const weights = net.inputs();
  const x = input('x', [1, 2, 2, 2]);
  const filtered = (y: Tensor, name: string): Tensor =>
    add(conv2d(y, weights[`net/body/${name}/weight`]!, { padding: 1 }), weights[`net/body/${name}/bias`]!);
  const feeds = feedsOf(net, [1, 2, 2, 2]);
  const expected = add(x, filtered(relu(filtered(x, 'conv1')), 'conv2'));
  assertNear(numbers(net.apply(x, weights).output, feeds), numbers(expected, feeds), 1e-12);
});

test('the block that enlarges computes what the papers print', () => {
  const net = network('net', residualUp({ filters: 3, norm: () => activation('identity') }), [2, 3, 2]);
  assert.deepEqual(net.outputShape, [4, 6, 3]);
  const weights = net.inputs();
  const x = input('x', [2, 2, 3, 2]);
  const filtered = (y: Tensor, name: string, padding: number): Tensor =>
    add(conv2d(y, weights[`net/${name}/weight`]!, { padding }), weights[`net/${name}/bias`]!);
  const body = filtered(relu(filtered(upsampleNearest(relu(x), 2), 'body/conv1', 1)), 'body/conv2', 1);
  const expected = add(body, filtered(upsampleNearest(x, 2), 'projection/conv', 0));
  const feeds = feedsOf(net, [2, 2, 3, 2]);
  assertNear(numbers(net.apply(x, weights).output, feeds), numbers(expected, feeds), 1e-12);
});

test('blocks take any norm, and any number of rows', () => {
  const names = Object.keys(network('net', residualUp({ filters: 2 }), [2, 2, 1]).parameters);
  assert.ok(names.includes('net/body/norm1/scale') && names.includes('net/body/norm2/variance'));
  const conditional = network(
    'net',
    residualUp({ filters: 2, norm: () => conditionalBatchNorm({ classes: 3 }) }),
    [2, 2, 1],
  );
  const { output } = conditional.apply(batchInput('x', [2, 2, 1]), conditional.inputs(), {
    condition: batchInput('classes', [3]),
  });
  assert.deepEqual(output.shape, [batch, 4, 4, 2]);
});

test('gradients of gradient norms through a discriminator of blocks are those of central differences', () => {
  const net = network(
    'net',
    sequential([
      residualDown({ filters: 2, startsWithRelu: false }),
      residualDown({ filters: 2, pool: false }),
      activation('relu'),
      globalSumPooling(),
      dense({ units: 1 }),
    ]),
    [4, 4, 1],
  );
  const weights = net.inputs();
  const x = input('x', [2, 4, 4, 1]);
  const [slope] = gradients(sum(net.apply(x, weights, { training: true }).output), [x]);
  const penalty = sum(square(add(norm(slope!, { axes: [1, 2, 3] }), -1)));
  const weightsLearnt = net.trainable.filter((name) => name.endsWith('weight')).map((name) => weights[name]!);
  assertGradients(penalty, weightsLearnt, feedsOf(net, [2, 4, 4, 1]));
});

test('gradients flow through a generator of blocks', () => {
  const net = network('net', residualUp({ filters: 2, norm: () => instanceNorm() }), [2, 2, 2]);
  const weights = net.inputs();
  const x = input('x', [2, 2, 2, 2]);
  const coefficients = randomArray([2, 4, 4, 2], 99);
  const loss = sum(multiply(net.apply(x, weights).output, constant(coefficients.data, [2, 4, 4, 2])));
  assertGradients(loss, [x, ...net.trainable.map((name) => weights[name]!)], feedsOf(net, [2, 2, 2, 2]));
});

test('what does not fit is refused', () => {
  const refuses = (layer: () => Layer, shape: readonly number[], message: RegExp): void =>
    assert.throws(
      () => network('net', layer(), shape),
      (error) => error instanceof ShapeError && message.test(error.message),
    );
  refuses(() => averagePooling(), [4], /averagePooling: received examples of \[4\]; expected images/);
  refuses(() => averagePooling({ size: 5 }), [4, 4, 1], /no window of 5x5/);
  refuses(() => globalSumPooling(), [4], /globalSumPooling: received examples of \[4\]; expected images/);
  refuses(() => residualDown({ filters: 3, pool: false }), [4, 4, 2], /residual: .*projection/);
  assert.throws(() => averagePooling({ size: 0 }), /averagePooling: size is 0/);
});
