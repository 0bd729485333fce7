// Density: how crowded with real rows the places are where samples lie.
//
//   density = 1/(k M) sum_j sum_i 1[s_j is in the neighbourhood of real row i]
//
// Naeem, Oh, Uh, Choi and Yoo (2020), equation 4. Unlike precision it is not fooled by an outlier among real rows with a large
// neighbourhood. It is 1 on average for samples that are as good as real rows, and above 1 where samples crowd in the middle of the data.
import { bootstrapMean, bootstrapSeconds } from './bootstrap.js';
import { checkFeatures } from './check-inputs.js';
import { leastRows, manifolds, neighbours, secondsOfManifolds } from './manifolds.js';
import type { Metric } from './metric.js';
import { stage } from './pace.js';

/** The mean number of real neighbourhoods that a sample lies in, over k. */
export const density: Metric<'real' | 'samples'> = {
  name: 'density',
  title: 'Density',
  topic: 'samples',
  measures:
    'How many neighbourhoods of real rows a sample lies in, compared with what a real row would: 1 is as good as real.',
  better: 'higher',
  range: [0, Number.POSITIVE_INFINITY],
  unit: '',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: leastRows,
  source: 'Naeem et al. 2020, Reliable fidelity and diversity metrics for generative models, equation 4',
  estimateSeconds: (inputs) => secondsOfManifolds(inputs) + bootstrapSeconds(inputs.samples.rows),
  async compute({ real, samples }, options = {}) {
    checkFeatures(this, { real, samples });
    const { realBallsOfSample } = await manifolds({ real, samples }, stage(options, 0, 0.95));
    const shares = Float64Array.from(realBallsOfSample, (balls) => balls / neighbours);
    const value = shares.reduce((sum, share) => sum + share, 0) / samples.rows;
    const interval = await bootstrapMean(shares, stage(options, 0.95, 1));
    return { value, ...(interval === undefined ? {} : { interval }) };
  },
  read: ({ value }) =>
    value > 1
      ? `Samples lie where real rows are crowded, at ${value.toFixed(2)} times the density of real rows among each other.`
      : `Samples lie where real rows are ${value.toFixed(2)} times as crowded as they are around each other.`,
};
