// Networks: names, initial values, several applications within a step, labels, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { subtract } from '../tensor/index.js';
import { input } from '../tensor/operators/source.js';
import { inTopologicalOrder, type Tensor } from '../tensor/tensor.js';
import type { Layer } from './layer.js';
import { activation } from './layers/activation.js';
import { batchNorm } from './layers/batch-norm.js';
import { dense } from './layers/dense.js';
import { sequential } from './layers/sequential.js';
import { network, type Tensors } from './network.js';
import { arraysOf, assertNear, numbers, randomArray } from './numeric.test.support.js';

const generator = network(
  'generator',
  sequential({ up1: dense({ units: 4 }), norm: batchNorm(), relu: activation('relu'), up2: dense({ units: 2 }) }),
  [3],
);

test('parameters have full names; sizes count what is learnt', () => {
  assert.deepEqual(generator.trainable, [
    'generator/up1/weight',
    'generator/up1/bias',
    'generator/norm/scale',
    'generator/norm/bias',
    'generator/up2/weight',
    'generator/up2/bias',
  ]);
  assert.deepEqual(Object.keys(generator.parameters), Object.keys(generator.inputs()));
  assert.equal(generator.size, 3 * 4 + 4 + 4 + 4 + 4 * 2 + 2);
});

test('initial values depend on the seed and the name only', () => {
  const larger = network('generator', sequential({ before: dense({ units: 3 }), up1: dense({ units: 4 }) }), [3]);
  const name = 'generator/up1/weight';
  const values = generator.initialise(random(1));
  assert.deepEqual(values[name], larger.initialise(random(1))[name]);
  assert.deepEqual(values[name]?.shape, [3, 4]);
  assert.notDeepEqual(values[name], generator.initialise(random(2))[name]);
  assert.notDeepEqual(values[name]?.data, values['generator/up2/weight']?.data);
});

test('a network is applied with different values within one step', () => {
  const net = network('net', dense({ units: 2, bias: false }), [2]);
  const x = input('x', [1, 2]);
  const weights = net.inputs();
  const moved: Tensors = Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, subtract(w, 1)]));
  const feeds = { x: randomArray([1, 2], 1), 'net/weight': randomArray([2, 2], 2) };
  const [a = 0, b = 0] = feeds.x.data;
  const before = numbers(net.apply(x, weights).output, feeds);
  const after = numbers(net.apply(x, moved).output, feeds);
  assertNear(after, [before[0]! - a - b, before[1]! - a - b], 1e-12);
});

test('operators are labelled with the place of their layer', () => {
  const { output, updates } = generator.apply(input('z', [5, 3]), generator.inputs(), { training: true });
  const scopeOf = (operator: string, root: Tensor): (string | undefined)[] =>
    inTopologicalOrder([root]).flatMap((tensor) => (tensor.operation.operator === operator ? [tensor.scope] : []));
  assert.deepEqual(scopeOf('matmul', output), ['generator/up1', 'generator/up2']);
  assert.deepEqual(scopeOf('relu', output), ['generator/relu']);
  assert.equal(updates['generator/norm/mean']?.scope, 'generator/norm');
});

test('a layer applied twice in one application continues from its own update', () => {
  const counter: Layer = {
    kind: 'counter',
    outputShape: (shape) => shape,
    parameters: () => ({}),
    apply: (x, scope) => {
      scope.update('count', subtract(scope.parameter('count'), -1));
      return x;
    },
  };
  const twice: Layer = { ...counter, apply: (x, scope) => counter.apply(counter.apply(x, scope), scope) };
  const count = input('count', []);
  const { updates } = network('net', twice, [1]).apply(input('x', [1, 1]), { 'net/count': count });
  assert.deepEqual(numbers(updates['net/count']!, { count: { shape: [], data: Float64Array.of(5) } }), [7]);
});

test('initial values give finite outputs of the declared shape', () => {
  const { output } = generator.apply(input('z', [5, 3]), generator.inputs());
  const values = numbers(output, { z: randomArray([5, 3], 1), ...arraysOf(generator.initialise(random(0))) });
  assert.equal(values.length, 10);
  assert.ok(values.every(Number.isFinite) && values.some((value) => value !== 0));
});

test('errors say what is missing or does not fit', () => {
  assert.throws(
    () => generator.apply(input('z', [5, 4]), generator.inputs()),
    (error) => error instanceof ShapeError && /generator: received \[5, 4\]; batches of \[3\]/.test(error.message),
  );
  const { 'generator/up2/weight': _, ...rest } = generator.inputs();
  assert.throws(
    () => generator.apply(input('z', [5, 3]), rest),
    (error) =>
      error instanceof ConfigError &&
      /"generator\/up2\/weight" has no value; "generator\/up1\/weight" has/.test(error.message),
  );
  assert.throws(() => sequential({ 'a/b': dense({ units: 1 }) }), ConfigError);
  assert.throws(() => dense({ units: 0 }), /dense: units is 0; it has to be a whole number from 1/);
});
