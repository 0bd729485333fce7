// Coverage: the share of real rows that have a sample near them.
//
//   coverage = 1/N sum_i 1[any sample is in the neighbourhood of real row i]
//
// Naeem, Oh, Uh, Choi and Yoo (2020), equation 5. Neighbourhoods are those of real rows, so stray samples cannot raise it. For as many
// samples as real rows, all from one distribution, it is 1 - 2^-k on average, for k = 5: 0.969.
import { checkFeatures } from './check-inputs.js';
import { percent } from './in-words.js';
import { leastRows, manifolds, secondsOfManifolds } from './manifolds.js';
import type { Metric } from './metric.js';
import { shareInterval } from './share-interval.js';

/** The share of real rows with a sample in their neighbourhood. */
export const coverage: Metric<'real' | 'samples'> = {
  name: 'coverage',
  title: 'Coverage',
  topic: 'samples',
  measures: 'The share of real rows with a sample in their neighbourhood: how much of the data the samples reach.',
  better: 'higher',
  range: [0, 1],
  unit: '',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: leastRows,
  source: 'Naeem et al. 2020, Reliable fidelity and diversity metrics for generative models, equation 5',
  estimateSeconds: secondsOfManifolds,
  async compute({ real, samples }, options = {}) {
    checkFeatures(this, { real, samples });
    const { samplesInReal } = await manifolds({ real, samples }, options);
    const covered = samplesInReal.filter((inside) => inside > 0).length;
    const value = covered / real.rows;
    // The expectation of equal distributions depends on the numbers of rows.
    const warnings =
      samples.rows < real.rows / 2
        ? [
            `${samples.rows} samples cannot reach all of ${real.rows} real rows; draw as many samples as there are real rows.`,
          ]
        : [];
    return { value, interval: shareInterval(covered, real.rows), ...(warnings.length === 0 ? {} : { warnings }) };
  },
  read: ({ value }) => `${percent(value)} of the real rows have a sample in their neighbourhood.`,
};
