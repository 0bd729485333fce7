// Minibatch standard deviation: its value, its groups, gradients and gradients of gradient norms, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import { gradients } from '../../tensor/gradient.js';
import { multiply, square } from '../../tensor/index.js';
import { sum } from '../../tensor/operators/reduce.js';
import { constant, input } from '../../tensor/operators/source.js';
import { batchInput } from '../../tensor/program.js';
import { network } from '../network.js';
import { array, assertGradients, assertNear, numbers, randomArray } from '../numeric.test.support.js';
import { minibatchDeviation } from './minibatch-deviation.js';

const images = network('net', minibatchDeviation({ groupSize: 2, epsilon: 1e-8 }), [1, 2, 1]);

test('each group gets the mean of the standard deviations of its features, at every place', () => {
  assert.deepEqual(images.outputShape, [1, 2, 2]);
  const { output } = images.apply(input('x', [4, 1, 2, 1]), {});
  // Deviations of two numbers are half their distance: (1 + 3) / 2 in the first group, (0.5 + 0) / 2 in the second.
  const feeds = { x: array([4, 1, 2, 1], [1, 0, 3, 6, 5, 7, 6, 7]) };
  assertNear(numbers(output, feeds), [1, 2, 0, 2, 3, 2, 6, 2, 5, 0.25, 7, 0.25, 6, 0.25, 7, 0.25], 1e-4);
});

test('rows of equal examples get almost nothing, and a batch smaller than a group is one group', () => {
  const net = network('net', minibatchDeviation(), [2]);
  const { output } = net.apply(input('x', [3, 2]), {});
  assertNear(numbers(output, { x: array([3, 2], [1, 2, 1, 2, 1, 2]) }), [1, 2, 1e-4, 1, 2, 1e-4, 1, 2, 1e-4], 1e-12);
});

test('joined batches of whole groups give what each gives by itself', () => {
  const net = network('net', minibatchDeviation({ groupSize: 2 }), [3]);
  const both = randomArray([8, 3], 1);
  const first = numbers(net.apply(input('x', [4, 3]), {}).output, { x: array([4, 3], both.data.slice(0, 12)) });
  assertNear(numbers(net.apply(input('x', [8, 3]), {}).output, { x: both }).slice(0, 16), first, 1e-12);
});

test('gradients and gradients of gradient norms are those of central differences', () => {
  const x = input('x', [4, 1, 2, 1]);
  const coefficients = randomArray([4, 1, 2, 2], 2);
  const loss = sum(multiply(square(images.apply(x, {}).output), constant(coefficients.data, coefficients.shape)));
  const feeds = { x: randomArray([4, 1, 2, 1], 3) };
  assertGradients(loss, [x], feeds);
  assertGradients(sum(square(gradients(loss, [x])[0]!)), [x], feeds, 1e-5);
});

test('batches that form no groups are refused', () => {
  assert.throws(
    () => images.apply(input('x', [5, 1, 2, 1]), {}),
    /received \[5, 1, 2, 1\]; expected a multiple of 2 rows/,
  );
  assert.throws(() => images.apply(batchInput('x', [1, 2, 1]), {}), ShapeError);
  assert.throws(() => network('net', minibatchDeviation(), []), ShapeError);
  assert.throws(() => minibatchDeviation({ groupSize: 0 }), /minibatchDeviation: groupSize is 0/);
});
