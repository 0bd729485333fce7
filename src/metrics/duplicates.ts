// Samples that are copies of training rows, exactly and nearly.
//
//   near duplicate: d(s_j, training) < q,   q = the 1st percentile of d(x_i, training) over n held-out rows x_i, number 0.01 (n + 1)
//
// d is the distance to the nearest of all training rows. So a sample is a near duplicate if it is nearer to a training row than all but 1 % of
// real rows are, and 1 % of the samples of a model that copies nothing are; the threshold needs no tuning and goes with the feature space.
// With the i-th of n at i / (n + 1) one more real row is below it with a probability of 1 % whatever n, from about 100 on.
// Where data itself repeats, held-out rows are copies of training rows, too: their share stands beside that of the samples.
import { DatasetError } from '../core/errors.js';
import { checkFeatures } from './check-inputs.js';
import { percent } from './in-words.js';
import { secondsOfDistances } from './manifolds.js';
import type { FeatureRows, Metric, MetricInputs, MetricOptions, MetricValue } from './metric.js';
import { nearestRows } from './nearest-rows.js';
import { stage } from './pace.js';
import { predictiveQuantile } from './quantiles.js';
import { shareInterval } from './share-interval.js';
import { inWorkspace } from './workspace.js';

type Needs = 'training' | 'real' | 'samples';

/** The share of real rows that is as near to training rows as a near duplicate. */
const nearShare = 0.01;
/** Fewer held-out rows have no 1st percentile. */
const leastReal = 100;

const tooFew = ({ real }: Pick<MetricInputs, 'real'>): string | undefined =>
  real.rows < leastReal
    ? `Near duplicates need at least ${leastReal} held-out rows, of which 1 % is one; there are ${real.rows}. Use more, or count exact duplicates.`
    : undefined;

const common = {
  topic: 'copying',
  better: 'lower',
  range: [0, 1],
  unit: '',
  needs: ['training', 'real', 'samples'],
  usesFeatures: true,
  estimateSeconds: ({ training, real, samples }: Pick<MetricInputs, Needs>) =>
    secondsOfDistances((real.rows + samples.rows) * training.rows, real.width),
} as const;

/** The share of samples that equal a training row in every feature. */
export const exactDuplicates: Metric<Needs> = {
  ...common,
  name: 'exact-duplicates',
  title: 'Exact duplicates',
  measures: 'The share of samples that equal a training row in every feature.',
  minimumRows: 1,
  source: 'a nearest training row at distance 0',
  async compute({ training, real, samples }, options = {}) {
    checkFeatures(this, { training, real, samples });
    const { ofSamples, ofReal } = await distancesToTraining(training, real, samples, options);
    return shareBelow(ofSamples, (distance) => distance === 0, {
      amongRealRows: ofReal.filter((distance) => distance === 0).length / real.rows,
    });
  },
  read: ({ value, details }) => {
    const ofReal = details?.amongRealRows;
    return `${percent(value)} of the samples are exact copies of training rows${
      typeof ofReal === 'number' ? `; of held-out rows, ${percent(ofReal)} are` : ''
    }.`;
  },
};

/** The share of samples that are nearer to a training row than all but 1 % of held-out rows are. */
export const nearDuplicates: Metric<Needs> = {
  ...common,
  name: 'near-duplicates',
  title: 'Near duplicates',
  measures: 'The share of samples nearer to a training row than 99 % of held-out rows are: 1 % without copying.',
  minimumRows: 2,
  source: 'distances to the nearest training row against their 1st percentile among held-out rows',
  refusal: tooFew,
  async compute({ training, real, samples }, options = {}) {
    checkFeatures(this, { training, real, samples });
    const refused = tooFew({ real });
    if (refused !== undefined) throw new DatasetError(refused);
    const { ofSamples, ofReal } = await distancesToTraining(training, real, samples, options);
    const threshold = predictiveQuantile(Float64Array.from(ofReal).sort(), nearShare);
    const value = shareBelow(ofSamples, (distance) => distance < threshold, { threshold });
    if (threshold > 0) return value;
    return {
      ...value,
      warnings: [
        'At least 1 % of the held-out rows are exact copies of training rows, so that nothing can be nearer than usual; ' +
          'look at the exact duplicates, or use a feature space in which rows differ.',
      ],
    };
  },
  read: ({ value }) =>
    `${percent(value)} of the samples are nearer to a training row than 99 % of held-out rows are; without copying it would be about 1 %.`,
};

/** The distance of each sample and of each held-out row to its nearest training row. */
async function distancesToTraining(
  training: FeatureRows,
  real: FeatureRows,
  samples: FeatureRows,
  options: MetricOptions,
): Promise<{ readonly ofSamples: Float64Array; readonly ofReal: Float64Array }> {
  return inWorkspace(options, async (workspace) => {
    const search = async (rows: FeatureRows, from: number) =>
      (await nearestRows(rows, training, { ...stage(options, from, from + 0.5), workspace })).distances;
    return { ofSamples: await search(samples, 0), ofReal: await search(real, 0.5) };
  });
}

function shareBelow(
  distances: Float64Array,
  isCounted: (distance: number) => boolean,
  details: Readonly<Record<string, number>>,
): MetricValue {
  const counted = distances.filter(isCounted).length;
  return { value: counted / distances.length, interval: shareInterval(counted, distances.length), details };
}
