// Bits per dimension: how many bits the model needs, on average, for each number of a held-out row.
//
//   probabilities of discrete rows     b = -log p(x) / (D ln 2)
//   densities over values in [0, 1]    b = -log p(x) / (D ln 2) + log2(levels - 1)
//
// The second turns a density into the probability of a level, as if the density were the same all over the level. Rows hold k/(levels - 1)
// for k = 0 .. levels - 1, so that a level is 1/(levels - 1) wide, and the uniform density from half a level below 0 to half a level above 1
// has log2(levels) bits (Uria, Murray and Larochelle 2013; Theis et al. 2016, section 3.1, where rows are k/levels). What a model does to its
// rows inside, such as a logit, is in its density already. A density that was learnt without noise within the levels can grow without
// end on them; it is then no code length, and where it cannot be one the value says so.
import { DatasetError } from '../core/errors.js';
import { bootstrapMean, bootstrapSeconds } from './bootstrap.js';
import { figure, numberOf, percent } from './in-words.js';
import type { Metric, MetricInputs, MetricValue } from './metric.js';
import {
  checkLikelihoods,
  impossibleWarnings,
  type Provenance,
  provenances,
  wrongQuantity,
} from './row-likelihoods.js';

function bitsPerDimension(provenance: Provenance): Metric<'likelihoods'> {
  const title = `Bits per dimension${provenance.title === '' ? '' : `, ${provenance.title}`}`;
  const asking = { title, minimumRows: 1 };
  const refusal = ({ likelihoods }: Pick<MetricInputs, 'likelihoods'>): string | undefined => {
    const wrong = wrongQuantity(asking, provenance, likelihoods);
    if (wrong !== undefined || likelihoods.isDiscrete || likelihoods.levels !== undefined) return wrong;
    return `${title} is of rows with levels, such as the 256 of pixels; these rows are real numbers. Use the mean log-density.`;
  };
  return {
    name: `${provenance.prefix}bits-per-dimension`,
    title,
    topic: 'likelihood',
    measures:
      'Bits that the model needs for each number of a held-out row, if rows were compressed with it' +
      `${provenance.caveat === '' ? '' : `; ${provenance.caveat}`}.`,
    better: 'lower',
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    unit: 'bits per dimension',
    needs: ['likelihoods'],
    usesFeatures: false,
    minimumRows: asking.minimumRows,
    source:
      provenance.prefix === ''
        ? `${provenance.source}; Uria, Murray and Larochelle 2013, RNADE, section 4.3`
        : provenance.source,
    refusal,
    estimateSeconds: ({ likelihoods }) => bootstrapSeconds(likelihoods.values.length),
    async compute(inputs, options = {}) {
      const refused = refusal(inputs);
      if (refused !== undefined) throw new DatasetError(refused);
      const { likelihoods } = inputs;
      checkLikelihoods(asking, likelihoods);
      const { values, isDiscrete, dimensions, levels = 2 } = likelihoods;
      const offset = isDiscrete ? 0 : Math.log2(levels - 1);
      // No probability is above 1, but for rounding.
      const least = isDiscrete ? 0 : Number.NEGATIVE_INFINITY;
      const bits = values.map((value) => Math.max(least, offset - value / (dimensions * Math.LN2)));
      const value = bits.reduce((sum, one) => sum + one, 0) / bits.length;
      const interval = await bootstrapMean(bits, options);
      const warnings = [
        ...impossibleWarnings(values),
        ...(value < 0
          ? [
              'Fewer than no bits are impossible: the density has spikes on the levels of the data, as one has that was learnt without ' +
                'noise within them. Do not compare it; train on rows with such noise, or give variances a floor of a level.',
            ]
          : []),
      ];
      return {
        // Not -0 for rows that are certain.
        value: value + 0,
        ...(interval === undefined ? {} : { interval }),
        details: {
          dimensions,
          ...(likelihoods.levels === undefined ? {} : { levels }),
          dequantisation: offset,
        },
        ...(warnings.length > 0 ? { warnings } : {}),
      };
    },
    read: (value) => reading(value, provenance),
  };
}

function reading({ value, details }: MetricValue, { caveat }: Provenance): string {
  const levels = numberOf(details, 'levels');
  const also = caveat === '' ? '' : `; ${caveat}`;
  if (value === Number.POSITIVE_INFINITY)
    return `Some held-out rows are impossible under the model, so no code of finite length has them${also}.`;
  if (value < 0)
    return `No number of bits: the density has spikes on the levels of the data, so this value says nothing${also}.`;
  if (Number.isNaN(levels)) return `The model needs ${figure(value)} bits for each number of a held-out row${also}.`;
  const plain = Math.log2(levels);
  if (value >= plain)
    return (
      `The model needs ${figure(value)} bits for each number of a held-out row, no fewer than the ${figure(plain)} that it takes ` +
      `without any model${also}.`
    );
  return (
    `The model needs ${figure(value)} bits for each number of a held-out row where ${figure(plain)} would do without any model: ` +
    `${percent(value / plain)} of the size${also}.`
  );
}

/** Bits per dimension of every quantity: exact, bound and estimates. */
export const bitsPerDimensions: readonly Metric<'likelihoods'>[] = provenances.map(bitsPerDimension);
