// Penalties against numerical derivatives: the slope at every row, and the penalty's own gradient, which is a second derivative.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Network, network } from '../../../nn/network.js';
import {
  array,
  arraysOf,
  assertGradients,
  assertNear,
  type Feeds,
  numberOf,
  numbers,
  randomArray,
} from '../../../nn/numeric.test.support.js';
import { random } from '../../../runtime/random.js';
import { input } from '../../../tensor/operators/source.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { adversarialSchema } from '../adversarial-options.js';
import { backbones } from '../backbones/index.js';
import { unconditional } from '../conditioning/unconditional.js';
import { clipWeights } from './clip-weights.js';
import { gradientPenalty } from './gradient-penalty.js';
import type { Penalty } from './penalty.js';
import { r1 } from './r1.js';

const rows = 3;

/** Discriminators with each kind of layer that a penalty differentiates twice. */
const discriminators: Readonly<Record<string, Network>> = {
  'dense layers': discriminator('dense', [4], { discriminatorLayers: [5, 4] }),
  'dense layers with layer norm': discriminator('dense', [4], {
    discriminatorLayers: [5, 4],
    discriminatorNorm: 'layer',
  }),
  'convolutions with layer norm': discriminator('dcgan', [9, 8, 1], { channels: 1, kernel: 3, gradientPenalty: 10 }),
  'convolutions without norms': discriminator('dcgan', [9, 8, 2], {
    channels: 1,
    kernel: 3,
    discriminatorNorm: 'none',
  }),
};

function discriminator(name: keyof typeof backbones, exampleShape: readonly number[], options: object): Network {
  const config = adversarialSchema.parse({ ...options, backbone: name });
  const request = { config, exampleShape, conditioning: unconditional() };
  return network('discriminator', backbones[name].discriminator(request), exampleShape);
}

/** A penalty of a network as an expression of its weights, real and fake rows, and uniform numbers `share`. */
function penaltyOf({ name, loss }: Penalty, judge: Network) {
  const shape = [rows, ...judge.inputShape];
  const weights = judge.inputs();
  const evaluateAt = (x: Tensor): Tensor => judge.apply(x, weights, { training: true }).output;
  const penalty = loss({
    real: input('real', shape),
    fake: input('fake', shape),
    judge: evaluateAt,
    noise: (purpose, noiseShape, distribution) => {
      assert.deepEqual([name, purpose, distribution], ['gradientPenalty', 'interpolation', 'uniform']);
      return input('share', noiseShape);
    },
  });
  const perRow = shape.map((length, axis) => (axis === 0 ? length : 1));
  const initial = arraysOf(judge.initialise(random(1)));
  // Larger weights than a network starts from, so that slopes are not all near 0.
  const larger = Object.entries(initial).map(([key, { shape: s, data }]) => [
    key,
    array(
      s,
      data.map((w) => 3 * w),
    ),
  ]);
  const feeds: Feeds = {
    ...Object.fromEntries(larger),
    real: randomArray(shape, 2),
    fake: randomArray(shape, 3),
    share: array(perRow, random(4).uniform(rows)),
  };
  return { penalty, feeds, evaluateAt, shape, weights };
}

/** |grad a(x)| of each row by central differences. */
function slopes(evaluateAt: (x: Tensor) => Tensor, feeds: Feeds, shape: readonly number[], points: Float64Array) {
  const result = numbersOf(evaluateAt(input('probe', shape)));
  const size = points.length / rows;
  const squares = new Float64Array(rows);
  for (let place = 0; place < points.length; place++) {
    const row = Math.floor(place / size);
    const at = (shift: number): number => {
      const data = points.slice();
      data[place] = (data[place] ?? 0) + shift;
      return result({ ...feeds, probe: { shape, data } })[row] ?? Number.NaN;
    };
    squares[row] = (squares[row] ?? 0) + ((at(1e-5) - at(-1e-5)) / 2e-5) ** 2;
  }
  return [...squares].map(Math.sqrt);
}

const numbersOf = (tensor: Tensor) => (feeds: Feeds) => numbers(tensor, feeds);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

for (const [name, judge] of Object.entries(discriminators)) {
  test(`the gradient penalty of ${name} is that of numerical derivatives, and so is its gradient`, () => {
    const { penalty, feeds, evaluateAt, shape, weights } = penaltyOf(gradientPenalty(10), judge);
    const [real, fake, share] = [feeds.real?.data, feeds.fake?.data, feeds.share?.data];
    assert.ok(real && fake && share);
    const size = real.length / rows;
    const between = real.map((x, i) => {
      const u = share[Math.floor(i / size)] ?? 0;
      return u * x + (1 - u) * (fake[i] ?? 0);
    });
    const expected = 10 * mean(slopes(evaluateAt, feeds, shape, between).map((slope) => (slope - 1) ** 2));
    assertNear([numberOf(penalty, feeds)], [expected], 1e-6);
    assertGradients(penalty, trainable(judge, weights), feeds, 1e-4);
  });

  test(`R1 of ${name} is that of numerical derivatives, and so is its gradient`, () => {
    const { penalty, feeds, evaluateAt, shape, weights } = penaltyOf(r1(10), judge);
    const expected =
      5 * mean(slopes(evaluateAt, feeds, shape, feeds.real?.data ?? new Float64Array()).map((s) => s ** 2));
    assertNear([numberOf(penalty, feeds)], [expected], 1e-6);
    assertGradients(penalty, trainable(judge, weights), feeds, 1e-4);
  });
}

test('a flat critic has a finite penalty gradient', () => {
  const judge = discriminator('dense', [2], { discriminatorLayers: [] });
  const { penalty, feeds } = penaltyOf(gradientPenalty(10), judge);
  const flat = { ...feeds, 'discriminator/logit/weight': array([2, 1], [0, 0]) };
  assertNear([numberOf(penalty, flat)], [10], 1e-4);
});

test('clipping puts weights back into their range', () => {
  const weights = { w: input('w', [3]) };
  const feeds = { w: array([3], [-2, 0.005, 0.5]) };
  const clipped = clipWeights(weights, 0.01).w;
  assert.ok(clipped);
  assertNear(numbers(clipped, feeds), [-0.01, 0.005, 0.01], 1e-12);
  assert.equal(clipWeights(weights, null), weights);
});

function trainable(judge: Network, weights: Readonly<Record<string, Tensor>>): Tensor[] {
  return judge.trainable.flatMap((name) => weights[name] ?? []);
}
