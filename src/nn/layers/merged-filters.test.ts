// A convolution merged with the change of resolution beside it against the two steps one after the other: values, gradients, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import { gradients } from '../../tensor/gradient.js';
import { multiply, square } from '../../tensor/index.js';
import { sum } from '../../tensor/operators/reduce.js';
import { constant, input } from '../../tensor/operators/source.js';
import { inTopologicalOrder } from '../../tensor/tensor.js';
import type { Layer } from '../layer.js';
import { network } from '../network.js';
import { assertGradients, assertNear, numbers, randomArray } from '../numeric.test.support.js';
import { averagePooling } from './average-pooling.js';
import { conv } from './conv.js';
import { convMeanPool } from './conv-mean-pool.js';
import { resizeConv } from './resize-conv.js';
import { upsample } from './upsample.js';

/** Two layers one after the other under the first's or second's parameter names. */
function inTurn(first: Layer, second: Layer): Layer {
  return {
    kind: 'inTurn',
    outputShape: (shape) => second.outputShape(first.outputShape(shape)),
    parameters: (shape) => ({ ...first.parameters(shape), ...second.parameters(first.outputShape(shape)) }),
    apply: (x, scope) => second.apply(first.apply(x, scope), scope),
  };
}

const cases: readonly { kernel: number | readonly [number, number]; factor: number; from: readonly number[] }[] = [
  { kernel: 3, factor: 2, from: [4, 6, 2] },
  { kernel: 4, factor: 2, from: [5, 4, 2] },
  { kernel: [5, 2], factor: 3, from: [7, 4, 1] },
  { kernel: [1, 3], factor: 2, from: [3, 3, 2] },
  { kernel: 2, factor: 1, from: [3, 2, 1] },
];
for (const { kernel, factor, from } of cases)
  for (const bias of [true, false]) {
    const options = { filters: 3, kernel, bias };
    const pairs = {
      'mean after': [
        convMeanPool({ ...options, size: factor }),
        inTurn(conv(options), averagePooling({ size: factor })),
      ],
      'repetition before': [resizeConv({ ...options, factor }), inTurn(upsample({ factor }), conv(options))],
    } as const;
    for (const [what, [merged, steps]] of Object.entries(pairs))
      test(`kernel ${kernel} with a ${what} by ${factor}, ${bias ? 'with' : 'without'} bias: one step equals two`, () => {
        const [one, two] = [network('net', merged, from), network('net', steps, from)];
        assert.deepEqual(one.outputShape, two.outputShape);
        assert.deepEqual(Object.keys(one.parameters), Object.keys(two.parameters));
        const weights = one.inputs();
        const x = input('x', [2, ...from]);
        const coefficients = randomArray([2, ...one.outputShape], 1);
        const feeds = {
          x: randomArray([2, ...from], 2),
          ...Object.fromEntries(
            Object.entries(one.parameters).map(([name, { shape }]) => [name, randomArray(shape, 3)]),
          ),
        };
        const [ours, reference] = [one, two].map((net) => {
          const { output } = net.apply(x, weights);
          const loss = sum(multiply(square(output), constant(coefficients.data, coefficients.shape)));
          return [output, ...gradients(loss, [x, weights['net/weight']!])].flatMap((tensor) => numbers(tensor, feeds));
        });
        assertNear(ours!, reference!, 1e-11);
      });
  }

test('a merged layer convolves once, at the lower resolution', () => {
  const operatorsOf = (layer: Layer): string[] => {
    const net = network('net', layer, [4, 4, 2]);
    const { output } = net.apply(input('x', [1, 4, 4, 2]), net.inputs());
    return inTopologicalOrder([output]).flatMap(({ operation: { operator } }) =>
      /onvolution/.test(operator) ? [operator] : [],
    );
  };
  assert.deepEqual(operatorsOf(resizeConv({ filters: 1, kernel: 3 })), ['transposedConvolution']);
  assert.deepEqual(operatorsOf(resizeConv({ filters: 1, kernel: 3, stride: 2 })), ['convolution']);
  assert.deepEqual(operatorsOf(resizeConv({ filters: 2, kernel: 3, groups: 2 })), ['convolution', 'convolution']);
});

test('gradients of gradient norms are those of central differences', () => {
  const net = network('net', convMeanPool({ filters: 2, kernel: 3 }), [2, 2, 1]);
  const weights = net.inputs();
  const x = input('x', [1, 2, 2, 1]);
  const [slope] = gradients(sum(square(net.apply(x, weights).output)), [x]);
  const feeds = {
    x: randomArray([1, 2, 2, 1], 1),
    'net/weight': randomArray([3, 3, 1, 2], 2),
    'net/bias': randomArray([2], 3),
  };
  assertGradients(sum(square(slope!)), [x, weights['net/weight']!, weights['net/bias']!], feeds, 1e-5);
});

test('images smaller than a window are refused', () => {
  assert.throws(
    () => network('net', convMeanPool({ filters: 1, kernel: 3, size: 4 }), [4, 3, 1]),
    (error) =>
      error instanceof ShapeError && /received examples of \[4, 3, 1\]; images of at least 4x4/.test(error.message),
  );
  assert.throws(() => convMeanPool({ filters: 1, kernel: 3, size: 0 }), /convMeanPool: size is 0/);
});
