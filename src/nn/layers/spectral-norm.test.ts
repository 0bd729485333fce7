// Spectral norm: sigma against the singular value decomposition, the gradient against central differences with fixed vectors, the
// running vector over several applications, containers, gradients of gradients, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { ConfigError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { gradients } from '../../tensor/gradient.js';
import { divide, multiply, square } from '../../tensor/index.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { sum } from '../../tensor/operators/reduce.js';
import { reshape } from '../../tensor/operators/reshape.js';
import { constant, input } from '../../tensor/operators/source.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Layer } from '../layer.js';
import { type Network, network, type Tensors } from '../network.js';
import {
  array,
  arraysOf,
  assertGradients,
  assertNear,
  type Feeds,
  numberOf,
  numbers,
  randomArray,
} from '../numeric.test.support.js';
import { activation } from './activation.js';
import { batchNorm } from './batch-norm.js';
import { conditionalAffine } from './conditional-affine.js';
import { conv } from './conv.js';
import { dense } from './dense.js';
import { embedding } from './embedding.js';
import { flattenLayer } from './flatten-layer.js';
import { residual } from './residual.js';
import { sequential } from './sequential.js';
import { largestSingularValue, spectralNorm } from './spectral-norm.js';
import { transposedConv } from './transposed-conv.js';

function singularValues(shape: readonly number[], data: ArrayLike<number>): number[] {
  const columns = shape.at(-1) ?? 1;
  return new SingularValueDecomposition(Matrix.from1DArray(data.length / columns, columns, data), {
    autoTranspose: true,
  }).diagonal;
}

/** A layer that hands its scope's weight out instead of using it. */
function weightOf(layer: Layer): Layer {
  return { ...layer, apply: (_, scope) => scope.parameter('weight') };
}

const shapes: Readonly<Record<string, readonly [Layer, readonly number[], readonly number[]]>> = {
  dense: [dense({ units: 4 }), [7], [7, 4]],
  'a wide dense': [dense({ units: 7 }), [4], [4, 7]],
  'a single unit': [dense({ units: 1 }), [6], [6, 1]],
  conv: [conv({ filters: 5, kernel: 3 }), [6, 6, 2], [3, 3, 2, 5]],
  transposedConv: [transposedConv({ filters: 3, kernel: 4, stride: 2 }), [4, 4, 5], [4, 4, 3, 5]],
};
for (const [what, [layer, from, shape]] of Object.entries(shapes))
  test(`${what}: after many steps the weight's largest singular value is that of the decomposition, and becomes 1`, () => {
    const wrapped = network('net', spectralNorm(layer, { iterations: 200 }), from);
    assert.deepEqual(wrapped.outputShape, network('net', layer, from).outputShape);
    assert.deepEqual(wrapped.parameters['net/weight']?.shape, shape);
    assert.deepEqual(wrapped.parameters['net/singularVector']?.shape, [shape.at(-1)]);
    assert.ok(!wrapped.trainable.includes('net/singularVector'));
    const feeds = { w: randomArray(shape, 1), u: arraysOf(wrapped.initialise(random(0)))['net/singularVector']! };
    assertNear([Math.hypot(...feeds.u.data)], [1], 1e-6, 'length of the first vector');
    const { sigma } = largestSingularValue(input('w', shape), input('u', [shape.at(-1)!]), 200);
    const [largest = 0] = singularValues(shape, feeds.w.data);
    assert.ok(Math.abs(numberOf(sigma, feeds) / largest - 1) < 1e-4);

    const inside = network('net', spectralNorm(weightOf(layer), { iterations: 200 }), from);
    const { output } = inside.apply(input('x', [1, ...from]), inside.inputs(), { training: true });
    const applied = numbers(output, { 'net/weight': feeds.w, 'net/singularVector': feeds.u });
    assertNear([singularValues(shape, applied)[0] ?? 0], [1], 1e-4);
  });

