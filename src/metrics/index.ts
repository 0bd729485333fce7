// Metrics: pure functions of numbers, so that any program can use them.
export { auroc } from './auroc.js';
export { averagePrecision } from './average-precision.js';
export { type ClassAnswers, type Confusion, confusion } from './confusion.js';
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
