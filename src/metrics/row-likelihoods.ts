// What the metrics of likelihood start from: which quantity the values are, checked row by row.
//
// An exact log-likelihood, a bound on it and estimates of it are unlike quantities; so are probabilities of discrete rows and densities
// over real ones. Each combination is a metric of its own, so that no table ever puts two of them into one column.
import { DatasetError, ShapeError } from '../core/errors.js';
import { type Asking, checkRowCount } from './check-inputs.js';
import type { RowLikelihoods } from './metric.js';

/** How values came about. */
export interface Provenance {
  /** What stands before the names of metrics: `elbo-`; nothing for the likelihood itself. */
  readonly prefix: string;
  /** Which `quantity` of RowLikelihoods it takes. */
  readonly quantities: readonly RowLikelihoods['quantity'][];
  /** `Evidence lower bound on the`; nothing for the likelihood itself. */
  readonly title: string;
  /** How to take a value, as the rest of a sentence about it; nothing for the likelihood itself. */
  readonly caveat: string;
  readonly source: string;
}

/** Every provenance, from the surest. */
export const provenances: readonly Provenance[] = [
  {
    prefix: '',
    quantities: ['log-density', 'exact'],
    title: '',
    caveat: '',
    source: 'Theis, van den Oord and Bethge 2016, A note on the evaluation of generative models, section 3.1',
  },
  {
    prefix: 'elbo-',
    quantities: ['elbo'],
    title: 'evidence lower bound',
    caveat: 'the model may be better than this, but not worse',
    source: 'Kingma and Welling 2014, Auto-Encoding Variational Bayes, equation 3',
  },
  {
    prefix: 'importance-',
    quantities: ['importance'],
    title: 'importance estimate',
    caveat: 'the model may be better than this, the less so the more samples a row took',
    source: 'Burda, Grosse and Salakhutdinov 2016, Importance Weighted Autoencoders, equation 8',
  },
  {
    prefix: 'ais-',
    quantities: ['ais'],
    title: 'estimate by annealed importance sampling',
    caveat: 'the model may be worse than this, since the estimate tends to flatter',
    source: 'Salakhutdinov and Murray 2008, On the Quantitative Analysis of Deep Belief Networks, section 4',
  },
];

/** Names of quantities, as errors say them. */
const quantityNames: Readonly<Record<RowLikelihoods['quantity'], string>> = {
  'log-density': 'exact log-likelihoods',
  exact: 'exact log-likelihoods',
  elbo: 'evidence lower bounds',
  importance: 'importance estimates',
  ais: 'estimates by annealed importance sampling',
};

/** How far above 0 float32 may have rounded the logarithm of a probability. */
const roundingAboveZero = 1e-3;

/** Why a metric of this provenance does not take values of another; undefined where it does. */
export function wrongQuantity(
  asking: Asking,
  { quantities }: Provenance,
  { quantity }: RowLikelihoods,
): string | undefined {
  if (quantities.includes(quantity)) return undefined;
  const wanted = quantityNames[quantities[0] ?? 'exact'];
  return `${asking.title} is of ${wanted}; these are ${quantityNames[quantity]}, which have a metric of their own.`;
}

/**
 * Checks values: enough of them, none NaN or plus infinity, no log-probability above 0. Minus infinity is allowed: the row is
 * impossible under the model.
 *
 * @throws ShapeError for dimensions or levels that are none, DatasetError naming the row
 */
export function checkLikelihoods(asking: Asking, { values, isDiscrete, dimensions, levels }: RowLikelihoods): void {
  const { title } = asking;
  if (!Number.isInteger(dimensions) || dimensions < 1)
    throw new ShapeError(`${title}: rows of ${dimensions} numbers; "dimensions" has to be a whole number from 1.`);
  if (levels !== undefined && (!Number.isInteger(levels) || levels < 2))
    throw new ShapeError(`${title}: ${levels} levels; "levels" has to be a whole number from 2, such as 256.`);
  checkRowCount(asking, 'likelihoods', values.length);
  const wrong = values.findIndex((value) => !(value < Number.POSITIVE_INFINITY));
  if (wrong >= 0)
    throw new DatasetError(
      `${title}: the log-likelihood of row ${wrong} is ${values[wrong]}; it has to be a number or minus infinity. ` +
        (Number.isNaN(values[wrong])
          ? 'The model has diverged, or the row is of another kind than it was trained on.'
          : 'The density has a spike on this row: give the model a floor for its variances.'),
    );
  const above = isDiscrete ? values.findIndex((value) => value > roundingAboveZero) : -1;
  if (above >= 0)
    throw new DatasetError(
      `${title}: the log-probability of row ${above} is ${values[above]}; logarithms of probabilities are at most 0. ` +
        'Densities over real numbers are no log-probabilities: say isDiscrete: false.',
    );
}

/** What to say about rows that are impossible under the model: nothing where there are none. */
export function impossibleWarnings(values: Float64Array): string[] {
  const impossible = values.filter((value) => value === Number.NEGATIVE_INFINITY).length;
  if (impossible === 0) return [];
  return [
    `${impossible} of ${values.length} rows are impossible under the model (probability 0), which makes the mean minus infinity. ` +
      'Smooth the model: more pseudo-counts, a floor for variances, a wider bandwidth.',
  ];
}
