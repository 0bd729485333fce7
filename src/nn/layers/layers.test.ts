// Laws that hold for every layer: the shape it declares is the shape it computes, and gradients flow as central differences say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { multiply } from '../../tensor/index.js';
import { sum } from '../../tensor/operators/reduce.js';
import { constant, input } from '../../tensor/operators/source.js';
import { batchInput } from '../../tensor/program.js';
import { batch } from '../../tensor/shape.js';
import type { Layer } from '../layer.js';
import { network } from '../network.js';
import { assertGradients, randomArray } from '../numeric.test.support.js';
import { type ActivationName, activation, activations } from './activation.js';
import { batchNorm } from './batch-norm.js';
import { conv } from './conv.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { embedding } from './embedding.js';
import { flattenLayer } from './flatten-layer.js';
import { groupNorm } from './group-norm.js';
import { instanceNorm } from './instance-norm.js';
import { layerNorm } from './layer-norm.js';
import { reshapeLayer } from './reshape-layer.js';
import { residual } from './residual.js';
import { resizeConv } from './resize-conv.js';
import { sequential } from './sequential.js';
import { transposedConv } from './transposed-conv.js';
import { upsample } from './upsample.js';

interface Case {
  readonly what: string;
  readonly layer: Layer;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly parameters: Readonly<Record<string, readonly number[]>>;
}

const activationNames = [
  'identity',
  'relu',
  'leakyRelu',
  'elu',
  'gelu',
  'silu',
  'tanh',
  'sigmoid',
  'softplus',
] as const satisfies readonly ActivationName[];

test('every activation is tested', () => assert.deepEqual(Object.keys(activations), [...activationNames]));

const statistics = { mean: [2], variance: [2] };
const affine = { scale: [2], bias: [2] };
const cases: readonly Case[] = [
  { what: 'dense', layer: dense({ units: 3 }), from: [4], to: [3], parameters: { weight: [4, 3], bias: [3] } },
  {
    what: 'dense on rows',
    layer: dense({ units: 3, bias: false }),
    from: [2, 4],
    to: [2, 3],
    parameters: { weight: [4, 3] },
  },
  {
    what: 'conv with stride',
    layer: conv({ filters: 3, kernel: 3, stride: 2 }),
    from: [5, 4, 2],
    to: [3, 2, 3],
    parameters: { weight: [3, 3, 2, 3], bias: [3] },
  },
  {
    what: 'conv with valid padding, dilation and groups',
    layer: conv({ filters: 4, kernel: [2, 1], padding: 'valid', dilation: 2, groups: 2, bias: false }),
    from: [4, 3, 2],
    to: [2, 3, 4],
    parameters: { weight: [2, 1, 1, 4] },
  },
  {
    what: 'transposedConv with stride',
    layer: transposedConv({ filters: 3, kernel: 4, stride: 2 }),
    from: [2, 3, 2],
    to: [4, 6, 3],
    parameters: { weight: [4, 4, 3, 2], bias: [3] },
  },
  {
    what: 'transposedConv with a kernel smaller than its stride',
    layer: transposedConv({ filters: 1, kernel: 1, stride: 2, bias: false }),
    from: [2, 2, 2],
    to: [4, 4, 1],
    parameters: { weight: [1, 1, 1, 2] },
  },
  {
    what: 'transposedConv with numbers for padding',
    layer: transposedConv({ filters: 4, kernel: 3, stride: 2, padding: 1, groups: 2, bias: false }),
    from: [2, 2, 2],
    to: [3, 3, 4],
    parameters: { weight: [3, 3, 2, 2] },
  },
  { what: 'upsample', layer: upsample({ factor: 3 }), from: [2, 1, 2], to: [6, 3, 2], parameters: {} },
  {
    what: 'resizeConv',
    layer: resizeConv({ filters: 2, kernel: 3 }),
    from: [2, 2, 1],
    to: [4, 4, 2],
    parameters: { weight: [3, 3, 1, 2], bias: [2] },
  },
  { what: 'batchNorm', layer: batchNorm(), from: [2, 2, 2], to: [2, 2, 2], parameters: { ...affine, ...statistics } },
  {
    what: 'batchNorm without scale and bias',
    layer: batchNorm({ scale: false, bias: false }),
    from: [2],
    to: [2],
    parameters: statistics,
  },
  { what: 'layerNorm', layer: layerNorm(), from: [3, 2], to: [3, 2], parameters: affine },
  {
    what: 'layerNorm of images',
    layer: layerNorm({ axes: 3, bias: false }),
    from: [2, 3, 2],
    to: [2, 3, 2],
    parameters: { scale: [2, 3, 2] },
  },
  { what: 'instanceNorm', layer: instanceNorm(), from: [3, 2, 2], to: [3, 2, 2], parameters: affine },
  {
    what: 'groupNorm',
    layer: groupNorm({ groups: 2 }),
    from: [2, 4],
    to: [2, 4],
    parameters: { scale: [4], bias: [4] },
  },
  { what: 'dropout', layer: dropout({ rate: 0.3 }), from: [4, 2], to: [4, 2], parameters: {} },
  {
    what: 'dropout of channels',
    layer: dropout({ wholeChannels: true }),
    from: [2, 2, 3],
    to: [2, 2, 3],
    parameters: {},
  },
  { what: 'flatten', layer: flattenLayer(), from: [2, 3, 2], to: [12], parameters: {} },
  { what: 'reshape', layer: reshapeLayer([2, 3, 1]), from: [6], to: [2, 3, 1], parameters: {} },
  {
    what: 'residual',
    layer: residual(dense({ units: 3, bias: false })),
    from: [3],
    to: [3],
    parameters: { 'body/weight': [3, 3] },
  },
  {
    what: 'residual with a projection',
    layer: residual(dense({ units: 2, bias: false }), { projection: dense({ units: 2, bias: false }) }),
    from: [3],
    to: [2],
    parameters: { 'body/weight': [3, 2], 'projection/weight': [3, 2] },
  },
  {
    what: 'sequential list',
    layer: sequential([dense({ units: 2 }), activation('tanh'), dense({ units: 1 })]),
    from: [3],
    to: [1],
    parameters: { 'dense1/weight': [3, 2], 'dense1/bias': [2], 'dense2/weight': [2, 1], 'dense2/bias': [1] },
  },
  {
    what: 'sequential record',
    layer: sequential({ hidden: dense({ units: 2, bias: false }), logits: dense({ units: 1, bias: false }) }),
    from: [3],
    to: [1],
    parameters: { 'hidden/weight': [3, 2], 'logits/weight': [2, 1] },
  },
  ...activationNames.map((name) => ({
    what: name,
    layer: activation(name),
    from: [5],
    to: [5],
    parameters: {},
  })),
];

