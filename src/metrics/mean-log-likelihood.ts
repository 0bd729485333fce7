// The mean log-likelihood of held-out rows, in nats: how expected the model finds rows that it never saw.
//
//   L = 1/N sum_n log p(x_n)
//
// The average code length of a row is -L (Shannon 1948), and -L exceeds the entropy of the data by the divergence KL(p_data || p_model).

import { DatasetError } from '../core/errors.js';
import { bootstrapMean, bootstrapSeconds } from './bootstrap.js';
import { figure, numberOf } from './in-words.js';
import type { Metric, MetricInputs, MetricValue } from './metric.js';
import {
  checkLikelihoods,
  impossibleWarnings,
  type Provenance,
  provenances,
  wrongQuantity,
} from './row-likelihoods.js';

function meanLogLikelihood(provenance: Provenance, isDiscrete: boolean): Metric<'likelihoods'> {
  const kind = isDiscrete ? 'log-probability' : 'log-density';
  const title = `Mean ${kind}${provenance.title === '' ? '' : `, ${provenance.title}`}`;
  const asking = { title, minimumRows: 1 };
  const refusal = ({ likelihoods }: Pick<MetricInputs, 'likelihoods'>): string | undefined => {
    const wrong = wrongQuantity(asking, provenance, likelihoods);
    if (wrong !== undefined || likelihoods.isDiscrete === isDiscrete) return wrong;
    return isDiscrete
      ? `${title} is of discrete rows; these are densities over real numbers, which have a metric of their own.`
      : `${title} is of densities over real numbers; these are probabilities of discrete rows, which have a metric of their own.`;
  };
  return {
    name: `${provenance.prefix}${kind}`,
    title,
    topic: 'likelihood',
    measures:
      `How expected held-out rows are under the model: the mean of the logarithm of their ${isDiscrete ? 'probability' : 'density'}` +
      `${provenance.caveat === '' ? '' : `; ${provenance.caveat}`}.`,
    better: 'higher',
    range: [Number.NEGATIVE_INFINITY, isDiscrete ? 0 : Number.POSITIVE_INFINITY],
    unit: 'nats',
    needs: ['likelihoods'],
    usesFeatures: false,
    minimumRows: asking.minimumRows,
    source: provenance.source,
    refusal,
    estimateSeconds: ({ likelihoods }) => bootstrapSeconds(likelihoods.values.length),
    async compute(inputs, options = {}) {
      const refused = refusal(inputs);
      if (refused !== undefined) throw new DatasetError(refused);
      const { likelihoods } = inputs;
      checkLikelihoods(asking, likelihoods);
      const { values, dimensions, levels } = likelihoods;
      const value = mean(values);
      const interval = await bootstrapMean(values, options);
      const warnings = impossibleWarnings(values);
      const possible = values.filter(Number.isFinite);
      return {
        value,
        ...(interval === undefined ? {} : { interval }),
        details: {
          dimensions,
          ...(isDiscrete && levels !== undefined ? { levels } : {}),
          ...(warnings.length > 0 && possible.length > 0 ? { meanOfPossibleRows: mean(possible) } : {}),
        },
        ...(warnings.length > 0 ? { warnings } : {}),
      };
    },
    read: (value) => reading(value, provenance, isDiscrete),
  };
}

function reading({ value, details }: MetricValue, { caveat }: Provenance, isDiscrete: boolean): string {
  const dimensions = numberOf(details, 'dimensions');
  const also = caveat === '' ? '' : `; ${caveat}`;
  if (value === Number.NEGATIVE_INFINITY)
    return `Some held-out rows are impossible under the model, so it knows too little of the data${also}.`;
  if (isDiscrete)
    return (
      `Writing a held-out row down with the model's help takes ${figure(-value)} nats, which is ` +
      `${figure(-value / Math.LN2 / dimensions)} bits for each of its ${dimensions} numbers: the nearer to 0, the better it knows the data${also}.`
    );
  return (
    `The density of a held-out row is e^${figure(value)}: the higher, the less the row surprises the model. It says nothing by itself, since ` +
    `it depends on the scale of the numbers; compare it with that of other models on the same rows${also}.`
  );
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean log-likelihood of every quantity: exact, bound and estimates, of probabilities and of densities. */
export const meanLogLikelihoods: readonly Metric<'likelihoods'>[] = provenances.flatMap((provenance) => [
  meanLogLikelihood(provenance, true),
  meanLogLikelihood(provenance, false),
]);
