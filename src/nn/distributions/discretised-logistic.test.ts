// The discretised logistic and mixtures: total probability, the definition as a difference, stability, gradients, samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { exp } from '../../tensor/index.js';
import { sum } from '../../tensor/operators/reduce.js';
import { expandAxis } from '../../tensor/operators/reshape.js';
import { constant, input, scalar } from '../../tensor/operators/source.js';
import { array, assertGradients, assertNear, numberOf, numbers } from '../numeric.test.support.js';
import { discretisedLogistic } from './discretised-logistic.js';
import { gaussian } from './gaussian.js';
import { mixtureLogProb } from './mixture.js';

const pixels = constant(Array.from({ length: 256 }, (_, level) => level / 255));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

for (const [mean, logScale] of [
  [0.4, -3],
  [-0.2, -1],
  [1.3, 2],
  [0.501, -9],
] as const)
  test(`mean ${mean}, log scale ${logScale}: probabilities are differences of sigmoids and sum to one`, () => {
    const p = discretisedLogistic({ mean: scalar(mean), logScale: scalar(logScale) });
    const probabilities = numbers(exp(p.logProb(pixels)));
    assertNear([probabilities.reduce((a, b) => a + b)], [1], 1e-12);
    const at = (level: number) => sigmoid((level / 255 - mean) / Math.exp(logScale));
    const expected = probabilities.map(
      (_, level) => (level === 255 ? 1 : at(level + 0.5)) - (level === 0 ? 0 : at(level - 0.5)),
    );
    assertNear(probabilities, expected, 1e-13);
  });

test('levels far from the mean have a finite log-probability, linear in the distance', () => {
  const p = discretisedLogistic({ mean: scalar(0), logScale: scalar(-7) });
  const [a = 0, b = 0] = numbers(p.logProb(constant([100 / 255, 101 / 255])));
  assertNear([b - a], [-Math.exp(7) / 255], 1e-9);
  assert.ok(a < -400);
});

const x = [0, 0.2, 0.6, 1];
const parameters = [input('mean', [4]), input('logScale', [4])] as const;
const feeds = { mean: array([4], [0.3, 0.1, -0.4, 0.8]), logScale: array([4], [-1, -3, 0.5, -2]) };

test('gradients, also of a mixture', () => {
  const [mean, logScale] = parameters;
  const p = discretisedLogistic({ mean, logScale, levels: 6 });
  assertGradients(sum(p.logProb(constant(x))), parameters, feeds);
  const logits = input('logits', [4]);
  const mixed = mixtureLogProb(logits, p.logProb(expandAxis(constant(x), -1)));
  assert.deepEqual(mixed.shape, [4]);
  assertGradients(sum(mixed), [...parameters, logits], { ...feeds, logits: array([4], [1, -2, 0, 3]) });
});

test('a mixture weighs the probabilities of its components', () => {
  const components = gaussian({ mean: constant([0, 3]), scale: constant([1, 2]) });
  const density = (v: number, mean: number, scale: number) =>
    Math.exp(-0.5 * ((v - mean) / scale) ** 2) / (scale * Math.sqrt(2 * Math.PI));
  const logProb = mixtureLogProb(constant([Math.log(3), 0]), components.logProb(scalar(1.2)));
  assertNear([numberOf(logProb)], [Math.log(0.75 * density(1.2, 0, 1) + 0.25 * density(1.2, 3, 2))], 1e-13);
});

test('samples lie on the levels, as often as their probabilities say', () => {
  const count = 20_000;
  const p = discretisedLogistic({ mean: scalar(0.45), logScale: scalar(-1.5), levels: 5 });
  const drawn = numbers(p.sample(input('noise', [count])), { noise: array([count], random(1).uniform(count)) });
  const expected = numbers(exp(p.logProb(constant([0, 0.25, 0.5, 0.75, 1]))));
  for (const [level, probability] of expected.entries()) {
    const share = drawn.filter((value) => value === level / 4).length / count;
    assert.ok(Math.abs(share - probability) < 4 * Math.sqrt((probability * (1 - probability)) / count));
  }
  assert.ok(numbers(p.sample(constant([0, 0.99999999]))).every(Number.isFinite));
});

test('a single level is refused', () => {
  const [mean, logScale] = parameters;
  assert.throws(() => discretisedLogistic({ mean, logScale, levels: 1 }), ConfigError);
});
