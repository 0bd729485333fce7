// Distributions against torch.distributions (2.15, float64); their laws; their samples' moments within four standard errors.
//   x = torch.tensor([[2., -1., .5], [0., 3., -30.]]); m = torch.tensor([.5, -1.]); lv = torch.tensor([.2, -1.5])
//   n = Normal(m, (lv / 2).exp()); n2 = Normal(torch.tensor([1., 0.]), torch.tensor([2., .5]))
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { exp } from '../../tensor/index.js';
import { sum } from '../../tensor/operators/reduce.js';
import { constant, input, scalar } from '../../tensor/operators/source.js';
import type { Tensor } from '../../tensor/tensor.js';
import { array, assertGradients, assertNear, numbers, randomArray } from '../numeric.test.support.js';
import { bernoulli } from './bernoulli.js';
import { categorical } from './categorical.js';
import { sumPerExample } from './distribution.js';
import { gaussian, gaussianKl, klFromStandardNormal, standardNormal } from './gaussian.js';

const logits = constant([2, -1, 0.5, 0, 3, -30], [2, 3]);
const n = gaussian({ mean: constant([0.5, -1]), logVariance: constant([0.2, -1.5]) });
const n2 = gaussian({ mean: constant([1, 0]), scale: constant([2, 0.5]) });

const references: readonly [string, Tensor, readonly number[]][] = [
  [
    'Bernoulli(logits=x).log_prob([[1, 0, 1], [0, 1, 0]])',
    bernoulli(logits).logProb(constant([1, 0, 1, 0, 1, 0], [2, 3])),
    [-0.1269280110429725, -0.3132616875182228, -0.4740769841801067, -Math.LN2, -0.04858735157374206, 0],
  ],
  [
    'Bernoulli(logits=x).entropy()',
    bernoulli(logits).entropy(),
    [0.36533385508720784, 0.5822031088882179, 0.6628473185791794, Math.LN2, 0.19086497110644196, 2.9e-12],
  ],
  ['n.log_prob([1, 2])', n.logProb(constant([1, 2])), [-1.1212798773394206, -20.336539349725967]],
  ['n.entropy()', n.entropy(), [1.5189385332046728, 0.6689385332046727]],
  ['kl_divergence(n, n2)', gaussianKl(n, n2), [0.27707252532996646, 2.0031131397369144]],
  ['kl_divergence(n, Normal(0, 1))', klFromStandardNormal(n), [0.13570137908008495, 0.861565080074215]],
  [
    'kl_divergence(n, Normal(0, 1)), generally',
    gaussianKl(n, standardNormal([2])),
    [0.13570137908008495, 0.861565080074215],
  ],
  [
    'Categorical(logits=x).log_prob([2, 1])',
    categorical(logits).logProb(constant([2, 1], [2], 'int64')),
    [-1.7413112966571571, -0.048587351573746496],
  ],
  ['Categorical(logits=x).entropy()', categorical(logits).entropy(), [0.6215846046792746, 0.19086497110659267]],
  [
    'Categorical(logits=x).probs',
    categorical(logits).mean,
    [0.7855970345892759, 0.039112573270687456, 0.1752903921400367, 0.04742587317756657, 0.952574126822429, 0],
  ],
];
for (const [call, tensor, expected] of references)
  test(`equals ${call}`, () => assertNear(numbers(tensor), expected, 1e-12));

test('probabilities sum to one', () => {
  const ones = numbers(exp(bernoulli(logits).logProb(constant(Array(6).fill(1), [2, 3]))));
  const zeros = numbers(exp(bernoulli(logits).logProb(constant(Array(6).fill(0), [2, 3]))));
  assertNear(
    ones.map((p, i) => p + zeros[i]!),
    Array(6).fill(1),
    1e-12,
  );
  // A Riemann sum of the density over ten standard deviations to either side.
  const grid = Float64Array.from({ length: 2001 }, (_, i) => (i - 1000) * 0.01);
  const density = numbers(exp(gaussian({ mean: scalar(0.3), scale: scalar(0.8) }).logProb(input('x', [2001]))), {
    x: array([2001], grid),
  });
  assert.ok(Math.abs(density.reduce((a, b) => a + b) * 0.01 - 1) < 1e-9);
});

test('gradients of log-probabilities, divergences and samples', () => {
  const mean = input('mean', [3]);
  const logVariance = input('logVariance', [3]);
  const noise = input('noise', [3]);
  const feeds = { mean: randomArray([3], 1), logVariance: randomArray([3], 2), noise: randomArray([3], 3) };
  const p = gaussian({ mean, logVariance });
  const wide = gaussian({ mean: scalar(0.2), scale: scalar(2) });
  for (const loss of [p.logProb(noise), p.entropy(), klFromStandardNormal(p), gaussianKl(wide, p), p.sample(noise)])
    assertGradients(sum(loss), [mean, logVariance], feeds);
});

test('samples have the moments of their distribution', () => {
  const count = 20_000;
  const draw = (tensor: Tensor, noise: Float32Array, shape: readonly number[]) =>
    numbers(tensor, { noise: array(shape, noise) });
  const average = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

  const normal = gaussian({ mean: constant([1.5]), scale: constant([0.5]) });
  const normals = draw(normal.sample(input('noise', [count])), random(1).normal(count), [count]);
  assert.ok(Math.abs(average(normals) - 1.5) < (4 * 0.5) / Math.sqrt(count));
  assert.ok(Math.abs(average(normals.map((v) => (v - 1.5) ** 2)) - 0.25) < 4 * 0.25 * Math.sqrt(2 / count));

  const coin = bernoulli(constant([Math.log(0.3 / 0.7)]));
  const heads = draw(coin.sample(input('noise', [count])), random(2).uniform(count), [count]);
  assert.ok(Math.abs(average(heads) - 0.3) < 4 * Math.sqrt(0.21 / count));

  const dice = categorical(constant([Math.log(0.5), Math.log(0.3), Math.log(0.2)], [1, 3]));
  const classes = draw(dice.sample(input('noise', [count, 3])), random(3).uniform(3 * count), [count, 3]);
  for (const [k, p] of [0.5, 0.3, 0.2].entries())
    assert.ok(Math.abs(average(classes.map((c) => Number(c === k))) - p) < 4 * Math.sqrt((p * (1 - p)) / count));
});

test('noise of exactly zero makes no NaN', () => {
  const dice = categorical(constant([1, 2], [1, 2]));
  assert.deepEqual(numbers(dice.sample(constant([0.5, 0], [1, 2]))), [0]);
});

test('one scale may serve all means; other shapes are refused', () => {
  const shared = gaussian({ mean: constant([1, 2, 3]), scale: scalar(2) });
  assert.equal(numbers(shared.entropy()).length, 3);
  assert.throws(() => gaussian({ mean: constant([1, 2]), scale: constant([1, 2, 3]) }), ShapeError);
});

test('independent variables of an example add up', () => {
  assert.deepEqual(numbers(sumPerExample(constant([1, 2, 3, 4, 5, 6], [2, 3]))), [6, 15]);
});
