// What metrics of a ranking start from: scores and which rows are positive, checked, and counted group by group of equal scores.
import { DatasetError, ShapeError, VerisimError } from '../core/errors.js';

/** Rows of one score. */
export interface ScoreGroup {
  readonly score: number;
  readonly positives: number;
  readonly negatives: number;
}

/** A ranking of rows by score. */
export interface BinaryRanking {
  /** From the highest score to the lowest; equal scores are one group, since no order among them means anything. */
  readonly groups: readonly ScoreGroup[];
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Ranks rows.
 *
 * @param metric named in errors: AUROC
 * @param scores higher is more positive; infinite scores are allowed
 * @param isPositive of each row: true or any number but 0
 * @throws ShapeError for another number of scores than of labels
 * @throws VerisimError for a score that is NaN
 * @throws DatasetError where all rows are of one kind
 */
export function binaryRanking(
  metric: string,
  scores: ArrayLike<number>,
  isPositive: ArrayLike<boolean | number>,
): BinaryRanking {
  if (scores.length !== isPositive.length)
    throw new ShapeError(
      `${metric}: received ${scores.length} scores and ${isPositive.length} labels; each row needs one of both.`,
    );
  const order = Uint32Array.from({ length: scores.length }, (_, row) => row);
  const scoreOf = (row: number): number => scores[row] ?? Number.NaN;
  for (const row of order)
    if (Number.isNaN(scoreOf(row)))
      throw new VerisimError(`${metric}: the score of row ${row} is NaN; every row needs a score that is a number.`);
  // Comparing instead of subtracting: the difference of two infinities is no number.
  order.sort((a, b) => (scoreOf(a) > scoreOf(b) ? -1 : scoreOf(a) < scoreOf(b) ? 1 : 0));
  const groups: { score: number; positives: number; negatives: number }[] = [];
  for (const row of order) {
    const score = scoreOf(row);
    let group = groups.at(-1);
    if (group === undefined || group.score !== score) {
      group = { score, positives: 0, negatives: 0 };
      groups.push(group);
    }
    if (isPositive[row]) group.positives += 1;
    else group.negatives += 1;
  }
  const positives = groups.reduce((sum, group) => sum + group.positives, 0);
  const negatives = scores.length - positives;
  if (positives === 0 || negatives === 0)
    throw new DatasetError(
      `${metric} compares positive with negative rows; of ${scores.length} rows ${positives === 0 ? 'none is' : 'all are'} ` +
        'positive. Use rows of both kinds.',
    );
  return { groups, positives, negatives };
}
