// Metrics: pure functions of numbers, so that any program can use them.
export { auroc } from './auroc.js';
export { averagePrecision } from './average-precision.js';
export { classifierScore } from './classifier-score.js';
export { type ClassAnswers, type Confusion, confusion } from './confusion.js';
export { copied } from './copied.js';
export { coverage } from './coverage.js';
export { density } from './density.js';
export { exactDuplicates, nearDuplicates } from './duplicates.js';
export { fid } from './fid.js';
export { type FrechetDistance, frechetDistance } from './frechet-distance.js';
export { kid } from './kid.js';
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
export { type Moments, momentsOf } from './moments.js';
export { ndb } from './ndb.js';
export { type NearestOptions, type NearestRows, nearestRows } from './nearest-rows.js';
export { precision } from './precision.js';
export { recall } from './recall.js';
export { slicedWasserstein } from './sliced-wasserstein.js';
export { twoSampleTest } from './two-sample-test.js';
export { openWorkspace, type Workspace } from './workspace.js';
