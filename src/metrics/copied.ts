// Whether samples are nearer to the rows that the model was trained on than to others from the same distribution:
//
//   share = 1/M sum_j ( 1[d(s_j, training) < d(s_j, held-out)] + 1/2 1[d(s_j, training) = d(s_j, held-out)] )
//
// d is the distance to the nearest row of a set, and both sets have as many rows: of the larger one, a random part is taken. A model that
// has learnt the distribution has no reason to be nearer to either, so the share is 1/2, and 1 where every sample is a copy. Two-sample
// tests by nearest neighbours: Schilling (1986), Lopez-Paz and Oquab (2017); for copying: Meehan, Chaudhuri and Dasgupta (2020).
import { random } from '../runtime/random.js';
import { checkFeatures } from './check-inputs.js';
import { percent } from './in-words.js';
import { secondsOfDistances } from './manifolds.js';
import type { FeatureRows, Metric } from './metric.js';
import { nearestRows } from './nearest-rows.js';
import { stage } from './pace.js';
import { shareInterval } from './share-interval.js';
import { someRows } from './some-rows.js';
import { inWorkspace } from './workspace.js';

/** The share of samples that are nearer to training rows than to as many held-out rows. */
export const copied: Metric<'training' | 'real' | 'samples'> = {
  name: 'copied',
  title: 'Nearer to training than to held-out rows',
  topic: 'copying',
  measures:
    'The share of samples that are nearer to a training row than to any of as many held-out rows: 50 % without copying.',
  better: 'lower',
  range: [0, 1],
  unit: '',
  needs: ['training', 'real', 'samples'],
  usesFeatures: true,
  minimumRows: 2,
  source: 'Meehan et al. 2020, A non-parametric test to detect data-copying in generative models',
  estimateSeconds: ({ training, real, samples }) =>
    secondsOfDistances(2 * samples.rows * Math.min(training.rows, real.rows), real.width),
  async compute({ training, real, samples }, options = {}) {
    checkFeatures(this, { training, real, samples });
    return inWorkspace(options, async (workspace) => {
      const count = Math.min(training.rows, real.rows);
      const { seed = 0 } = options;
      const toSet = async (rows: FeatureRows, name: string, from: number) => {
        const part =
          rows.rows === count
            ? rows
            : someRows(rows, random(seed).split('copied').split(name).permutation(rows.rows).subarray(0, count).sort());
        const { distances } = await nearestRows(samples, part, { ...stage(options, from, from + 0.5), workspace });
        return distances;
      };
      const toTraining = await toSet(training, 'training', 0);
      const toHeldOut = await toSet(real, 'real', 0.5);
      let [nearer, equal] = [0, 0];
      for (const [j, distance] of toTraining.entries()) {
        if (distance < toHeldOut[j]!) nearer++;
        else if (distance === toHeldOut[j]!) equal++;
      }
      const counted = nearer + equal / 2;
      return {
        value: counted / samples.rows,
        interval: shareInterval(counted, samples.rows),
        details: { rowsOfEachSet: count, equallyNear: equal / samples.rows },
      };
    });
  },
  read: ({ value, interval: [low, high] = [value, value] }) => {
    const share = `${percent(value)} of the samples are nearer to a training row than to any of as many held-out rows`;
    if (low > 0.5) return `${share}: more than the 50 % of a model that copies nothing.`;
    if (high < 0.5) return `${share}: fewer than 50 %, so there is no sign of copying.`;
    return `${share}: no more than the 50 % of a model that copies nothing, within the interval.`;
  },
};
