// Diversity: how far samples are from each other, as a share of how far real rows are from each other.
//
//   value = min(r, 1/r),   r = mean_(i<j) |s_i - s_j| / mean_(i<j) |x_i - x_j|
import { DatasetError } from '../core/errors.js';
import { bootstrapSeconds } from './bootstrap.js';
import { checkFeatures } from './check-inputs.js';
import { distanceSeconds } from './class-distances.js';
import { ratiosWithin } from './distance-ratio.js';
import { numberOf, percent } from './in-words.js';
import type { Metric, MetricValue } from './metric.js';

const asking = { title: 'Diversity', minimumRows: 2 };

/** Rows of each set at most: two million pairs tell the mean to a thousandth. */
const mostRows = 2000;

/** How far samples are from each other, compared with real rows. */
export const diversity: Metric<'real' | 'samples'> = {
  name: 'diversity',
  title: asking.title,
  topic: 'diversity',
  measures:
    'Whether samples are as far from each other as real rows are: the ratio of the mean distances of pairs, or its inverse above 1.',
  better: 'higher',
  range: [0, 1],
  unit: '',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: asking.minimumRows,
  source: 'Mean pairwise distance as in Zhu et al. 2017, Toward Multimodal Image-to-Image Translation, section 5',
  estimateSeconds({ real, samples }) {
    const rows = [real.rows, samples.rows].map((count) => Math.min(count, mostRows));
    return rows.reduce(
      (sum, count) => sum + distanceSeconds((count * count) / 2, real.width) + bootstrapSeconds(count),
      0,
    );
  },
  async compute({ real, samples }, options = {}) {
    checkFeatures(asking, { real, samples });
    const one = (features: typeof real) => ({ features, labels: new Uint8Array(features.rows) });
    const { value, interval, ratios } = await ratiosWithin(one(samples), one(real), mostRows, options);
    const [whole] = ratios;
    if (whole === undefined)
      throw new DatasetError(
        'Diversity is told as a share of that of real rows, and these are all the same. Use rows that differ.',
      );
    return { value, ...(interval === undefined ? {} : { interval }), details: { ratio: whole.ratio } };
  },
  read: ({ details }: MetricValue) => {
    const ratio = numberOf(details, 'ratio');
    if (ratio === 0) return 'All samples are the same.';
    if (Math.abs(ratio - 1) < 0.01) return 'Samples are as far from each other as real rows are.';
    return ratio < 1
      ? `Samples are ${percent(ratio)} as far from each other as real rows are, so they are more alike.`
      : `Samples are ${percent(ratio)} as far from each other as real rows are, so they are less alike: noise or broken rows do that.`;
  },
};