test('a transposed convolution is normalised as the convolution it is the adjoint of', () => {
  const up = network('net', spectralNorm(weightOf(transposedConv({ filters: 2, kernel: 4, stride: 2 }))), [3, 3, 3]);
  const down = network('net', spectralNorm(weightOf(conv({ filters: 3, kernel: 4, stride: 2 }))), [6, 6, 2]);
  const feeds = { 'net/weight': randomArray([4, 4, 2, 3], 1), 'net/singularVector': randomArray([3], 2) };
  const weightIn = (net: Network, from: readonly number[]) =>
    numbers(net.apply(input('x', [1, ...from]), net.inputs(), { training: true }).output, feeds);
  assertNear(weightIn(up, [3, 3, 3]), weightIn(down, [6, 6, 2]), 1e-12);
});

const linear = network('net', spectralNorm(dense({ units: 3 })), [4]);
const linearFeeds: Feeds = {
  x: randomArray([2, 4], 1),
  'net/weight': randomArray([4, 3], 2),
  'net/bias': randomArray([3], 3),
  'net/singularVector': array([3], [0.6, 0, 0.8]),
};
const x = input('x', [2, 4]);
const lossOf = (y: Tensor): Tensor => sum(multiply(square(y), constant([1, -2, 3], [3])));

test('the gradient is that of W / (u W v) with u and v held fixed', () => {
  const weights = linear.inputs();
  const { output, updates } = linear.apply(x, weights, { training: true });
  const w = weights['net/weight']!;
  const u = input('u', [3, 1]);
  const v = input('v', [4, 1]);
  const sigma = matmul(matmul(w, v, { transposeA: true }), u, { transposeA: true });
  const reference = lossOf(divide(matmul(x, w), reshape(sigma, [])));
  const last = numbers(updates['net/singularVector']!, linearFeeds);
  const first = matmul(w, constant([0.6, 0, 0.8], [3, 1]));
  const direction = numbers(first, linearFeeds);
  const feeds = {
    ...linearFeeds,
    'net/bias': array([3], [0, 0, 0]),
    u: array([3, 1], last),
    v: array(
      [4, 1],
      direction.map((value) => value / Math.hypot(...direction)),
    ),
  };
  assertNear([numberOf(lossOf(output), feeds)], [numberOf(reference, feeds)], 1e-12);
  assertGradients(reference, [w, x], feeds);
  for (const variable of [w, x])
    assertNear(
      numbers(gradients(lossOf(output), [variable])[0]!, feeds),
      numbers(gradients(reference, [variable])[0]!, feeds),
      1e-11,
    );
});

test('at the singular vectors it is the whole gradient of W / sigma(W), in training and afterwards', () => {
  const weights = linear.inputs();
  const many = network('net', spectralNorm(dense({ units: 3 }), { iterations: 500 }), [4]);
  const vector = many.apply(x, weights, { training: true }).updates['net/singularVector']!;
  const feeds = { ...linearFeeds, 'net/singularVector': array([3], numbers(vector, linearFeeds)) };
  for (const training of [true, false])
    assertGradients(lossOf(linear.apply(x, weights, { training }).output), [weights['net/weight']!, x], feeds);
});

test('a step continues from the vector of the step before; without training nothing moves', () => {
  let values: Tensors = linear.inputs();
  for (let step = 0; step < 3; step++) values = { ...values, ...linear.apply(x, values, { training: true }).updates };
  const three = network('net', spectralNorm(dense({ units: 3 }), { iterations: 3 }), [4]);
  const atOnce = three.apply(x, linear.inputs(), { training: true });
  const stepwise = numbers(values['net/singularVector']!, linearFeeds);
  assertNear(stepwise, numbers(atOnce.updates['net/singularVector']!, linearFeeds), 1e-12);

  // What a saved vector gives when it is loaded: sigma = |W u| / 1 with no further step.
  const loaded: Feeds = { ...linearFeeds, 'net/singularVector': array([3], stepwise) };
  const { output, updates } = linear.apply(x, linear.inputs());
  assert.deepEqual(updates, {});
  const stretched = Math.hypot(...numbers(matmul(linear.inputs()['net/weight']!, constant(stepwise, [3, 1])), loaded));
  const plain = network('net', dense({ units: 3, bias: false }), [4]).apply(x, linear.inputs()).output;
  const bias = loaded['net/bias']!.data;
  assertNear(
    numbers(output, loaded),
    numbers(plain, loaded).map((value, place) => value / stretched + (bias[place % 3] ?? 0)),
    1e-12,
  );
});

