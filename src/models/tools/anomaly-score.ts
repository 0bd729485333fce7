// Anomaly detection with any density: the less plausible a row is to a model of normal rows, the more it is an anomaly.
//
//   score(x) = -log p(x), or minus a bound on it;    x is called an anomaly where score(x) > threshold
import { ConfigError } from '../../core/errors.js';
import { auroc } from '../../metrics/auroc.js';
import { averagePrecision } from '../../metrics/average-precision.js';
import type { Scorer } from './abilities.js';
import type { Rows } from './rows.js';
import { type Quantity, type ScoreOptions, scoreRows } from './score-rows.js';

/** Scores of rows, higher for stranger ones. */
export interface AnomalyScores {
  /** [N], in nats; Infinity for a row that the model holds to be impossible. */
  readonly values: Float64Array;
  /** What the score is the negative of. */
  readonly quantity: Quantity;
}

/** Where to draw the line, by the scores of training rows: give the share of anomalies expected, or the quantile itself. */
export type ThresholdRule = { readonly contamination: number } | { readonly quantile: number };

/** How well scores tell anomalies from normal rows. */
export interface AnomalyRanking {
  /** The probability that an anomaly scores higher than a normal row, in [0, 1]. */
  readonly auroc: number;
  /** In (0, 1]; by chance it is the share of anomalies. */
  readonly averagePrecision: number;
}

/**
 * How strange rows are to a model.
 *
 * @throws as scoreRows
 * @example const { values } = await anomalyScore(model, rows)
 */
export async function anomalyScore(model: Scorer, rows: Rows, options: ScoreOptions = {}): Promise<AnomalyScores> {
  const { values, quantity } = await scoreRows(model, rows, options);
  return { values: values.map((value) => -value), quantity };
}

/**
 * The score above which a row is called an anomaly: the quantile 1 - contamination of the training rows' scores, interpolated between
 * neighbours as numpy.quantile does.
 *
 * @param scores of the rows that the model was fitted to, in any order
 * @throws ConfigError for no scores, NaN among them, or a share outside [0, 1]
 * @example const isAnomaly = (await anomalyScore(model, rows)).values.map((score) => (score > threshold ? 1 : 0))
 */
export function anomalyThreshold(scores: ArrayLike<number>, rule: ThresholdRule): number {
  const [name, share] =
    'contamination' in rule ? (['contamination', rule.contamination] as const) : (['quantile', rule.quantile] as const);
  if (!(share >= 0 && share <= 1))
    throw new ConfigError(
      `${name} is ${share}; it has to be a share from 0 to 1, such as ${name === 'quantile' ? 0.95 : 0.05}.`,
    );
  const sorted = Float64Array.from(scores).sort();
  if (sorted.length === 0) throw new ConfigError('A threshold needs scores of training rows; received none.');
  if (sorted.some(Number.isNaN)) throw new ConfigError('A score is NaN; a threshold needs scores that are numbers.');
  const place = (name === 'quantile' ? share : 1 - share) * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  // Equal neighbours may be infinite, and the difference of infinities is no number.
  return below === above ? below : below + (place - Math.floor(place)) * (above - below);
}

/** The rows that are called anomalies: 1 where the score is above the threshold. */
export function flagAnomalies(scores: Float64Array, threshold: number): Uint8Array {
  return Uint8Array.from(scores, (score) => (score > threshold ? 1 : 0));
}

/**
 * How well scores separate what is known to be an anomaly from what is not.
 *
 * @param isAnomaly [N]: true or any number but 0
 * @throws DatasetError where all rows are of one kind, ShapeError for another number of rows
 */
export function rankAnomalies(scores: Float64Array, isAnomaly: ArrayLike<boolean | number>): AnomalyRanking {
  return { auroc: auroc(scores, isAnomaly), averagePrecision: averagePrecision(scores, isAnomaly) };
}
