// Average precision: the area under the curve of precision over recall, in steps and not interpolated.
//
//   AP = sum_n (R_n - R_(n-1)) P_n     over the thresholds n from the highest score to the lowest
//
// Linear interpolation between the points would be too optimistic (Davis and Goadrich 2006).
import { binaryRanking } from './binary-ranking.js';

/**
 * The average precision, in (0, 1]: 1 for a perfect ranking, the share of positive rows for constant scores.
 *
 * @param scores [N], higher is more positive; infinite scores are allowed
 * @param isPositive [N]: true or any number but 0
 * @throws ShapeError, VerisimError for lengths that differ or a score that is NaN
 * @throws DatasetError where all rows are of one kind
 * @example averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])   // 0.8333...
 */
export function averagePrecision(scores: ArrayLike<number>, isPositive: ArrayLike<boolean | number>): number {
  const { groups, positives } = binaryRanking('Average precision', scores, isPositive);
  let sum = 0;
  let found = 0;
  let seen = 0;
  for (const group of groups) {
    found += group.positives;
    seen += group.positives + group.negatives;
    sum += group.positives * (found / seen);
  }
  // Divided once, so that a perfect ranking is 1 and not 1 up to rounding.
  return sum / positives;
}
