import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, UnknownNameError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { chooseBy } from './choose-by.js';
import { crossValidate } from './cross-validate.js';
import { summaryOf } from './score-summary.js';
import { ExactGaussian } from './testing/exact-gaussian.js';

test('means, medians and trimmed means by hand', () => {
  const scores = Float64Array.of(-1, -100, -3, -2);
  assert.equal(summaryOf('mean')(scores), -26.5);
  assert.equal(summaryOf('median')(scores), -2.5);
  assert.equal(summaryOf('median')(scores.subarray(0, 3)), -3);
  assert.equal(summaryOf({ trimmedMean: 0.25 })(scores), -2);
  assert.equal(summaryOf({ trimmedMean: 0.49 })(scores), -2);
  assert.equal(summaryOf({ trimmedMean: 0 })(scores), -26.5);
  assert.deepEqual([...scores], [-1, -100, -3, -2]);
});

test('impossible rows: a mean is minus infinity, a median only where half of them are', () => {
  const none = Number.NEGATIVE_INFINITY;
  assert.equal(summaryOf('mean')(Float64Array.of(none, -1, -2)), none);
  assert.equal(summaryOf('median')(Float64Array.of(none, -1, -2)), -2);
  assert.equal(summaryOf('median')(Float64Array.of(none, none, -2, -1)), none);
  assert.equal(summaryOf('median')(Float64Array.of(none, none, none, -1)), none);
  assert.equal(summaryOf({ trimmedMean: 0.5 })(Float64Array.of(none, none, -2, -1)), -1.5);
});

test('other summaries are refused', () => {
  const summary = JSON.parse('"mediam"');
  assert.throws(
    () => summaryOf(summary),
    (error) => error instanceof UnknownNameError && /Did you mean "median"/.test(error.message),
  );
  for (const trimmedMean of [-0.1, 1, Number.NaN])
    assert.throws(
      () => summaryOf({ trimmedMean }),
      (error) => error instanceof ConfigError && /from 0 to below 1/.test(error.message),
    );
});

// 120 rows of N(0, 1), and 80 anomalies at 50.
const noise = random(1).normal(200);
const rows = noise.map((value, row) => (row % 5 < 2 ? 50 + value : value));
const data = fromArrays({ x: rows, shape: [1] });

/** Knows the rows that are no anomalies, whatever it is fitted to. */
class Normal extends ExactGaussian {
  override async logProb({ data: x }: { readonly data: Float32Array }): Promise<Float64Array> {
    return Float64Array.from(x, (value) => -0.5 * (Math.log(2 * Math.PI) + value ** 2));
  }
}

test('held-out scores stand in the order of the rows, and are what is summarised', async () => {
  const { value, scores, folds } = await crossValidate(() => new Normal(), data, { summary: 'median' });
  assert.deepEqual(scores, await new Normal().logProb({ data: Float32Array.from(rows) }));
  assert.equal(value, summaryOf('median')(scores));
  assert.equal(folds.length, 5);
});

test('with anomalies among the rows a mean takes the density that covers them, a median that of the others', async () => {
  const candidates = { all: () => new ExactGaussian(), normal: () => new Normal() };
  const best = async (options: Parameters<typeof chooseBy>[3]): Promise<string> => {
    const choice = await chooseBy('cross-validation', candidates, data, options);
    await choice.model.dispose();
    return choice.best;
  };
  assert.equal(await best({}), 'all');
  assert.equal(await best({ summary: 'median' }), 'normal');
  assert.equal(await best({ summary: { trimmedMean: 0.45 } }), 'normal');
  // Fewer are left out than there are.
  assert.equal(await best({ summary: { trimmedMean: 0.1 } }), 'all');
});
