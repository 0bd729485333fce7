// Cross-validation (Stone 1974): how plausible a kind of model finds rows that it was not fitted to, with every row held out once.
import { ConfigError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { subset } from '../../data/split.js';
import { random } from '../../runtime/random.js';
import type { FitOptions } from '../contract.js';
import type { ScoringModel } from './abilities.js';
import { type Quantity, type ScoreOptions, scoreRows } from './score-rows.js';
import { type ScoreSummary, summaryOf } from './score-summary.js';

/** How to cross-validate. */
export interface CrossValidationOptions {
  /** Parts that the rows are divided into. Default 5. */
  readonly folds?: number;
  /** Decides which rows go into which part. The same seed divides the same for every model, so that they can be compared. Default 0. */
  readonly seed?: number;
  /** What the scores of held-out rows are summarised by: 'median' or a trimmed mean where rows may be anomalies. Default 'mean'. */
  readonly summary?: ScoreSummary;
  /** Options of every fit. */
  readonly fit?: FitOptions;
  /** Options of scoring. */
  readonly score?: Pick<ScoreOptions, 'samples' | 'seed'>;
  readonly signal?: AbortSignal;
  /** Called after every fold. */
  readonly onFold?: (done: number, folds: number) => void;
}

/** How plausible rows are that were held out. */
export interface CrossValidation {
  /** The summary of all rows' scores, by default their mean, in nats; a mean is -Infinity where a row was held to be impossible. */
  readonly value: number;
  /** Of that value: the standard deviation of the folds' own over sqrt(folds); Infinity where one is infinite. */
  readonly standardError: number;
  /** The summary of each fold. */
  readonly folds: readonly number[];
  /** The score of every row, in the order of the data, by the model that did not see it. */
  readonly scores: Float64Array;
  /** What was scored by: exact densities, or a bound on them. */
  readonly quantity: Quantity;
  /** What the fits warned of, without repetitions. */
  readonly warnings: readonly string[];
}

/**
 * Fits a new model on all folds but one, scores the rows of that one, and so on in turn.
 *
 * @param create makes a new model for each fold; it is disposed of afterwards
 * @throws ConfigError for fewer than 2 folds, or more folds than rows, or a share that cannot be left out; what a fit throws; the signal's reason where it is aborted
 * @example const { value, standardError } = await crossValidate(() => gaussianMixture({ components: 3 }), data, { folds: 10 })
 */
export async function crossValidate(
  create: () => ScoringModel,
  data: Dataset,
  options: CrossValidationOptions = {},
): Promise<CrossValidation> {
  const { folds: count = 5, seed = 0, summary = 'mean', fit, score, signal, onFold } = options;
  const summarise = summaryOf(summary);
  const folds = foldRows(data, count, seed);
  const ofFolds: number[] = [];
  const all = new Float64Array(data.length);
  const warnings = new Set<string>();
  let quantity: Quantity | undefined;
  for (const [held, rows] of folds.entries()) {
    const others = folds.flatMap((other, index) => (index === held ? [] : [...other]));
    const model = create();
    try {
      const stop = signal === undefined ? {} : { signal };
      const report = await model.fit(subset(data, others), { ...fit, ...stop });
      signal?.throwIfAborted();
      for (const warning of report.warnings) warnings.add(warning);
      const scores = await scoreRows(model, subset(data, rows), { ...score, ...stop });
      ofFolds.push(summarise(scores.values));
      for (const [place, row] of rows.entries()) all[row] = scores.values[place] ?? Number.NaN;
      quantity = scores.quantity;
    } finally {
      await model.dispose();
    }
    onFold?.(held + 1, count);
  }
  return {
    value: summarise(all),
    standardError: standardErrorOf(ofFolds),
    folds: ofFolds,
    scores: all,
    quantity: quantity ?? 'log-density',
    warnings: [...warnings],
  };
}

/** Row numbers of folds, whose sizes differ by one at most. */
function foldRows(data: Dataset, folds: number, seed: number): Uint32Array[] {
  if (!Number.isInteger(folds) || folds < 2)
    throw new ConfigError(`${folds} folds were asked for; it has to be a whole number from 2.`);
  if (folds > data.length)
    throw new ConfigError(
      `${folds} folds were asked for, but "${data.name}" has only ${data.length} rows. Use at most ${data.length} folds.`,
    );
  const order = random(seed).split('folds').permutation(data.length);
  const start = (fold: number): number => Math.floor((fold * data.length) / folds);
  return Array.from({ length: folds }, (_, fold) => order.slice(start(fold), start(fold + 1)));
}

/** Of the mean of some values, from their own spread. */
function standardErrorOf(values: readonly number[]): number {
  if (!values.every(Number.isFinite)) return Number.POSITIVE_INFINITY;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((a, b) => a + (b - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
