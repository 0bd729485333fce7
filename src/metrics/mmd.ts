// The squared maximum mean discrepancy with a Gaussian kernel:
//
//   MMD^2 = mean_(i != j) k(x_i, x_j) + mean_(i != j) k(y_i, y_j) - 2 mean_ij k(x_i, y_j),   k(a, b) = exp( -|a - b|^2 / (2 s^2) )
//
// Gretton, Borgwardt, Rasch, Scholkopf and Smola (2012), lemma 6, unbiased: 0 on average for equal distributions, and so sometimes below. s is
// the median of the distances between rows of both sets together (section 8 there), of a random thousand where there are more. As s grows with
// the distance between the sets, two tight clusters have 2 - 2 exp(-1/2) = 0.79, however far apart they are. The interval
// is that of the statistic to first order, from the part that each row has in it, as a bootstrap over rows would have it.
import { random } from '../runtime/random.js';
import type { Runtime } from '../runtime/runtime.js';
import { checkFeatures } from './check-inputs.js';
import { meanOf, squaredDistance, squaresOf } from './distances.js';
import { secondsOfDistances } from './manifolds.js';
import type { FeatureRows, Metric } from './metric.js';
import { stage } from './pace.js';
import { normalQuantile, quantile } from './quantiles.js';
import { type ProductOptions, visitProducts } from './row-products.js';
import { inWorkspace } from './workspace.js';

/** Rows whose distances make the median. */
const medianRows = 1000;

/** The squared maximum mean discrepancy of samples and real rows. */
export const mmd: Metric<'real' | 'samples'> = {
  name: 'mmd',
  title: 'Maximum mean discrepancy, squared (MMD²)',
  topic: 'samples',
  measures: 'How far apart the distributions of samples and real rows are, as seen by how near rows are to each other.',
  better: 'lower',
  range: [-2, 2],
  unit: '',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: 3,
  source: 'Gretton et al. 2012, A kernel two-sample test, lemma 6 and section 8',
  estimateSeconds: ({ real, samples }) => {
    const pairs = (real.rows ** 2 + samples.rows ** 2) / 2 + real.rows * samples.rows;
    return secondsOfDistances(pairs, real.width) + pairs * 8e-9;
  },
  async compute({ real, samples }, options = {}) {
    checkFeatures(this, { real, samples });
    const bandwidth = medianDistance(real, samples, options.seed ?? 0);
    return inWorkspace(options, async (workspace) => {
      const runtime = await workspace.runtime();
      const sums = (a: FeatureRows, b: FeatureRows | undefined, from: number, to: number) =>
        kernelSums(runtime, a, b, bandwidth, stage(options, from, to));
      const ofReal = (await sums(real, undefined, 0, 0.25)).ofA;
      const ofSamples = (await sums(samples, undefined, 0.25, 0.5)).ofA;
      const between = await sums(real, samples, 0.5, 1);
      const [n, m] = [real.rows, samples.rows];
      // What each row has to do with its own set, less what with the other.
      const realParts = ofReal.map((sum, i) => sum / (n - 1) - between.ofA[i]! / m);
      const sampleParts = ofSamples.map((sum, j) => sum / (m - 1) - between.ofB[j]! / n);
      const value = mean(realParts) + mean(sampleParts);
      const half = normalQuantile * 2 * Math.sqrt(variance(realParts) / n + variance(sampleParts) / m);
      return { value, interval: [value - half, value + half], details: { bandwidth } };
    });
  },
  read: ({ value, interval: [low] = [value, value] }) =>
    low <= 0
      ? 'Samples and real rows cannot be told apart by how near rows are to each other.'
      : `Samples and real rows differ by ${value.toPrecision(2)}, where 0 is the same distribution and two sets of one size, far from each other, have about 0.8.`,
};

/** The median distance between different rows of both sets together; 1 where it is 0. */
function medianDistance(real: FeatureRows, samples: FeatureRows, seed: number): number {
  const total = real.rows + samples.rows;
  const rows = random(seed).split('mmd').permutation(total).subarray(0, medianRows);
  const place = (row: number) => (row < real.rows ? ([real, row] as const) : ([samples, row - real.rows] as const));
  const distances = new Float64Array((rows.length * (rows.length - 1)) / 2);
  let at = 0;
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j < i; j++) {
      distances[at++] = Math.sqrt(squaredDistance(...place(rows[i]!), ...place(rows[j]!)));
    }
  return quantile(distances.sort(), 0.5) || 1;
}

/** The sum of the kernel over all rows of the other set, for each row of both; over all others of its own where there is no other set. */
export async function kernelSums(
  runtime: Runtime,
  a: FeatureRows,
  other: FeatureRows | undefined,
  bandwidth: number,
  options: ProductOptions = {},
): Promise<{ readonly ofA: Float64Array; readonly ofB: Float64Array }> {
  const isOwn = other === undefined;
  const b = other ?? a;
  const centre = meanOf(a);
  const [squaresA, squaresB] = [squaresOf(a, centre), squaresOf(b, centre)];
  const ofA = new Float64Array(a.rows);
  const ofB = isOwn ? ofA : new Float64Array(b.rows);
  const factor = -1 / (2 * bandwidth * bandwidth);
  await visitProducts(
    runtime,
    a,
    b,
    ({ firstA, endA, firstB, endB, products, stride }) => {
      for (let i = firstA; i < endA; i++) {
        const at = (i - firstA) * stride - firstB;
        const square = squaresA[i]!;
        const end = isOwn ? Math.min(i, endB) : endB;
        let sum = 0;
        for (let j = firstB; j < end; j++) {
          // Rounding must not make a distance negative.
          const kernel = Math.exp(factor * Math.max(0, square + squaresB[j]! - 2 * products[at + j]!));
          sum += kernel;
          ofB[j] = ofB[j]! + kernel;
        }
        ofA[i] = ofA[i]! + sum;
      }
    },
    { ...options, centre, lowerOnly: isOwn },
  );
  return { ofA, ofB };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: Float64Array): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
