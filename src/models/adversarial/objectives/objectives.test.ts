// Every objective against its formula in plain numbers, and its gradients against central differences.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertGradients, assertNear, numberOf, randomArray } from '../../../nn/numeric.test.support.js';
import { input } from '../../../tensor/operators/source.js';
import { type ObjectiveName, objectives } from './index.js';
import type { Objective } from './objective.js';

const rows = [6, 1];
const feeds = { real: randomArray(rows, 1), fake: randomArray(rows, 2) };
const [real, fake] = [input('real', rows), input('fake', rows)];
const onData = [...feeds.real.data];
const onSamples = [...feeds.fake.data];

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));
const log = (p: number): number => Math.log(p);
const [dataMean, sampleMean] = [mean(onData), mean(onSamples)];

/** The two losses of each objective as the papers print them. */
const formulas: Readonly<Record<ObjectiveName, { readonly discriminator: number; readonly generator: number }>> = {
  minimax: {
    discriminator: -mean(onData.map((a) => log(sigmoid(a)))) - mean(onSamples.map((a) => log(1 - sigmoid(a)))),
    generator: mean(onSamples.map((a) => log(1 - sigmoid(a)))),
  },
  'non-saturating': {
    discriminator: -mean(onData.map((a) => log(sigmoid(a)))) - mean(onSamples.map((a) => log(1 - sigmoid(a)))),
    generator: -mean(onSamples.map((a) => log(sigmoid(a)))),
  },
  'least-squares': {
    discriminator: mean(onData.map((a) => (a - 1) ** 2)) / 2 + mean(onSamples.map((a) => a ** 2)) / 2,
    generator: mean(onSamples.map((a) => (a - 1) ** 2)) / 2,
  },
  wasserstein: { discriminator: sampleMean - dataMean, generator: -sampleMean },
  hinge: {
    discriminator: mean(onData.map((a) => Math.max(0, 1 - a))) + mean(onSamples.map((a) => Math.max(0, 1 + a))),
    generator: -sampleMean,
  },
  'relativistic-average': {
    discriminator:
      -mean(onData.map((a) => log(sigmoid(a - sampleMean)))) -
      mean(onSamples.map((a) => log(1 - sigmoid(a - dataMean)))),
    generator:
      -mean(onSamples.map((a) => log(sigmoid(a - dataMean)))) -
      mean(onData.map((a) => log(1 - sigmoid(a - sampleMean)))),
  },
};

const named: readonly (readonly [string, Objective])[] = Object.entries(objectives);
const formulaOf = (name: string) => Object.entries(formulas).find(([known]) => known === name)?.[1];

for (const [name, objective] of named)
  test(`${name}: both losses are the paper's, and have its gradients`, () => {
    const expected = formulaOf(name);
    assert.ok(expected);
    const discriminator = objective.discriminator(real, fake, 0);
    const generator = objective.generator(fake, () => real);
    assertNear([numberOf(discriminator, feeds)], [expected.discriminator], 1e-12, 'discriminator');
    assertNear([numberOf(generator, feeds)], [expected.generator], 1e-12, 'generator');
    assertGradients(discriminator, [real, fake], feeds);
    assertGradients(generator, [real, fake], feeds);
  });

test('smoothing moves the target on data: 0.9 instead of 1', () => {
  const logits = objectives.minimax.discriminator(real, fake, 0.1);
  const byHand =
    -mean(onData.map((a) => 0.9 * log(sigmoid(a)) + 0.1 * log(1 - sigmoid(a)))) -
    mean(onSamples.map((a) => log(1 - sigmoid(a))));
  assertNear([numberOf(logits, feeds)], [byHand], 1e-12);
  const squares = objectives['least-squares'].discriminator(real, fake, 0.1);
  const squaresByHand = mean(onData.map((a) => (a - 0.9) ** 2)) / 2 + mean(onSamples.map((a) => a ** 2)) / 2;
  assertNear([numberOf(squares, feeds)], [squaresByHand], 1e-12);
});

test('only objectives of logits tell probabilities; those of a critic are asked for a bounded slope', () => {
  for (const [name, objective] of named) {
    const isLogistic = ['minimax', 'non-saturating', 'relativistic-average'].includes(name);
    assert.equal(objective.probabilities !== undefined, isLogistic, name);
    assert.equal(objective.needsBoundedSlope, name === 'wasserstein', name);
    for (const value of objective.probabilities?.(real, fake) ?? []) {
      const probability = numberOf(value, feeds);
      assert.ok(probability > 0 && probability < 1);
    }
  }
});
