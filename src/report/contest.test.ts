import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contests, isWithinNoise } from './contest.js';
import type { EvaluationRow } from './evaluation.js';
import { evaluationOf, rowOf, subjectOf } from './testing/toy.js';

/** How the values of one metric stand. */
function standings(...rows: readonly (EvaluationRow | undefined)[]): readonly (string | undefined)[] {
  const subjects = rows.map((row, index) => subjectOf(`m${index}`, row === undefined ? [] : [row]));
  return contests(subjects)[0]?.entries.map((entry) => entry?.standing) ?? [];
}

test('the lowest wins where less is better, the highest where more is', () => {
  assert.deepEqual(standings(rowOf(3, [2.9, 3.1]), rowOf(1, [0.9, 1.1]), rowOf(2, [1.9, 2.1])), [
    'behind',
    'best',
    'behind',
  ]);
  const higher = { better: 'higher' } as const;
  assert.deepEqual(standings(rowOf(3, [2.9, 3.1], higher), rowOf(1, [0.9, 1.1], higher)), ['best', 'behind']);
});

test('an interval that overlaps that of the best is within noise', () => {
  assert.deepEqual(standings(rowOf(1, [0.5, 1.5]), rowOf(1.4, [1.2, 1.6]), rowOf(9, [8, 10])), [
    'best',
    'within-noise',
    'behind',
  ]);
  assert.ok(isWithinNoise({ value: 1, interval: [0, 2] }, { value: 2 }));
  assert.ok(!isWithinNoise({ value: 1 }, { value: 1.001 }));
});

test('where nothing but noise divides them nobody is best', () => {
  assert.deepEqual(standings(rowOf(1, [0, 2]), rowOf(1.5, [1, 3])), ['within-noise', 'within-noise']);
  assert.deepEqual(standings(rowOf(4), rowOf(4)), ['within-noise', 'within-noise']);
});

test('a value alone, one that is missing and one that is none', () => {
  assert.deepEqual(standings(rowOf(1), undefined), ['alone', undefined]);
  assert.deepEqual(standings(rowOf(1), rowOf(Number.NaN), rowOf(2)), ['best', 'alone', 'behind']);
  assert.deepEqual(standings(rowOf(1), rowOf(Number.POSITIVE_INFINITY)), ['best', 'behind']);
});

test('values of other rows, or of another number of samples, stand apart and say why', () => {
  const of = (samples: number, value: number) => subjectOf(`${value}`, [rowOf(value, undefined, { samples })]);
  const other = subjectOf('other', [rowOf(0, undefined, { samples: 1000 })], {
    evaluation: evaluationOf([rowOf(0, undefined, { samples: 1000 })], {
      data: { ...evaluationOf([]).data, heldOut: { split: 'valid', rows: 5, fingerprint: 'c' } },
    }),
  });
  const [contest] = contests([of(1000, 2), of(250, 1), of(1000, 3), other]);
  assert.deepEqual(
    contest?.entries.map((entry) => [entry?.standing, entry?.why]),
    [
      ['best', undefined],
      ['apart', 'of 250 samples instead of 1000'],
      ['behind', undefined],
      ['apart', 'judged by other rows'],
    ],
  );
});

test('likelihoods of numbers with other levels stand apart: fewer levels are fewer to tell', () => {
  const of = (value: number, levels: number) =>
    subjectOf(`${value}`, [
      rowOf(value, undefined, { name: 'bits-per-dimension', topic: 'likelihood', details: { levels } }),
    ]);
  const [contest] = contests([of(7, 256), of(0.2, 4), of(1.2, 256)]);
  assert.deepEqual(
    contest?.entries.map((entry) => [entry?.standing, entry?.why]),
    [
      ['behind', undefined],
      ['apart', 'of numbers with 4 levels instead of 256'],
      ['best', undefined],
    ],
  );
});

test('metrics keep the order of the evaluations, by topics; feature spaces keep them apart', () => {
  const a = subjectOf('a', [
    rowOf(1, undefined, { name: 'elbo', topic: 'likelihood' }),
    rowOf(1, undefined, { name: 'fid[pixels]' }),
    rowOf(1, undefined, { name: 'copies', topic: 'copying' }),
  ]);
  const b = subjectOf('b', [
    rowOf(1, undefined, { name: 'exact', topic: 'likelihood' }),
    rowOf(1, undefined, { name: 'fid[pca-50]' }),
  ]);
  assert.deepEqual(
    contests([a, b]).map(({ name }) => name),
    ['elbo', 'exact', 'fid[pixels]', 'fid[pca-50]', 'copies'],
  );
});
