// The table of metrics: adding one is adding its file and one line here.
import { lookUp } from '../core/nearest.js';
import { activeUnits } from './active-units.js';
import { bitsPerDimensions } from './bits-per-dimension.js';
import { classifierScore } from './classifier-score.js';
import { provides } from './compute-metric.js';
import { conditionalAccuracy } from './conditional-accuracy.js';
import { copied } from './copied.js';
import { coverage } from './coverage.js';
import { density } from './density.js';
import { diversity } from './diversity.js';
import { exactDuplicates, nearDuplicates } from './duplicates.js';
import { fid } from './fid.js';
import { interClassDiversity } from './inter-class-diversity.js';
import { intraClassDiversity, predictedIntraClassDiversity } from './intra-class-diversity.js';
import { kid } from './kid.js';
import { labelEntropy } from './label-entropy.js';
import { linearProbe } from './linear-probe.js';
import { meanLogLikelihoods } from './mean-log-likelihood.js';
import type { Metric, MetricInputs } from './metric.js';
import { mmd } from './mmd.js';
import { ndb } from './ndb.js';
import { parzen } from './parzen.js';
import { precision } from './precision.js';
import { psnr } from './psnr.js';
import { recall } from './recall.js';
import { reconstructionError } from './reconstruction-error.js';
import { slicedWasserstein } from './sliced-wasserstein.js';
import { ssim } from './ssim.js';
import { twoSampleTest } from './two-sample-test.js';

/** Every metric, in the order in which reports show them. */
export const metrics: readonly Metric[] = [
  // likelihood
  ...meanLogLikelihoods,
  ...bitsPerDimensions,
  parzen,
  // samples
  fid,
  kid,
  precision,
  recall,
  density,
  coverage,
  classifierScore,
  ndb,
  mmd,
  slicedWasserstein,
  twoSampleTest,
  // copying
  copied,
  exactDuplicates,
  nearDuplicates,
  // diversity
  diversity,
  intraClassDiversity,
  predictedIntraClassDiversity,
  interClassDiversity,
  labelEntropy,
  conditionalAccuracy,
  // representation
  linearProbe,
  reconstructionError,
  psnr,
  ssim,
  activeUnits,
];

const byName: Readonly<Record<string, Metric>> = Object.fromEntries(metrics.map((metric) => [metric.name, metric]));

/** The metric of a name. @throws UnknownNameError, suggesting the nearest */
export function metricNamed(name: string): Metric {
  return lookUp('metric', byName, name);
}

/**
 * The metrics that take these inputs: all that they need is there, and they do not refuse it.
 *
 * @example for (const metric of metricsFor(inputs)) console.log(metric.name, await computeMetric(metric, inputs))
 */
export function metricsFor(inputs: Partial<MetricInputs>): readonly Metric[] {
  return metrics.filter((metric) => provides(inputs, metric) && metric.refusal?.(inputs) === undefined);
}
