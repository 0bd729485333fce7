// Metrics: pure functions of numbers, so that any program can use them.
export { activeUnits, activeVariance } from './active-units.js';
export { auroc } from './auroc.js';
export { averagePrecision } from './average-precision.js';
export { bitsPerDimensions } from './bits-per-dimension.js';
export { bootstrap, bootstrapMean } from './bootstrap.js';
export { classifierScore } from './classifier-score.js';
export { computeMetric, provides } from './compute-metric.js';
export { conditionalAccuracy } from './conditional-accuracy.js';
export { type ClassAnswers, type Confusion, confusion } from './confusion.js';
export { copied } from './copied.js';
export { coverage } from './coverage.js';
export { density } from './density.js';
export { diversity } from './diversity.js';
export { exactDuplicates, nearDuplicates } from './duplicates.js';
export { fid } from './fid.js';
export { type FrechetDistance, frechetDistance } from './frechet-distance.js';
export { interClassDiversity } from './inter-class-diversity.js';
export { intraClassDiversity, predictedIntraClassDiversity } from './intra-class-diversity.js';
export { kid } from './kid.js';
export { labelEntropy } from './label-entropy.js';
export { linearProbe } from './linear-probe.js';
export { meanLogLikelihoods } from './mean-log-likelihood.js';
export type {
  ClassProbabilities,
  FeatureRows,
  ImageRows,
  LabelledCodes,
  Metric,
  MetricInputs,
  MetricNeed,
  MetricOptions,
  MetricTopic,
  MetricValue,
  RowLikelihoods,
} from './metric.js';
export { mmd } from './mmd.js';
export { type ModeCoverage, modeCoverage } from './mode-coverage.js';
export { type Moments, momentsOf } from './moments.js';
export { ndb } from './ndb.js';
export { type NearestOptions, type NearestRows, nearestRows } from './nearest-rows.js';
export { parzen } from './parzen.js';
export { precision } from './precision.js';
export { predictedLabels } from './predicted-labels.js';
export { psnr } from './psnr.js';
export { quantile } from './quantiles.js';
export { recall } from './recall.js';
export { reconstructionError } from './reconstruction-error.js';
export { metricNamed, metrics, metricsFor } from './registry.js';
export { shareInterval } from './share-interval.js';
export { slicedWasserstein } from './sliced-wasserstein.js';
export { ssim } from './ssim.js';
export { twoSampleTest } from './two-sample-test.js';
export { openWorkspace, type Workspace } from './workspace.js';
