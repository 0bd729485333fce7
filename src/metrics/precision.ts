// Precision: the share of samples that lie where real rows are.
//
//   precision = 1/M sum_j 1[s_j is in the neighbourhood of any real row]
//
// Kynkaanniemi, Karras, Laine, Lehtinen and Aila (2019), equation 2. It falls with bad samples and says nothing about missing ones.
import { checkFeatures } from './check-inputs.js';
import { percent } from './in-words.js';
import { leastRows, manifolds, secondsOfManifolds } from './manifolds.js';
import type { Metric } from './metric.js';
import { shareInterval } from './share-interval.js';

/** The share of samples inside the neighbourhoods of real rows. */
export const precision: Metric<'real' | 'samples'> = {
  name: 'precision',
  title: 'Precision',
  topic: 'samples',
  measures: 'The share of samples that lie in the neighbourhood of a real row: how many look real.',
  better: 'higher',
  range: [0, 1],
  unit: '',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: leastRows,
  source: 'Kynkaanniemi et al. 2019, Improved precision and recall metric, equation 2',
  estimateSeconds: secondsOfManifolds,
  async compute({ real, samples }, options = {}) {
    checkFeatures(this, { real, samples });
    const { realBallsOfSample } = await manifolds({ real, samples }, options);
    const inside = realBallsOfSample.filter((balls) => balls > 0).length;
    return { value: inside / samples.rows, interval: shareInterval(inside, samples.rows) };
  },
  read: ({ value }) => `${percent(value)} of the samples lie where real rows are.`,
};
