// One number for the scores of held-out rows.
//
//   'mean'               the held-out log-likelihood per row (Stone 1974): right where all rows are of what is to be modelled
//   'median'             for rows of which an unknown share below half are anomalies
//   { trimmedMean: a }   without the share a of the lowest: for rows of which at most a share a are anomalies
//
// Where anomalies are among the rows, some are held out too. Their scores are as low as one likes, so a single one decides a mean, and the
// model that explains the anomalies best wins: of all models the one that tells them least. A robust estimator needs a robust criterion
// (Ronchetti, Field and Blanchard 1997, Robust Linear Model Selection by Cross-Validation). The median is the score that the more plausible
// half of the rows reach. It asks of the rows what the minimum covariance determinant asks, that most are no anomalies, and neither impossible
// rows nor densities that are endless at repeated rows can move it far. The trimmed mean is the trimmed likelihood (Hadi and Luceno 1997,
// Maximum Trimmed Likelihood Estimators) of held-out rows: more precise where a is known, but repeated rows move it.
import { ConfigError } from '../../core/errors.js';
import { lookUp } from '../../core/nearest.js';

/** How the scores of held-out rows become one number. */
export type ScoreSummary = 'mean' | 'median' | { readonly trimmedMean: number };

const named: Readonly<Record<'mean' | 'median', (scores: Float64Array) => number>> = { mean, median };

/**
 * The summary of scores, as a function of them.
 *
 * @throws UnknownNameError for another name, ConfigError for a share to leave out that is not from 0 to below 1
 */
export function summaryOf(summary: ScoreSummary): (scores: Float64Array) => number {
  if (typeof summary === 'string') return lookUp('summary', named, summary);
  const { trimmedMean: share } = summary;
  if (!(share >= 0 && share < 1))
    throw new ConfigError(`A share of ${share} of the scores was to be left out; give a number from 0 to below 1.`);
  return (scores) => mean(scores.toSorted().subarray(Math.floor(share * scores.length)));
}

function mean(scores: Float64Array): number {
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function median(scores: Float64Array): number {
  const sorted = scores.toSorted();
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  // Of two impossible rows there is no difference.
  return low === high ? low : (low + high) / 2;
}
