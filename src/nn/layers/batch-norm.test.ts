// Batch norm against PyTorch 2.15 in float64, x and the permutations as in reference.test.ts:
//   bn = torch.nn.BatchNorm2d(4, eps=1e-3, momentum=0.2); bn.weight.data = w; bn.bias.data = b
//   bn(x); bn(2 * x); bn.eval(); bn(x)
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { multiply } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import type { Tensor } from '../../tensor/tensor.js';
import { network, type Tensors } from '../network.js';
import { array, assertNear, numbers } from '../numeric.test.support.js';
import { batchNorm } from './batch-norm.js';

const net = network('net', batchNorm({ epsilon: 1e-3, momentum: 0.2 }), [2, 2, 4]);
const weights = net.inputs();
const x = input('x', [2, 2, 2, 4]);
const feeds = {
  x: array(
    [2, 2, 2, 4],
    Float64Array.from({ length: 32 }, (_, i) => Math.sin(i * 0.7)),
  ),
  'net/scale': array([4], [0.5, 1, 1.5, -1]),
  'net/bias': array([4], [0, 0.1, -0.2, 0.3]),
  'net/mean': array([4], [0, 0, 0, 0]),
  'net/variance': array([4], [1, 1, 1, 1]),
};
const expectNear = (tensor: Tensor | undefined, expected: readonly number[]): void => {
  assert.ok(tensor !== undefined);
  assertNear(numbers(tensor, feeds).slice(0, expected.length), expected, 1e-11);
};

test('training normalises by the batch and moves the running statistics; later applications continue from there', () => {
  const first = net.apply(x, weights, { training: true });
  expectNear(first.output, [-0.0306001852317, 0.898855189749, 1.80380169075, -0.798435138211, 0.194599193369]);
  expectNear(first.updates['net/mean'], [0.00910366583505, 0.0218524210414, 0.0243236411785, 0.0153550728019]);
  expectNear(first.updates['net/variance'], [0.926212004367, 0.902270815526, 0.895348359557, 0.916936368271]);

  const after: Tensors = { ...weights, ...first.updates };
  const second = net.apply(multiply(x, 2), after, { training: true });
  expectNear(second.output, [-0.0306209502677, 0.899524065088, 1.80560113986, -0.799239602646, 0.194731246793]);
  expectNear(second.updates['net/mean'], [0.0254902643381, 0.0611867789159, 0.0681061952997, 0.0429942038454]);
  expectNear(second.updates['net/variance'], [1.24581762096, 1.13089991453, 1.09767212587, 1.2012945677]);

  const inference = net.apply(x, { ...after, ...second.updates });
  expectNear(inference.output, [-0.0114141316618, 0.648008841183, 1.11277171362, -0.448035744903, 0.138588190805]);
  assert.deepEqual(inference.updates, {});
});

test('running statistics are no parameters to learn, and start at 0 and 1', () => {
  assert.deepEqual(net.trainable, ['net/scale', 'net/bias']);
  assert.equal(net.size, 8);
  const { 'net/mean': mean, 'net/variance': variance } = net.initialise(random(0));
  assert.deepEqual(mean?.data, Float32Array.of(0, 0, 0, 0));
  assert.deepEqual(variance?.data, Float32Array.of(1, 1, 1, 1));
});

test('training on one value per channel is refused: its variance is 0', () => {
  const single = network('net', batchNorm(), [4]);
  assert.throws(() => single.apply(input('x', [1, 4]), single.inputs(), { training: true }), ShapeError);
});

test('numbers out of range are refused', () => {
  assert.throws(() => batchNorm({ momentum: 1.5 }), /batchNorm: momentum is 1.5; it has to be a number from 0 to 1/);
  assert.throws(() => batchNorm({ epsilon: 0 }), ConfigError);
});
