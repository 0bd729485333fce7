// Tools that work with any model of an interface: classification, anomalies, selection.
export { canSample, type Scorer, type ScoringModel } from './abilities.js';
export {
  type AnomalyRanking,
  type AnomalyScores,
  anomalyScore,
  anomalyThreshold,
  flagAnomalies,
  rankAnomalies,
  type ThresholdRule,
} from './anomaly-score.js';
export {
  type BayesClassifier,
  type BayesClassifierOptions,
  bayesClassifier,
  type ClassifierReport,
  type ClassModels,
} from './bayes-classifier.js';
export {
  type CandidateScore,
  type Candidates,
  type Choice,
  type Criterion,
  chooseBy,
  type HasBic,
} from './choose-by.js';
export type { Priors } from './class-priors.js';
export { type CrossValidation, type CrossValidationOptions, crossValidate } from './cross-validate.js';
export { interpolateCodes } from './interpolate-codes.js';
export type { Rows } from './rows.js';
export { type Quantity, type RowScores, type ScoreOptions, scoreRows } from './score-rows.js';
export type { ScoreSummary } from './score-summary.js';
