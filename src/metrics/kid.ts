// The kernel distance between real rows and samples: the squared maximum mean discrepancy with a cubic kernel, which compares the first
// three moments. Unbiased: its expectation is 0 for samples from the distribution of the real rows, whatever their number, so that single
// values may be below 0.
//
//   KID = mean over subsets of MMD^2 with k(a, b) = (a.b / d + 1)^3
//
// Binkowski, Sutherland, Arbel and Gretton (2018), section 4: 100 subsets of 1000 rows, drawn without replacement; of fewer than 2000 rows,
// subsets of half of them. Subsets of n out of N rows overlap, so that they spread less than independent ones would: the variance of the
// value over data sets is that between subsets times n / (N - n), by the correction for finite populations. The interval is made of it.
import { random } from '../runtime/random.js';
import { checkResamplings } from './bootstrap.js';
import { checkFeatures } from './check-inputs.js';
import type { FeatureRows, Metric, MetricOptions, MetricValue } from './metric.js';
import { pace } from './pace.js';
import { PolynomialDiscrepancy } from './polynomial-kernel.js';
import { normalQuantile } from './quantiles.js';
import { inWorkspace, type Workspace } from './workspace.js';

const subsetSize = 1000;
const subsets = 100;

/** The kernel distance of samples from real rows. */
export const kid: Metric<'real' | 'samples'> = {
  name: 'kid',
  title: 'Kernel distance (KID)',
  topic: 'samples',
  measures:
    'How far samples are from real rows in the means, covariances and skewness of their features, without bias.',
  better: 'lower',
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  unit: '',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: 4,
  source: 'Binkowski et al. 2018, Demystifying MMD GANs, section 4',
  estimateSeconds: ({ real, samples }) => {
    const size = sizeFor(real, samples);
    return 0.1 + subsets * size ** 2 * (5e-9 + real.width * 2.7e-11);
  },
  async compute({ real, samples }, options = {}) {
    checkFeatures(this, { real, samples });
    checkResamplings(options.resamplings ?? subsets, subsets);
    return inWorkspace(options, (workspace) => compute(workspace, real, samples, options));
  },
  read: ({ value, interval = [value, value] }) =>
    interval[0] <= 0
      ? 'Samples cannot be told from real rows by the first three moments of their features.'
      : `Samples differ from real rows in the first three moments of their features, by ${value.toPrecision(2)}, where 0 is no difference.`,
};

function sizeFor(real: FeatureRows, samples: FeatureRows): number {
  return Math.min(subsetSize, Math.floor(Math.min(real.rows, samples.rows) / 2));
}

async function compute(
  workspace: Workspace,
  real: FeatureRows,
  samples: FeatureRows,
  options: MetricOptions,
): Promise<MetricValue> {
  const size = sizeFor(real, samples);
  const { resamplings: count = subsets, seed = 0 } = options;
  const done = pace(options);
  const discrepancy = await PolynomialDiscrepancy.open(await workspace.runtime(), real, samples, size);
  const stream = random(seed).split('kid');
  const draw = (subset: number, name: string, { rows }: FeatureRows) =>
    stream.split(name).split(subset).permutation(rows).subarray(0, size);
  const estimate = (subset: number) =>
    discrepancy.estimate(draw(subset, 'real', real), draw(subset, 'samples', samples));
  const values = new Float64Array(count);
  // One subset is drawn here while the device works on another.
  let next: Promise<number> | undefined;
  try {
    for (let subset = 0; subset < count; subset++) {
      const current = next ?? estimate(subset);
      next = subset + 1 < count ? estimate(subset + 1) : undefined;
      values[subset] = await current;
      await done((subset + 1) / count);
    }
  } finally {
    await next?.catch(() => undefined);
    await discrepancy.dispose();
  }
  const value = values.reduce((sum, part) => sum + part, 0) / count;
  const variance = values.reduce((sum, part) => sum + (part - value) ** 2, 0) / (count - 1);
  const fewest = Math.min(real.rows, samples.rows);
  const half = normalQuantile * Math.sqrt(variance * (1 / count + size / (fewest - size)));
  return {
    value,
    interval: [value - half, value + half],
    details: { subsetSize: size, standardDeviation: Math.sqrt(variance) },
  };
}
