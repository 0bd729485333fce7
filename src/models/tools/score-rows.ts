// How plausible rows are to a model: its log-density where it has one, otherwise its bound, and always which of them.
import { ConfigError, VerisimError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import type { Bound, Samples } from '../contract.js';
import { hasBound, hasDensity, type Scorer } from './abilities.js';
import { parts, type Rows, rowCount } from './rows.js';

/** What a score is: the exact log-density, or the kind of bound on it. Scores of different quantities cannot be compared. */
export type Quantity = 'log-density' | Bound['kind'];

/** Quantities as people call them. */
export const quantityNames: Readonly<Record<Quantity, string>> = {
  'log-density': 'exact log-density',
  elbo: 'evidence lower bound on the log-density',
  importance: 'importance-weighted bound on the log-density',
  ais: "annealed importance sampling's estimate of the log-density",
  exact: 'exact log-density',
};

/** Scores of rows. */
export interface RowScores {
  /** [N], in nats; -Infinity for a row that the model holds to be impossible. */
  readonly values: Float64Array;
  readonly quantity: Quantity;
}

/** How to score. */
export interface ScoreOptions {
  /** Samples per row, for bounds that are estimated. Default: the model's. */
  readonly samples?: number;
  /** For bounds that are estimated: the same seed gives the same values. Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called with the rows done so far. */
  readonly onProgress?: (done: number, rows: number) => void;
}

/**
 * Scores rows by log p(x) where the model has it, otherwise by its bound.
 *
 * @throws ConfigError for a model that has neither, NotFittedError before fit, ShapeError for rows of another shape
 * @throws VerisimError where the model gives a number that is none; the signal's reason where it is aborted
 * @example const { values, quantity } = await scoreRows(model, await mnist({ split: 'test' }))
 */
export async function scoreRows(model: Scorer, rows: Rows, options: ScoreOptions = {}): Promise<RowScores> {
  const count = rowCount(rows);
  const values = new Float64Array(count);
  let quantity: Quantity | undefined;
  let done = 0;
  let part = 0;
  for await (const x of parts(rows, options)) {
    const scores = await scorePart(model, x, part, options);
    quantity = scores.quantity;
    checkScores(scores.values, done, x.shape[0] ?? 0);
    values.set(scores.values, done);
    done += scores.values.length;
    part += 1;
    options.onProgress?.(done, count);
  }
  if (quantity === undefined) throw new ConfigError('There are no rows to score; at least one is needed.');
  return { values, quantity };
}

async function scorePart(
  model: Scorer,
  x: Samples,
  part: number,
  { samples, seed = 0 }: ScoreOptions,
): Promise<RowScores> {
  if (hasDensity(model)) return { values: await model.logProb(x), quantity: 'log-density' };
  if (!hasBound(model))
    throw new ConfigError(
      'This model has neither logProb nor logProbBound, so it cannot say how plausible rows are. Use a model with a density.',
    );
  // The random numbers of every part are its own.
  const [partSeed = 0] = random(seed)
    .split('bound')
    .split(part)
    .integers(1, 0, 2 ** 31);
  const { values, kind } = await model.logProbBound(x, {
    seed: partSeed,
    ...(samples === undefined ? {} : { samples }),
  });
  return { values, quantity: kind };
}

function checkScores(values: Float64Array, first: number, rows: number): void {
  if (values.length !== rows)
    throw new VerisimError(`The model gave ${values.length} scores for ${rows} rows; every row needs one.`);
  const broken = values.findIndex((value) => Number.isNaN(value) || value === Number.POSITIVE_INFINITY);
  if (broken >= 0)
    throw new VerisimError(
      `The model gave ${values[broken]} as the score of row ${first + broken}; expected a number of nats. ` +
        'A density that is infinite somewhere has collapsed: fit with a larger covariance floor or bandwidth.',
    );
}
