// Recall: the share of real rows that lie where samples are.
//
//   recall = 1/N sum_i 1[x_i is in the neighbourhood of any sample]
//
// Kynkaanniemi, Karras, Laine, Lehtinen and Aila (2019), equation 2 with the sets swapped. It falls with what is missing, and says nothing
// about bad samples; a few stray samples with large neighbourhoods can raise it (Naeem et al. 2020), which coverage withstands.
import { checkFeatures } from './check-inputs.js';
import { percent } from './in-words.js';
import { leastRows, manifolds, secondsOfManifolds } from './manifolds.js';
import type { Metric } from './metric.js';
import { shareInterval } from './share-interval.js';

/** The share of real rows inside the neighbourhoods of samples. */
export const recall: Metric<'real' | 'samples'> = {
  name: 'recall',
  title: 'Recall',
  topic: 'samples',
  measures:
    'The share of real rows that lie in the neighbourhood of a sample: how much of the data the model can draw.',
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
    const { sampleBallsOfReal } = await manifolds({ real, samples }, options);
    const inside = sampleBallsOfReal.filter((balls) => balls > 0).length;
    return { value: inside / real.rows, interval: shareInterval(inside, real.rows) };
  },
  read: ({ value }) => `${percent(value)} of the real rows lie where the model draws samples.`,
};