for (const { what, layer, from, to, parameters } of cases) {
  test(`${what}: shapes, parameters and gradients`, () => {
    const net = network('net', layer, from);
    assert.deepEqual(net.outputShape, to);
    const shapes = Object.entries(net.parameters).map(([name, { shape }]) => [name.replace('net/', ''), shape]);
    assert.deepEqual(Object.fromEntries(shapes), parameters);
    const weights = net.inputs();
    const symbolic = net.apply(batchInput('x', from), weights).output;
    assert.deepEqual(symbolic.shape, [batch, ...to]);

    for (const training of [false, true]) {
      const x = input('x', [3, ...from]);
      const { output, noise } = net.apply(x, weights, { training });
      assert.deepEqual(output.shape, [3, ...to]);
      const coefficients = randomArray([3, ...to], 1);
      const loss = sum(multiply(output, constant(coefficients.data, coefficients.shape)));
      const feeds = {
        x: randomArray([3, ...from], 2),
        ...Object.fromEntries(
          Object.entries(net.parameters).map(([name, { shape }], index) => [name, randomArray(shape, 3 + index)]),
        ),
        ...Object.fromEntries(
          noise.map(({ name, shape }) => {
            const numbers = shape.map(Number);
            return [
              name,
              { shape: numbers, data: Float64Array.from(random(9).uniform(numbers.reduce((a, b) => a * b, 1))) },
            ];
          }),
        ),
      };
      for (const [name, { data }] of Object.entries(feeds))
        if (name.endsWith('variance')) data.set(data.map((value) => 0.5 + Math.abs(value)));
      const variables = net.trainable.map((name) => weights[name]!);
      assertGradients(loss, [x, ...variables], feeds);
    }
  });
}

test('embedding looks rows up and sends gradients back to them alone', () => {
  const net = network('net', embedding({ count: 4, size: 2 }), [3]);
  assert.deepEqual(net.outputShape, [3, 2]);
  const weights = net.inputs();
  const x = input('x', [2, 3], 'int64');
  const { output } = net.apply(x, weights);
  const coefficients = randomArray([2, 3, 2], 1);
  const loss = sum(multiply(output, constant(coefficients.data, coefficients.shape)));
  const feeds = {
    x: { shape: [2, 3], data: Float64Array.of(0, 2, 2, 1, 2, 0) },
    'net/weight': randomArray([4, 2], 2),
  };
  assertGradients(loss, [weights['net/weight']!], feeds);
});

/** Each with what the error has to say: the layer, what came, what was expected. */
const misfits: readonly [string, Layer, readonly number[], RegExp][] = [
  ['dense', dense({ units: 1 }), [], /^net: dense: received examples of \[\]; expected one axis/],
  ['conv', conv({ filters: 1, kernel: 3 }), [784], /^net: conv: received examples of \[784\]; expected images/],
  [
    'conv that finds no place',
    conv({ filters: 1, kernel: 5, padding: 'valid' }),
    [4, 4, 1],
    /^net: conv2d: no window of 5x5/,
  ],
  ['conv in groups', conv({ filters: 4, kernel: 3, groups: 2 }), [4, 4, 3], /multiples of the 2 groups/],
  [
    'transposedConv',
    transposedConv({ filters: 1, kernel: 4 }),
    [4, 4],
    /^net: transposedConv: received examples of \[4, 4\]/,
  ],
  ['upsample', upsample(), [4], /^net: upsample: received examples of \[4\]/],
  ['batchNorm', batchNorm(), [], /^net: batchNorm: received/],
  ['layerNorm', layerNorm({ axes: 2 }), [4], /^net: layerNorm: received examples of \[4\]; expected 2 axes/],
  ['instanceNorm', instanceNorm(), [4], /^net: instanceNorm: received/],
  ['groupNorm', groupNorm({ groups: 3 }), [4, 4], /^net: groupNorm: received .* expected a multiple of 3 channels/],
  ['reshape', reshapeLayer([2, 2]), [5], /^net: reshape: received examples of \[5\] with 5 values; expected 4/],
  ['residual', residual(dense({ units: 2 })), [3], /^net: residual: .*\[2\].*\[3\].*projection/],
  [
    'sequential, which says where',
    sequential([dense({ units: 10 }), reshapeLayer([3, 3])]),
    [4],
    /^net: reshape1: reshape: received examples of \[10\]/,
  ],
];
for (const [what, layer, shape, message] of misfits)
  test(`${what}: examples that do not fit are refused`, () => {
    assert.throws(
      () => network('net', layer, shape),
      (error) => error instanceof ShapeError && message.test(error.message),
    );
  });
