import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, UnknownNameError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { gan } from '../adversarial/gan.js';
import { gaussianMixture } from '../mixture/gaussian-mixture.js';
import { chooseBy } from './choose-by.js';
import { crossValidate } from './cross-validate.js';
import { BoundedGaussian, ExactGaussian } from './testing/exact-gaussian.js';

// Five rows, five folds: every row is held out alone.
const rows = [0, 2, 3, 5, 10];
const data = fromArrays({ x: rows.map((row) => [row]) });

/** log N(x; mean, variance) with the mean and variance of the other rows. */
const heldOut = rows.map((x, held) => {
  const others = rows.filter((_, row) => row !== held);
  const mean = others.reduce((a, b) => a + b, 0) / 4;
  const variance = others.reduce((sum, other) => sum + (other - mean) ** 2, 0) / 4;
  return -0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) ** 2 / variance);
});
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

test('every row is held out once; mean and standard error by hand', async () => {
  const { value, standardError, folds, scores, quantity } = await crossValidate(() => new ExactGaussian(), data, {
    folds: 5,
  });
  assert.equal(quantity, 'log-density');
  const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
  for (const [i, value] of sorted(folds).entries()) assert.ok(Math.abs(value - (sorted(heldOut)[i] ?? 0)) < 1e-12);
  for (const [row, score] of scores.entries()) assert.ok(Math.abs(score - (heldOut[row] ?? 0)) < 1e-12);
  const expected = meanOf(heldOut);
  assert.ok(Math.abs(value - expected) < 1e-12);
  const deviation = Math.sqrt(heldOut.reduce((sum, one) => sum + (one - expected) ** 2, 0) / 4);
  assert.ok(Math.abs(standardError - deviation / Math.sqrt(5)) < 1e-12);
});

test('folds of different sizes count by their rows, and the seed divides', async () => {
  const three = await crossValidate(() => new ExactGaussian(), data, { folds: 3, seed: 1 });
  // Five rows in three folds: 1, 2 and 2.
  const weighted = three.folds.reduce((sum, fold, i) => sum + fold * ([1, 2, 2][i] ?? 0), 0) / 5;
  assert.ok(Math.abs(three.value - weighted) < 1e-12);
  assert.deepEqual(await crossValidate(() => new ExactGaussian(), data, { folds: 3, seed: 1 }), three);
  assert.notDeepEqual((await crossValidate(() => new ExactGaussian(), data, { folds: 3, seed: 2 })).folds, three.folds);
});

