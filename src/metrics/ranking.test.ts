import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatasetError, ShapeError, VerisimError } from '../core/errors.js';
import { auroc } from './auroc.js';
import { averagePrecision } from './average-precision.js';

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

test('by hand: pairs won, and precision at each positive row', () => {
  // Pairs (positive, negative): 0.35 > 0.1, 0.35 < 0.4, 0.8 > 0.1, 0.8 > 0.4: three of four.
  near(auroc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), 3 / 4);
  // Positive rows at places 1 and 3: (1/1 + 2/3) / 2.
  near(averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), 5 / 6);
});

test('equal scores count half a pair, and are one step of the precision', () => {
  // Pairs: (2, 2) tied, (2, 1) won, (1, 2) lost, (1, 1) tied: 2 of 4.
  near(auroc([2, 2, 1, 1], [true, false, true, false]), 1 / 2);
  // Half of recall at precision 1/2, the other half at precision 2/4.
  near(averagePrecision([2, 2, 1, 1], [true, false, true, false]), 1 / 2);
});

test('constant scores say nothing: one half, and the share of positive rows', () => {
  near(auroc(new Float64Array(5).fill(3), [1, 0, 0, 0, 1]), 1 / 2);
  near(averagePrecision(new Float64Array(5).fill(3), [1, 0, 0, 0, 1]), 2 / 5);
});

test('perfect and reversed rankings', () => {
  near(auroc([3, 2, 1], [1, 1, 0]), 1);
  near(auroc([1, 2, 3], [1, 1, 0]), 0);
  near(averagePrecision([3, 2, 1], [1, 1, 0]), 1);
  // The only positive row comes last of four.
  near(averagePrecision([1, 2, 3, 4], [1, 0, 0, 0]), 1 / 4);
});

test('the same as scikit-learn, with ties', () => {
  // s = [.9, .8, .8, .7, .7, .7, .5, .3, .3, .1]; y = [1, 1, 0, 0, 1, 0, 1, 0, 0, 0]
  // sklearn.metrics.roc_auc_score(y, s), sklearn.metrics.average_precision_score(y, s)
  const scores = [0.9, 0.8, 0.8, 0.7, 0.7, 0.7, 0.5, 0.3, 0.3, 0.1];
  const labels = [1, 1, 0, 0, 1, 0, 1, 0, 0, 0];
  near(auroc(scores, labels), 0.7708333333333334);
  near(averagePrecision(scores, labels), 0.6845238095238095);
  // i = np.arange(200); s = np.round(np.sin(1.7 * i) + np.where(i % 3 == 0, .8, 0), 1); y = i % 3 == 0
  const many = Array.from(
    { length: 200 },
    (_, i) => Math.round((Math.sin(1.7 * i) + (i % 3 === 0 ? 0.8 : 0)) * 10) / 10,
  );
  const third = many.map((_, i) => i % 3 === 0);
  near(auroc(many, third), 0.7576029626304568);
  near(averagePrecision(many, third), 0.6872932415935383);
});

test('infinite scores rank as they are; order and scale of the scores do not matter', () => {
  const scores = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY];
  // Pairs: the infinite positive ties one negative and beats the other; 0 loses to the first and beats the second.
  near(auroc(scores, [1, 0, 1, 0]), (0.5 + 1 + 0 + 1) / 4);
  const reversed = [4, 3, 2, 1].map((score) => Math.exp(score));
  near(auroc(reversed, [1, 0, 1, 0]), auroc([1, 2, 3, 4].toReversed(), [1, 0, 1, 0]));
});

test('rows of one kind, lengths that differ and NaN are refused', () => {
  for (const metric of [auroc, averagePrecision]) {
    assert.throws(() => metric([1, 2], [1, 1]), /of 2 rows all are positive.*both kinds/);
    assert.throws(
      () => metric([1, 2], [0, 0]),
      (error) => error instanceof DatasetError && /none is/.test(error.message),
    );
    assert.throws(() => metric([], []), DatasetError);
    assert.throws(
      () => metric([1, 2, 3], [0, 1]),
      (error) => error instanceof ShapeError && /3 scores and 2 labels/.test(error.message),
    );
    assert.throws(
      () => metric([1, Number.NaN], [0, 1]),
      (error) => error instanceof VerisimError && /score of row 1 is NaN/.test(error.message),
    );
  }
});
