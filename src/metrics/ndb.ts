// The number of statistically different bins: real rows are grouped, and a group that samples hit too often or too seldom counts.
//
//   z = (p - q) / sqrt( P (1 - P) (1/N + 1/M) ),   P = (N p + M q) / (N + M)      different: |z| > 1.96
//
// with p and q the shares of N real rows and M samples in a bin. Richardson and Weiss (2018), section 3; the value is the share of bins, so
// that it does not depend on their number. Of equal distributions one bin in twenty differs by chance; it finds what is missing or too much.
import { random } from '../runtime/random.js';
import { binsOf } from './bins.js';
import { checkFeatures } from './check-inputs.js';
import { counted, numberOf, percent } from './in-words.js';
import type { FeatureRows, Metric, MetricValue } from './metric.js';
import { normalQuantile } from './quantiles.js';
import { inWorkspace } from './workspace.js';

const mostBins = 100;
/** Rows of the smaller set for each bin: fewer would make no test. */
const rowsPerBin = 20;
const iterations = 20;
/** The share that differs by chance. */
const significance = 0.05;

/** The share of bins of real rows that samples hit too often or too seldom. */
export const ndb: Metric<'real' | 'samples'> = {
  name: 'ndb',
  title: 'Statistically different bins (NDB/K)',
  topic: 'samples',
  measures: 'The share of groups of similar real rows that samples fall into significantly too often or too seldom.',
  better: 'lower',
  range: [0, 1],
  unit: '',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: 2 * rowsPerBin,
  source: 'Richardson and Weiss 2018, On GANs and GMMs, section 3',
  estimateSeconds: ({ real, samples }) =>
    0.1 + (iterations * real.rows + samples.rows) * real.width * (8e-9 + 4e-11 * binCount(real, samples)),
  async compute({ real, samples }, options = {}) {
    checkFeatures(this, { real, samples });
    return inWorkspace(options, async (workspace) => {
      const count = binCount(real, samples);
      const { own, others } = await binsOf(await workspace.runtime(), real, samples, {
        ...options,
        ...{ count, iterations, stream: random(options.seed ?? 0).split('ndb') },
      });
      const [shares, sampleShares] = [sharesOf(own, count), sharesOf(others, count)];
      const scores = shares.map((share, bin) => proportionScore(share, real.rows, sampleShares[bin]!, samples.rows));
      const different = scores.filter((score) => Math.abs(score) > normalQuantile).length;
      return {
        value: different / count,
        details: { bins: count, different, realShares: [...shares], sampleShares: [...sampleShares] },
      };
    });
  },
  read: ({ value, details }) =>
    value <= 2 * significance
      ? `Samples fall into ${groups(details)} of similar real rows as often as real rows do, but for ${percent(value)} of the groups, where ${percent(significance)} is chance.`
      : `Samples fall too often or too seldom into ${percent(value)} of ${groups(details)} of similar real rows, where ${percent(significance)} is chance.`,
};

function groups(details: MetricValue['details']): string {
  const bins = numberOf(details, 'bins');
  return Number.isNaN(bins) ? 'the groups' : counted(bins, 'group');
}

function binCount(real: FeatureRows, samples: FeatureRows): number {
  return Math.min(mostBins, Math.floor(Math.min(real.rows, samples.rows) / rowsPerBin));
}

function sharesOf(bins: Int32Array, count: number): Float64Array {
  const shares = new Float64Array(count);
  for (const bin of bins) shares[bin] = shares[bin]! + 1 / bins.length;
  return shares;
}

/** The z-score of two shares of so many rows each, with the pooled variance; 0 where both are none or all. */
export function proportionScore(share: number, of: number, otherShare: number, ofOthers: number): number {
  const pooled = (share * of + otherShare * ofOthers) / (of + ofOthers);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / ofOthers));
  return deviation > 0 ? (share - otherShare) / deviation : 0;
}
