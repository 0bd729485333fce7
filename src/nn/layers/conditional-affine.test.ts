// Scale and shift per class: what each class gets, how the condition travels through a network, gradients, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { multiply } from '../../tensor/index.js';
import { sum } from '../../tensor/operators/reduce.js';
import { constant, input } from '../../tensor/operators/source.js';
import { batchInput } from '../../tensor/program.js';
import { batch } from '../../tensor/shape.js';
import { network } from '../network.js';
import { array, assertGradients, assertNear, numbers, randomArray } from '../numeric.test.support.js';
import { batchNorm } from './batch-norm.js';
import { conditionalAffine } from './conditional-affine.js';
import { conditionalBatchNorm } from './conditional-batch-norm.js';
import { dense } from './dense.js';
import { residual } from './residual.js';
import { sequential } from './sequential.js';

const condition = constant([0, 1, 1, 0, 0, 1], [3, 2]);

test('an example is scaled and shifted by the numbers of its class', () => {
  const net = network('net', conditionalAffine({ classes: 2 }), [2, 1, 2]);
  const output = net.apply(input('x', [3, 2, 1, 2]), net.inputs(), { condition }).output;
  const feeds = {
    x: array([3, 2, 1, 2], [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]),
    'net/scale': array([2, 2], [1, 2, 10, 20]),
    'net/bias': array([2, 2], [0, 0.5, 100, 200]),
  };
  assertNear(numbers(output, feeds), [110, 220, 120, 240, 3, 6.5, 4, 8.5, 150, 300, 160, 320], 1e-12);
});

test('conditional batch norm is a batch norm when all classes share scale and bias, and updates the same statistics', () => {
  const conditional = network('net', conditionalBatchNorm({ classes: 2, momentum: 0.3, epsilon: 1e-3 }), [2, 2]);
  const plain = network('net', batchNorm({ momentum: 0.3, epsilon: 1e-3 }), [2, 2]);
  assert.deepEqual(conditional.trainable, ['net/affine/scale', 'net/affine/bias']);
  const feeds = {
    x: randomArray([3, 2, 2], 1),
    'net/scale': array([2], [0.5, -2]),
    'net/bias': array([2], [0.1, 0.2]),
    'net/affine/scale': array([2, 2], [0.5, -2, 0.5, -2]),
    'net/affine/bias': array([2, 2], [0.1, 0.2, 0.1, 0.2]),
    'net/mean': array([2], [0.4, 0.3]),
    'net/norm/mean': array([2], [0.4, 0.3]),
    'net/variance': array([2], [2, 3]),
    'net/norm/variance': array([2], [2, 3]),
  };
  for (const training of [true, false]) {
    const x = input('x', [3, 2, 2]);
    const ours = conditional.apply(x, conditional.inputs(), { training, condition });
    const reference = plain.apply(x, plain.inputs(), { training });
    assertNear(numbers(ours.output, feeds), numbers(reference.output, feeds), 1e-12);
    for (const name of training ? ['mean', 'variance'] : [])
      assertNear(
        numbers(ours.updates[`net/norm/${name}`]!, feeds),
        numbers(reference.updates[`net/${name}`]!, feeds),
        1e-12,
      );
  }
});

test('the condition reaches layers inside others; gradients are those of central differences', () => {
  const body = sequential([dense({ units: 2 }), conditionalBatchNorm({ classes: 2 })]);
  const net = network('net', sequential([residual(body), dense({ units: 1 })]), [2]);
  const weights = net.inputs();
  const x = input('x', [3, 2]);
  const classes = input('classes', [3, 2]);
  const { output } = net.apply(x, weights, { training: true, condition: classes });
  const loss = sum(multiply(output, constant([1, -2, 3], [3, 1])));
  const feeds = {
    x: randomArray([3, 2], 1),
    classes: array([3, 2], [0, 1, 1, 0, 0, 1]),
    ...Object.fromEntries(
      Object.entries(net.parameters).map(([name, { shape }], index) => [name, randomArray(shape, 2 + index)]),
    ),
  };
  assertGradients(loss, [x, classes, ...net.trainable.map((name) => weights[name]!)], feeds);
});

test('any number of examples may be given where the batch is open', () => {
  const net = network('net', conditionalBatchNorm({ classes: 2 }), [4]);
  const { output } = net.apply(batchInput('x', [4]), net.inputs(), { condition: batchInput('classes', [2]) });
  assert.deepEqual(output.shape, [batch, 4]);
});

test('a condition that is missing or does not fit is refused, with the place', () => {
  const net = network('net', sequential({ norm: conditionalBatchNorm({ classes: 2 }) }), [4]);
  const x = input('x', [3, 4]);
  assert.throws(
    () => net.apply(x, net.inputs(), { training: true }),
    (error) =>
      error instanceof ConfigError && /net\/norm\/affine: .*no condition; expected \[3, 2\]/.test(error.message),
  );
  assert.throws(
    () => net.apply(x, net.inputs(), { condition: input('classes', [3, 5]) }),
    (error) => error instanceof ShapeError && /condition of \[3, 5\]; expected \[3, 2\]/.test(error.message),
  );
  assert.throws(() => conditionalAffine({ classes: 0 }), /conditionalAffine: classes is 0/);
  assert.throws(() => network('net', conditionalAffine({ classes: 2 }), []), ShapeError);
});
