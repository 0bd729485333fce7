// The Fréchet distance between real rows and samples, both taken for Gaussian:
//
//   FID = |m1 - m2|^2 + tr (S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2)
//
// Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter (2017), section 3, with the covariances of numpy.cov. Called FID after the Inception
// features of the paper; in other feature spaces it is the same distance, of other numbers. It is biased upwards, the more so the fewer rows
// there are (Binkowski, Sutherland, Arbel and Gretton 2018): only values of equally many rows compare.
import { checkFeatures } from './check-inputs.js';
import { distanceOf, type FrechetDistance, innerMatrix } from './frechet-distance.js';
import { influenceVariance, TransportMaps } from './frechet-influence.js';
import type { FeatureRows, Metric, MetricOptions, MetricValue } from './metric.js';
import { momentsOf } from './moments.js';
import { stage } from './pace.js';
import { normalQuantile } from './quantiles.js';
import { semidefiniteFactor } from './semidefinite-factor.js';
import { inWorkspace, type Workspace } from './workspace.js';

/** The Fréchet distance of samples from real rows. */
export const fid: Metric<'real' | 'samples'> = {
  name: 'fid',
  title: 'Fréchet distance (FID)',
  topic: 'samples',
  measures: 'How far samples are from real rows in their means and in how their features vary together.',
  better: 'lower',
  range: [0, Number.POSITIVE_INFINITY],
  unit: '',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: 2,
  source: 'Heusel et al. 2017, GANs trained by a two time-scale update rule, section 3',
  estimateSeconds: ({ real: { rows, width }, samples }) =>
    0.1 + 4e-11 * (rows + samples.rows) * width ** 2 + 2.7e-9 * width ** 3,
  async compute({ real, samples }, options = {}) {
    checkFeatures(this, { real, samples });
    return inWorkspace(options, (workspace) => compute(workspace, real, samples, options));
  },
  read: ({ value }) =>
    value === 0
      ? 'Samples have the means and covariances of real rows.'
      : `Samples are ${value < 1 ? value.toPrecision(2) : value.toFixed(1)} away from real rows, where 0 is the same means and ` +
        'covariances; compare it only with values of the same features and as many rows.',
};

async function compute(
  workspace: Workspace,
  real: FeatureRows,
  samples: FeatureRows,
  options: MetricOptions,
): Promise<MetricValue> {
  const runtime = await workspace.runtime();
  const { width } = real;
  const ofReal = await momentsOf(runtime, real, stage(options, 0, 0.2));
  const ofSamples = await momentsOf(runtime, samples, stage(options, 0.2, 0.4));
  const maps = await TransportMaps.open(runtime, width);
  let distance: FrechetDistance;
  let toReal: Float64Array;
  let toSamples: Float64Array;
  try {
    const realFactor = semidefiniteFactor(ofReal.covariance, width);
    const inner = await innerMatrix(runtime, realFactor, ofSamples.covariance);
    // The device works on a map while the other factor is found here, and then on the other one while the eigenvalues are.
    const first = maps.map(realFactor, inner);
    const sampleFactor = semidefiniteFactor(ofSamples.covariance, width);
    const [otherInner, mapped] = await Promise.all([innerMatrix(runtime, sampleFactor, ofReal.covariance), first]);
    const second = maps.map(sampleFactor, otherInner);
    distance = distanceOf(ofReal, ofSamples, inner);
    [toReal, toSamples] = [mapped, await second];
  } finally {
    await maps.dispose();
  }
  const varianceOfSamples = await influenceVariance(
    runtime,
    samples,
    ofSamples,
    ofReal,
    toReal,
    stage(options, 0.8, 0.9),
  );
  const varianceOfReal = await influenceVariance(runtime, real, ofReal, ofSamples, toSamples, stage(options, 0.9, 1));
  const half = normalQuantile * Math.sqrt(varianceOfSamples / samples.rows + varianceOfReal / real.rows);
  const fewest = Math.min(real.rows, samples.rows);
  return {
    value: distance.value,
    interval: [Math.max(0, distance.value - half), distance.value + half],
    details: { means: distance.ofMeans, covariances: distance.ofCovariances },
    ...(fewest > width
      ? {}
      : {
          warnings: [
            `${fewest} rows do not fix the covariance of ${width} features: the distance comes out too large. ` +
              `Use more than ${width} rows, or fewer features, such as principal components.`,
          ],
        }),
  };
}
