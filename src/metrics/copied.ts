// Whether samples are nearer to the rows that the model was trained on than to others from the same distribution:
//
//   value = (share - n/(n + m)) / (1 - n/(n + m)),   share = 1/M sum_j [the row nearest to s_j, of all n + m, is a training row]
//
// with n training and m held-out rows, all of which are searched. For a model that has learnt the distribution the nearest row is any of
// them, so that n/(n + m) are training rows and the value is 0; it is 1 where every sample is a copy. Where a training and a held-out row
// are equally near, each counts as often as it stands in the data. Two-sample tests by nearest neighbours: Schilling (1986), Lopez-Paz and
// Oquab (2017); for copying: Meehan, Chaudhuri and Dasgupta (2020).
//
// The interval is Wilson's of the share. Samples with the same nearest row say the same, so that h_i samples at row i make
// M^2 / sum_i h_i^2 independent ones: the number whose variance is that of the share when chance says which rows were trained on.
import { random } from '../runtime/random.js';
import { checkFeatures } from './check-inputs.js';
import { numberOf, percent } from './in-words.js';
import { secondsOfDistances } from './manifolds.js';
import type { FeatureRows, Metric } from './metric.js';
import { nearestRows } from './nearest-rows.js';
import { stage } from './pace.js';
import { shareInterval } from './share-interval.js';
import { inWorkspace } from './workspace.js';

/** An excess above this is no tendency any more. */
const mostlyCopies = 0.5;

/** How many more samples are nearest to training rows than without copying: 0 is none, 1 all. */
export const copied: Metric<'training' | 'real' | 'samples'> = {
  name: 'copied',
  title: 'Nearer to training than to held-out rows, beyond chance',
  topic: 'copying',
  measures:
    'How many more samples than expected are nearer to a training row than to any held-out row: 0 without copying, 1 where all are.',
  better: 'lower',
  range: [Number.NEGATIVE_INFINITY, 1],
  unit: '',
  needs: ['training', 'real', 'samples'],
  usesFeatures: true,
  minimumRows: 2,
  source: 'Meehan et al. 2020, A non-parametric test to detect data-copying in generative models',
  estimateSeconds: ({ training, real, samples }) =>
    secondsOfDistances(samples.rows * (training.rows + real.rows), real.width),
  async compute({ training, real, samples }, options = {}) {
    checkFeatures(this, { training, real, samples });
    const all = training.rows + real.rows;
    const split = training.rows / all;
    const found = await inWorkspace(options, async (workspace) => ({
      training: await nearestRows(samples, training, { ...stage(options, 0, split), workspace }),
      real: await nearestRows(samples, real, { ...stage(options, split, 1), workspace }),
    }));
    const trainingShare = shareOfEqual(training, real);
    const nearest = new Float64Array(all);
    let [nearer, equal] = [0, 0];
    for (let j = 0; j < samples.rows; j++) {
      const [ofTraining, ofReal] = [found.training.indices[j]!, found.real.indices[j]!];
      const difference = found.training.distances[j]! - found.real.distances[j]!;
      if (difference < 0) nearer++;
      if (difference === 0) {
        equal++;
        nearer += trainingShare(ofTraining, ofReal);
      }
      nearest[difference > 0 ? training.rows + ofReal : ofTraining]!++;
    }
    const share = nearer / samples.rows;
    const excess = (one: number) => (one - split) / (1 - split);
    const independent = samples.rows ** 2 / nearest.reduce((sum, count) => sum + count * count, 0);
    const [low, high] = shareInterval(share * independent, independent);
    return {
      value: excess(share),
      interval: [excess(low), excess(high)],
      details: { share, expected: split, equallyNear: equal / samples.rows, independentSamples: independent },
    };
  },
  read: ({ value, interval: [low, high] = [value, value], details }) => {
    const shares =
      `${percent(numberOf(details, 'share'))} of the samples are nearer to a training row than to any held-out row; ` +
      `${percent(numberOf(details, 'expected'))} are expected where nothing is copied`;
    if (low > mostlyCopies) return `${shares}, so most of them are copies or nearly so.`;
    if (low > 0) return `${shares}, which is more than chance: some keep closer to training rows than new rows do.`;
    if (high < 0) return `${shares}, so there is no sign of copying.`;
    return `${shares}, which is no more than chance.`;
  },
};

/** Of the rows that equal a training row or a held-out row, the share that are training rows; counted when first asked for. */
function shareOfEqual(training: FeatureRows, real: FeatureRows): (ofTraining: number, ofReal: number) => number {
  let counts: { readonly training: EqualRows; readonly real: EqualRows } | undefined;
  return (ofTraining, ofReal) => {
    counts ??= { training: equalRows(training), real: equalRows(real) };
    const [one, other] = [counts.training(ofTraining), counts.real(ofReal)];
    return one / (one + other);
  };
}

/** How many rows equal the one at this place, itself included. */
type EqualRows = (row: number) => number;

/** Rows are told apart by a sum with random weights, which different rows have in common as good as never. */
function equalRows({ data, rows, width }: FeatureRows): EqualRows {
  const weights = random(0).split('equal-rows').normal(width);
  const sums = new Float64Array(rows);
  const counts = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) sums[row]! += data[row * width + k]! * weights[k]!;
    counts.set(sums[row]!, (counts.get(sums[row]!) ?? 0) + 1);
  }
  return (row) => counts.get(sums[row]!) ?? 1;
}