test('models are disposed of, warnings collected, impossible rows honest', async () => {
  const made: ExactGaussian[] = [];
  const done: number[] = [];
  await crossValidate(
    () => {
      const model = new ExactGaussian();
      made.push(model);
      return model;
    },
    data,
    { folds: 2, onFold: (fold) => void done.push(fold) },
  );
  assert.deepEqual([made.length, made.every(({ isOpen }) => !isOpen), done], [2, true, [1, 2]]);
  const same = fromArrays({ x: [[1], [1], [1], [2]] });
  const { value, standardError, warnings } = await crossValidate(() => new Impossible(), same, { folds: 2 });
  assert.deepEqual([value, standardError], [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  assert.deepEqual(warnings, ['A dimension is constant; set a floor.']);
});

test('bounds are cross-validated as what they are', async () => {
  const exact = await crossValidate(() => new ExactGaussian(), data);
  const bound = await crossValidate(() => new BoundedGaussian(), data);
  assert.equal(bound.quantity, 'elbo');
  assert.ok(Math.abs(exact.value - bound.value - 0.5) < 1e-12);
});

test('wrong numbers of folds are refused; an abort stops', async () => {
  for (const [folds, message] of [
    [1, /1 folds were asked for/],
    [2.5, /2\.5 folds/],
    [6, /only 5 rows. Use at most 5/],
  ] as const)
    await assert.rejects(
      crossValidate(() => new ExactGaussian(), data, { folds }),
      (error) => error instanceof ConfigError && message.test(error.message),
    );
  await assert.rejects(
    crossValidate(() => new ExactGaussian(), data, { signal: AbortSignal.abort() }),
    {
      name: 'AbortError',
    },
  );
});

test('the best candidate is chosen by held-out rows and comes fitted to all of them', async () => {
  const candidates = {
    none: () => new ExactGaussian(),
    some: () => new ExactGaussian({ floor: 6 }),
    much: () => new ExactGaussian({ floor: 1000 }),
  };
  const { best, candidates: scores, model } = await chooseBy('cross-validation', candidates, data);
  // The variance of five rows is too small for what is held out: a floor helps, but not one of a thousand.
  assert.equal(best, 'some');
  assert.deepEqual(
    scores.map(({ name }) => name),
    ['none', 'some', 'much'],
  );
  for (const [i, create] of Object.values(candidates).entries()) {
    const alone = await crossValidate(create, data);
    assert.deepEqual([scores[i]?.value, scores[i]?.standardError], [alone.value, alone.standardError]);
  }
  // The variance of all rows is 11.6.
  assert.deepEqual([model.means[0], Math.round((model.variances[0] ?? 0) * 10) / 10], [4, 17.6]);
});

test('by BIC the lowest wins, which without more parameters is the highest likelihood', async () => {
  const candidates = { none: () => new ExactGaussian(), much: () => new ExactGaussian({ floor: 1000 }) };
  const { best, candidates: scores } = await chooseBy('bic', candidates, data);
  assert.equal(best, 'none');
  // log L = -5/2 (log(2 pi 11.6) + 1), two parameters.
  const expected = 5 * (Math.log(2 * Math.PI * 11.6) + 1) + 2 * Math.log(5);
  assert.ok(Math.abs((scores[0]?.value ?? 0) - expected) < 1e-9);
  assert.equal(scores[0]?.standardError, undefined);
});

test('the number of components of a mixture, by either criterion', async () => {
  // Two narrow Gaussians, far apart.
  const x = random(5)
    .normal(120)
    .map((value, row) => value + (row % 2 === 0 ? 0 : 30));
  const mixed = fromArrays({ x, shape: [1] });
  const candidates = Object.fromEntries(
    [1, 2].map((components) => [`${components} components`, () => gaussianMixture({ components })]),
  );
  for (const criterion of ['bic', 'cross-validation'] as const) {
    const { best, model } = await chooseBy(criterion, candidates, mixed, { folds: 2, fit: { threads: 1 } });
    await model.dispose();
    assert.equal(best, '2 components');
  }
});

test('candidates may be of different kinds', async () => {
  // A single Gaussian twice, but for the floor of one.
  const candidates = {
    exact: () => new ExactGaussian(),
    mixture: () => gaussianMixture({ components: 1, covarianceFloor: 100 }),
  };
  const { best, model } = await chooseBy('cross-validation', candidates, data, { fit: { threads: 1 } });
  assert.equal(best, 'mixture');
  const [logProb] = await model.logProb({ data: Float32Array.of(4), shape: [1, 1] });
  await model.dispose();
  // All rows have mean 4 and variance 11.6.
  assert.ok(Math.abs((logProb ?? 0) + 0.5 * Math.log(2 * Math.PI * 111.6)) < 1e-6);
});

test('what cannot be compared is refused', async () => {
  await assert.rejects(
    chooseBy('bic', { a: () => new BoundedGaussian() }, data),
    (error) => error instanceof ConfigError && /does not tell its BIC/.test(error.message),
  );
  await assert.rejects(chooseBy('bic', {}, data), /nothing to choose from/);
  await assert.rejects(
    chooseBy('cross-validation', { gan: () => gan() }, data),
    /gan has neither a density nor a bound/,
  );
  const criterion = JSON.parse('"bicc"');
  await assert.rejects(
    chooseBy(criterion, { a: () => new ExactGaussian() }, data),
    (error) => error instanceof UnknownNameError && /Did you mean "bic"/.test(error.message),
  );
});

/** Holds what it has not seen to be impossible. */
class Impossible extends ExactGaussian {
  override async logProb(): Promise<Float64Array> {
    return Float64Array.of(0, Number.NEGATIVE_INFINITY);
  }
}
