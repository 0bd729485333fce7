// Diversity between classes: how far samples of two classes are from each other, as a share of how far real rows of the two are.
//
//   value = mean_(a<b) min(r_ab, 1/r_ab),   r_ab = mean distance of a sample of a and one of b / the same of real rows
import { DatasetError } from '../core/errors.js';
import { bootstrapSeconds } from './bootstrap.js';
import { checkFeatures, checkLabels } from './check-inputs.js';
import { distanceSeconds } from './class-distances.js';
import { ratiosBetween } from './distance-ratio.js';
import { numberOf, percent } from './in-words.js';
import type { Metric, MetricValue } from './metric.js';

const asking = { title: 'Diversity between classes', minimumRows: 2 };

/** Rows of each class at most; every row meets those of all other classes. */
const mostRows = 200;

/** How far samples of two classes are from each other, compared with real rows of the two. */
export const interClassDiversity: Metric<'real' | 'samples' | 'realLabels' | 'sampleLabels'> = {
  name: 'inter-class-diversity',
  title: asking.title,
  topic: 'diversity',
  measures:
    'Whether samples of different classes are as far from each other as real rows of the classes: the ratio of the mean distances, or ' +
    'its inverse above 1, on average over the pairs of classes.',
  better: 'higher',
  range: [0, 1],
  unit: '',
  needs: ['real', 'samples', 'realLabels', 'sampleLabels'],
  usesFeatures: true,
  minimumRows: asking.minimumRows,
  source:
    'Mean distance of pairs between classes; after Fisher 1936, The Use of Multiple Measurements in Taxonomic Problems',
  estimateSeconds({ real, samples, realLabels }) {
    const classes = new Set(realLabels).size;
    return [real, samples].reduce((sum, { rows, width }) => {
      const kept = Math.min(rows, classes * mostRows);
      return sum + distanceSeconds((kept * kept) / 2, width) + bootstrapSeconds(kept, classes);
    }, 0);
  },
  async compute({ real, samples, realLabels, sampleLabels }, options = {}) {
    checkFeatures(asking, { real, samples });
    checkLabels(asking, 'realLabels', realLabels, real.rows);
    checkLabels(asking, 'sampleLabels', sampleLabels, samples.rows);
    const { value, interval, ratios, leftOut } = await ratiosBetween(
      { features: samples, labels: sampleLabels },
      { features: real, labels: realLabels },
      mostRows,
      options,
    );
    if (ratios.length === 0)
      throw new DatasetError(
        'Diversity between classes needs two classes with samples, and with real rows that differ; there are none. Draw samples of more classes.',
      );
    const lowest = ratios.reduce((least, one) => (one.ratio < least.ratio ? one : least));
    return {
      value,
      ...(interval === undefined ? {} : { interval }),
      details: {
        ratio: ratios.reduce((sum, { ratio }) => sum + ratio / ratios.length, 0),
        least: lowest.ratio,
        leastPair: [lowest.label, lowest.other],
      },
      ...(leftOut.length === 0
        ? {}
        : {
            warnings: [
              `Left out, for want of samples: ${leftOut.length === 1 ? 'class' : 'classes'} ${leftOut.join(', ')}.`,
            ],
          }),
    };
  },
  read: ({ details }: MetricValue) => {
    const ratio = numberOf(details, 'ratio');
    const least = numberOf(details, 'least');
    const pair = Array.isArray(details?.leastPair) ? details.leastPair.join(' and ') : '';
    const start =
      Math.abs(ratio - 1) < 0.01
        ? 'Samples of different classes are as far from each other as real rows of them'
        : `Samples of different classes are ${percent(ratio)} as far from each other as real rows of them`;
    return least < 0.9
      ? `${start}; classes ${pair} are nearest to being mixed up, with ${percent(least)}.`
      : `${start}.`;
  },
};
