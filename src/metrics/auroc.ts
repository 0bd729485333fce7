// The area under the receiver operating characteristic: the probability that a positive row scores higher than a negative one.
//
//   AUROC = P(s+ > s-) + P(s+ = s-) / 2
//
// Computed exactly from pairs, as the Mann-Whitney U statistic (Hanley and McNeil 1982), so equal scores count half.
import { binaryRanking } from './binary-ranking.js';

/**
 * The area under the ROC curve, in [0, 1]: 1 where every positive row scores above every negative one, 1/2 by chance.
 *
 * @param scores [N], higher is more positive; infinite scores are allowed
 * @param isPositive [N]: true or any number but 0
 * @throws ShapeError, VerisimError for lengths that differ or a score that is NaN
 * @throws DatasetError where all rows are of one kind
 * @example auroc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])   // 0.75
 */
export function auroc(scores: ArrayLike<number>, isPositive: ArrayLike<boolean | number>): number {
  const { groups, positives, negatives } = binaryRanking('AUROC', scores, isPositive);
  let pairs = 0;
  let negativesBelow = negatives;
  for (const group of groups) {
    negativesBelow -= group.negatives;
    pairs += group.positives * (negativesBelow + group.negatives / 2);
  }
  return pairs / (positives * negatives);
}
