// The Parzen-window estimate of the log-likelihood, for models that have no density of their own: a Gaussian around every sample, its
// width chosen on one half of the held-out rows, and the other half judged.
//
//   log p(x) ~ log 1/M sum_m N(x; s_m, h^2 I)
//
// Known to rank badly: in many dimensions it is far from the model's density however many samples there are, and it prefers samples that
// repeat cluster centres to samples of the data's own distribution (Theis, van den Oord and Bethge 2016, section 3.2).
import { DatasetError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { bootstrapMean, bootstrapSeconds } from './bootstrap.js';
import { checkFeatures } from './check-inputs.js';
import { figure, numberOf } from './in-words.js';
import type { FeatureRows, Metric, MetricOptions, MetricValue } from './metric.js';
import { pace, stage } from './pace.js';
import { bestBandwidth, windowDistances, windowLogDensities } from './parzen-window.js';
import { someRows } from './some-rows.js';
import { inWorkspace, type Workspace } from './workspace.js';

const asking = { title: 'Parzen-window log-density', minimumRows: 2 };

/** Rows of each half at most, chosen by chance. */
const mostRows = 1000;
/** Samples at most, the first ones: with as many the distances of half of the rows take 80 MB. */
const mostSamples = 10_000;

/** The density of held-out rows in Gaussian windows around samples. */
export const parzen: Metric<'real' | 'samples'> = {
  name: 'parzen-log-density',
  title: asking.title,
  topic: 'likelihood',
  measures:
    'How dense Gaussian windows around samples are at held-out rows; for comparison with older papers only, since it ranks badly.',
  better: 'higher',
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  unit: 'nats',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: asking.minimumRows,
  source:
    'Breuleux, Bengio and Vincent 2011, Quickly generating representative samples from an RBM-derived process; ' +
    'Theis, van den Oord and Bethge 2016, section 3.2, for why not to rely on it',
  estimateSeconds({ real, samples }) {
    const pairs = Math.min(real.rows, 2 * mostRows) * Math.min(samples.rows, mostSamples);
    // Distances of all, and about 30 bandwidths tried on half of the pairs.
    return pairs * (samples.width * 2.5e-11 + 130e-9) + bootstrapSeconds(Math.min(real.rows / 2, mostRows));
  },
  async compute({ real, samples }, options = {}) {
    checkFeatures(asking, { real, samples });
    return inWorkspace(options, (workspace) => compute(workspace, real, samples, options));
  },
  read: ({ value, details }: MetricValue) =>
    `Gaussian windows of width ${figure(numberOf(details, 'bandwidth'))} around ${figure(numberOf(details, 'windows'))} samples give a held-out ` +
    `row the density e^${figure(value)}; this ranks models badly, so take no decision by it.`,
};

async function compute(
  workspace: Workspace,
  real: FeatureRows,
  samples: FeatureRows,
  options: MetricOptions,
): Promise<MetricValue> {
  const order = random(options.seed ?? 0)
    .split('halves')
    .permutation(real.rows);
  const half = Math.floor(real.rows / 2);
  const choosing = order.subarray(0, Math.min(half, mostRows));
  const judged = order.subarray(half, Math.min(real.rows, half + mostRows));
  const rows = Math.min(samples.rows, mostSamples);
  const windows = { data: samples.data.subarray(0, rows * samples.width), rows, width: samples.width };
  const distances = async (part: Uint32Array, from: number, to: number) =>
    windowDistances(await workspace.runtime(), windows, someRows(real, part), stage(options, from, to));
  const first = await distances(choosing, 0, 0.3);
  if (first.squares.every((square) => square === 0))
    throw new DatasetError(
      `${asking.title}: all rows and all samples are the same, so that no window is narrow enough. Use rows that differ.`,
    );
  const { bandwidth, isLeast } = await bestBandwidth(first, pace(stage(options, 0.3, 0.7)));
  const second = await distances(judged, 0.7, 0.95);
  const values = windowLogDensities(second, bandwidth);
  const interval = await bootstrapMean(values, stage(options, 0.95, 1));
  return {
    value: values.reduce((sum, value) => sum + value, 0) / values.length,
    ...(interval === undefined ? {} : { interval }),
    details: { bandwidth, dimensions: samples.width, windows: rows, judgedRows: judged.length },
    warnings: [
      'Parzen windows rank models badly: do not choose between models by this value. It is here for comparison with older papers.',
      ...(isLeast
        ? [
            'Most rows equal a sample, so the windows became as narrow as they may: the value only says that the samples repeat the ' +
              'rows. Check for copies.',
          ]
        : []),
    ],
  };
}
