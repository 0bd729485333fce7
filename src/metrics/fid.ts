// The Fréchet distance between real rows and samples, both taken for Gaussian:
//
//   FID = |m1 - m2|^2 + tr (S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2)
//
// Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter (2017), section 3, with the covariances of numpy.cov. Called FID after the Inception
// features of the paper; in other feature spaces it is the same distance, of other numbers. It is biased upwards, the more so the fewer rows
// there are (Binkowski, Sutherland, Arbel and Gretton 2018): only values of equally many rows compare.
import { free } from '../core/free.js';
import { present } from '../core/present.js';
import type { Runtime } from '../runtime/runtime.js';
import { checkFeatureShapes, checkFinite } from './check-inputs.js';
import { distanceOf, type InnerMatrix, innerMatrix } from './frechet-distance.js';
import { influenceVariance, TransportMaps } from './frechet-influence.js';
import type { FeatureRows, Metric, MetricOptions, MetricValue } from './metric.js';
import { MomentPrograms, MomentSums, type Moments } from './moments.js';
import { stage } from './pace.js';
import { normalQuantile } from './quantiles.js';
import { type SemidefiniteFactor, semidefiniteFactor } from './semidefinite-factor.js';
import { inWorkspace } from './workspace.js';

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
    return inWorkspace(options, (workspace) => {
      const opening = workspace.runtime();
      // Where the inputs are refused, nobody waits for it.
      opening.catch(() => undefined);
      checkFeatureShapes(this, { real, samples });
      return compute(opening, real, samples, options);
    });
  },
  read: ({ value }) =>
    value === 0
      ? 'Samples have the means and covariances of real rows.'
      : `Samples are ${value < 1 ? value.toPrecision(2) : value.toFixed(1)} away from real rows, where 0 is the same means and ` +
        'covariances; compare it only with values of the same features and as many rows.',
};

async function compute(
  opening: Promise<Runtime>,
  real: FeatureRows,
  samples: FeatureRows,
  options: MetricOptions,
): Promise<MetricValue> {
  const { width } = real;
  const isSpread = options.interval !== false;
  const valueOptions = stage(options, 0, isSpread ? 0.4 : 1);
  const realSums = new MomentSums(real, stage(valueOptions, 0, 0.3));
  const sampleSums = new MomentSums(samples, stage(valueOptions, 0.3, 0.6));
  const runtime = await opening;
  const { ofReal, ofSamples } = await momentsOfBoth(runtime, realSums, sampleSums);
  const realFactor = await semidefiniteFactor(runtime, ofReal.covariance, width, present({ signal: options.signal }));
  const inner = await innerMatrix(runtime, realFactor, ofSamples.covariance);
  const distance = await distanceOf(runtime, ofReal, ofSamples, inner, stage(valueOptions, 0.6, 1));
  const half = isSpread
    ? await halfInterval(runtime, { real, ofReal, realFactor }, { samples, ofSamples }, inner, stage(options, 0.4, 1))
    : undefined;
  free(ofReal.covariance, ofSamples.covariance, realFactor.factor, inner.data);
  const fewest = Math.min(real.rows, samples.rows);
  return {
    value: distance.value,
    ...(half === undefined ? {} : { interval: [Math.max(0, distance.value - half), distance.value + half] }),
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

/** One after the other: a factorisation here and products on all cores at the device would make each other wait. */
async function momentsOfBoth(runtime: Runtime, real: MomentSums, samples: MomentSums) {
  const programs = new MomentPrograms(runtime);
  try {
    const ofReal = await finiteMoments(programs, 'real', real);
    return { ofReal, ofSamples: await finiteMoments(programs, 'samples', samples) };
  } finally {
    await programs.dispose();
  }
}

/** The moments. A number that is not finite leaves a mean that is not, so rows need not be looked through for one before. */
async function finiteMoments(programs: MomentPrograms, name: string, sums: MomentSums): Promise<Moments> {
  const moments = await sums.moments(programs);
  if (!moments.mean.every(Number.isFinite)) checkFinite(fid.title, name, sums.rows.data, sums.rows.width);
  return moments;
}

/** Half of the 95 % interval, by influence functions. */
async function halfInterval(
  runtime: Runtime,
  { real, ofReal, realFactor }: { real: FeatureRows; ofReal: Moments; realFactor: SemidefiniteFactor },
  { samples, ofSamples }: { samples: FeatureRows; ofSamples: Moments },
  inner: InnerMatrix,
  options: MetricOptions,
): Promise<number> {
  const { width } = real;
  const maps = await TransportMaps.open(runtime, width);
  let toReal: Float64Array;
  let toSamples: Float64Array;
  try {
    // The device works on one map while the other factor is found here.
    const first = maps.map(realFactor, inner);
    const factor = semidefiniteFactor(runtime, ofSamples.covariance, width, stage(options, 0, 0.3));
    const [mapped, sampleFactor] = await Promise.all([first, factor]);
    toReal = mapped;
    toSamples = await maps.map(sampleFactor, await innerMatrix(runtime, sampleFactor, ofReal.covariance));
  } finally {
    await maps.dispose();
  }
  const [a, b] = [stage(options, 0.6, 0.8), stage(options, 0.8, 1)];
  const varianceOfSamples = await influenceVariance(runtime, samples, ofSamples, ofReal, toReal, a);
  const varianceOfReal = await influenceVariance(runtime, real, ofReal, ofSamples, toSamples, b);
  return normalQuantile * Math.sqrt(varianceOfSamples / samples.rows + varianceOfReal / real.rows);
}