test('a vector of any length gives the same, so averages of it may be used', () => {
  const { output } = linear.apply(x, linear.inputs());
  const shorter = { ...linearFeeds, 'net/singularVector': array([3], [0.3, 0, 0.4]) };
  assertNear(numbers(output, shorter), numbers(output, linearFeeds), 1e-12);
});

test('applied to real and then to fake rows, the second application continues from the first', () => {
  const weights = linear.inputs();
  const onReal = linear.apply(x, weights, { training: true });
  const onFake = linear.apply(multiply(x, 2), { ...weights, ...onReal.updates }, { training: true });
  const two = network('net', spectralNorm(dense({ units: 3 }), { iterations: 2 }), [4]);
  const expected = two.apply(multiply(x, 2), weights, { training: true });
  assertNear(numbers(onFake.output, linearFeeds), numbers(expected.output, linearFeeds), 1e-12);
  const loss = sum(square(onReal.output));
  assert.ok(numbers(gradients(loss, [weights['net/weight']!])[0]!, linearFeeds).every(Number.isFinite));
});

test('in a container all weights are normalised, names stay, and gradient norms have the right gradients', () => {
  const body = sequential({ wide: dense({ units: 3 }), bend: activation('tanh') });
  const layer = sequential({
    first: conv({ filters: 3, kernel: 2, stride: 2 }),
    scale: conditionalAffine({ classes: 2 }),
    flatten: flattenLayer(),
    skip: residual(body),
  });
  const net = network('net', spectralNorm(layer), [2, 2, 1]);
  const vectors = Object.keys(net.parameters).filter((name) => name.endsWith('singularVector'));
  assert.deepEqual(vectors, ['net/first/singularVector', 'net/skip/body/wide/singularVector']);
  assert.deepEqual(net.trainable, network('net', layer, [2, 2, 1]).trainable);
  const image = input('x', [2, 2, 2, 1]);
  const weights = net.inputs();
  const initial = arraysOf(net.initialise(random(3)));
  // Vectors at rest, so that central differences see them as fixed.
  const settled = network('net', spectralNorm(layer, { iterations: 500 }), [2, 2, 1]);
  const condition = constant([1, 0, 0, 1], [2, 2]);
  const { updates } = settled.apply(image, weights, { training: true, condition });
  const feeds: Feeds = { ...initial, x: randomArray([2, 2, 2, 1], 4) };
  const atRest = Object.fromEntries(
    Object.entries(updates).map(([name, vector]) => [name, array([3], numbers(vector, feeds))]),
  );
  const { output } = net.apply(image, weights, { training: true, condition });
  const [slope] = gradients(sum(output), [image]);
  const variables = ['net/first/weight', 'net/first/bias', 'net/scale/scale', 'net/skip/body/wide/weight'];
  assertGradients(sum(square(slope!)), [image, ...variables.map((name) => weights[name]!)], { ...feeds, ...atRest });
});

test('weights of zeros stay zeros and the vector stays a direction', () => {
  const feeds = { ...linearFeeds, 'net/weight': array([4, 3], new Float64Array(12)) };
  const { output, updates } = linear.apply(x, linear.inputs(), { training: true });
  const bias = [...linearFeeds['net/bias']!.data];
  assertNear(numbers(output, feeds), [...bias, ...bias], 1e-12);
  assertNear(numbers(updates['net/singularVector']!, feeds), [0.6, 0, 0.8], 1e-12);
  assert.ok(numbers(gradients(sum(output), [linear.inputs()['net/weight']!])[0]!, feeds).every(Number.isFinite));
});

test('layers without a weight are refused', () => {
  assert.throws(
    () => network('net', spectralNorm(batchNorm()), [2]),
    (error) => error instanceof ConfigError && /batchNorm has no weight \(parameters: scale, bias/.test(error.message),
  );
  assert.throws(() => spectralNorm(dense({ units: 1 }), { iterations: 0 }), /spectralNorm: iterations is 0/);
  assert.ok('net/singularVector' in network('net', spectralNorm(embedding({ count: 3, size: 2 })), []).parameters);
});
