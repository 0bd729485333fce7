// Losses against PyTorch 2.15 in float64 (torch.nn.functional), and their gradients against central differences.
//   x = torch.tensor([[2., -1., .5], [0., 3., -30.]]); t = torch.tensor([[1., 0., .25], [0., 1., 1.]])
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError, UnknownNameError } from '../../core/errors.js';
import { constant, input } from '../../tensor/operators/source.js';
import type { Tensor } from '../../tensor/tensor.js';
import { array, assertGradients, assertNear, numbers, randomArray } from '../numeric.test.support.js';
import { meanAbsoluteError } from './absolute-error.js';
import { binaryCrossEntropyFromLogits } from './binary-cross-entropy.js';
import { crossEntropyFromLogits } from './cross-entropy.js';
import { hingeDiscriminator, hingeGenerator } from './hinge.js';
import { huber } from './huber.js';
import { meanSquaredError } from './squared-error.js';

const x = constant([2, -1, 0.5, 0, 3, -30], [2, 3]);
const t = constant([1, 0, 0.25, 0, 1, 1], [2, 3]);
const labels = constant([2, 1], [2], 'int64');

const references: readonly [string, Tensor, readonly number[]][] = [
  [
    "binary_cross_entropy_with_logits(x, t, reduction='none')",
    binaryCrossEntropyFromLogits(x, t, { reduction: 'none' }),
    [0.1269280110429725, 0.3132616875182228, 0.8490769841801067, Math.LN2, 0.04858735157374206, 30],
  ],
  ['binary_cross_entropy_with_logits(x, t)', binaryCrossEntropyFromLogits(x, t), [5.338500202479182]],
  [
    "binary_cross_entropy_with_logits(x, t, reduction='sum')",
    binaryCrossEntropyFromLogits(x, t, { reduction: 'sum' }),
    [32.03100121487509],
  ],
  [
    "cross_entropy(x, torch.tensor([2, 1]), reduction='none')",
    crossEntropyFromLogits(x, labels, { reduction: 'none' }),
    [1.7413112966571571, 0.048587351573746405],
  ],
  ['cross_entropy(x, torch.tensor([2, 1]))', crossEntropyFromLogits(x, labels), [0.8949493241154518]],
  [
    "cross_entropy(x, torch.tensor([[.2, .3, .5], [0., 1., 0.]]), reduction='none')",
    crossEntropyFromLogits(x, constant([0.2, 0.3, 0.5, 0, 1, 0], [2, 3]), { reduction: 'none' }),
    [1.891311296657157, 0.048587351573746405],
  ],
  ['mse_loss(x, t)', meanSquaredError(x, t), [161.17708333333334]],
  ['l1_loss(x, t)', meanAbsoluteError(x, t), [5.875]],
  [
    "huber_loss(x, t, delta=1.5, reduction='none')",
    huber(x, t, { delta: 1.5, reduction: 'none' }),
    [0.5, 0.5, 0.03125, 0, 1.875, 45.375],
  ],
];
for (const [call, loss, expected] of references)
  test(`equals ${call}`, () => assertNear(numbers(loss), expected, 1e-13));

test('hinge losses: max(0, 1 - real) + max(0, 1 + fake), and -fake', () => {
  const real = constant([2, 0.5, -1]);
  const fake = constant([-2, -0.5, 1]);
  assert.deepEqual(numbers(hingeDiscriminator(real, fake, { reduction: 'sum' })), [0.5 + 2 + 0.5 + 2]);
  assert.deepEqual(numbers(hingeDiscriminator(real, fake, { reduction: 'none' })), [0, 1, 4]);
  assert.deepEqual(numbers(hingeGenerator(fake)), [0.5]);
});

test('one number stands for all targets', () => {
  assertNear(
    numbers(binaryCrossEntropyFromLogits(x, 1)),
    numbers(binaryCrossEntropyFromLogits(x, constant([1, 1, 1, 1, 1, 1], [2, 3]))),
    1e-15,
  );
});

test('logits of 1000 give no overflow', () => {
  const extreme = constant([1000, -1000], [2, 1]);
  const wrong = constant([0, 1], [2, 1]);
  assert.deepEqual(numbers(binaryCrossEntropyFromLogits(extreme, wrong, { reduction: 'none' })), [1000, 1000]);
  const classes = constant([1000, -1000, 0], [1, 3]);
  assert.deepEqual(numbers(crossEntropyFromLogits(classes, constant([1], [1], 'int64'))), [2000]);
});

const prediction = input('prediction', [4, 3]);
const other = input('other', [4, 3]);
const losses: readonly [string, Tensor, readonly Tensor[]][] = [
  ['binaryCrossEntropyFromLogits', binaryCrossEntropyFromLogits(prediction, other), [prediction, other]],
  [
    'crossEntropyFromLogits of classes',
    crossEntropyFromLogits(prediction, constant([2, 0, 1, 1], [4], 'int64')),
    [prediction],
  ],
  ['crossEntropyFromLogits of probabilities', crossEntropyFromLogits(prediction, other), [prediction, other]],
  ['meanSquaredError', meanSquaredError(prediction, other, { reduction: 'sum' }), [prediction, other]],
  ['meanAbsoluteError', meanAbsoluteError(prediction, other), [prediction, other]],
  ['huber', huber(prediction, other, { delta: 0.7 }), [prediction, other]],
  ['hingeDiscriminator', hingeDiscriminator(prediction, other), [prediction, other]],
  ['hingeGenerator', hingeGenerator(prediction), [prediction]],
];
for (const [what, loss, variables] of losses)
  test(`${what}: gradient`, () => {
    assertGradients(loss, variables, { prediction: randomArray([4, 3], 5), other: randomArray([4, 3], 6) });
  });

test('targets of another shape are refused, not broadcast', () => {
  const column = constant([1, 2], [2, 1]);
  const row = constant([1, 2], [2]);
  for (const loss of [binaryCrossEntropyFromLogits, meanSquaredError, meanAbsoluteError, huber])
    assert.throws(() => loss(column, row), ShapeError);
  assert.throws(() => crossEntropyFromLogits(x, constant([1, 0, 1], [3], 'int64')), /expected int64 classes \[2\]/);
  assert.deepEqual(numbers(meanSquaredError(input('p', [2]), row), { p: array([2], [1, 4]) }), [2]);
});

test('an unknown reduction is refused', () => {
  const options = JSON.parse('{ "reduction": "meen" }');
  assert.throws(
    () => meanSquaredError(x, t, options),
    (error) => error instanceof UnknownNameError && /Did you mean "mean"/.test(error.message),
  );
});
