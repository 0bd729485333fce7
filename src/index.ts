// The public surface of Verisim in Node.
export {
  ConfigError,
  DatasetError,
  DeviceError,
  DivergedError,
  FileFormatError,
  NotFittedError,
  RunFolderError,
  ShapeError,
  UnknownNameError,
  VerisimError,
} from './core/errors.js';
export { version } from './core/version.js';
export {
  type BinariseOptions,
  binarise,
  cifar10,
  type Dataset,
  decodeRows,
  encodeTable,
  fashionMnist,
  fromArrays,
  imageFolder,
  mnist,
  openDataset,
  Standardisation,
  split,
  standardise,
  subset,
  type TableOptions,
  type TableSchema,
} from './data/index.js';
export {
  auroc,
  averagePrecision,
  type Confusion,
  computeMetric,
  confusion,
  type Metric,
  type MetricInputs,
  type MetricOptions,
  type MetricValue,
  metricNamed,
  metrics,
  metricsFor,
} from './metrics/index.js';
export { acgan } from './models/adversarial/acgan.js';
export type { AdversarialModel } from './models/adversarial/adversarial-model.js';
export type { AdversarialConfig, AdversarialOptions } from './models/adversarial/adversarial-options.js';
export { cgan } from './models/adversarial/cgan.js';
export type { ConditionalAdversarialModel } from './models/adversarial/conditional-adversarial-model.js';
export type { CodeLayout } from './models/adversarial/conditioning/code-layout.js';
export { dcgan } from './models/adversarial/dcgan.js';
export { gan } from './models/adversarial/gan.js';
export { infogan } from './models/adversarial/infogan.js';
export type { Inversion } from './models/adversarial/latent/best-codes.js';
export type { CodeWalk, WalkOptions } from './models/adversarial/latent/code-walks.js';
export type { InvertOptions } from './models/adversarial/latent/invert-options.js';
export type { DecodedWalk } from './models/adversarial/latent/walk-portraits.js';
export { lsgan } from './models/adversarial/lsgan.js';
export { sngan } from './models/adversarial/sngan.js';
export { unrolledGan } from './models/adversarial/unrolled-gan.js';
export { wgan } from './models/adversarial/wgan.js';
export { wganGp } from './models/adversarial/wgan-gp.js';
export type { ActiveUnits } from './models/autoencoder/active-units.js';
export { type Autoencoder, autoencoder } from './models/autoencoder/autoencoder.js';
export type { AutoencoderConfig, AutoencoderOptions } from './models/autoencoder/autoencoder-options.js';
export type { BoundPerClass, ConditionalVae } from './models/autoencoder/conditional-vae.js';
export { type GeneratorNetwork, generatorNetwork } from './models/autoencoder/generator-network.js';
export type { GeneratorNetworkConfig, GeneratorNetworkOptions } from './models/autoencoder/generator-options.js';
export { vae } from './models/autoencoder/vae.js';
export type { BoundOptions, Vae } from './models/autoencoder/vae-model.js';
export type { VaeConfig, VaeOptions } from './models/autoencoder/vae-options.js';
export { type Fvsbn, type FvsbnConfig, fvsbn } from './models/autoregressive/fvsbn.js';
export { type Made, type MadeConfig, made } from './models/autoregressive/made.js';
export { type Nade, type NadeConfig, nade } from './models/autoregressive/nade.js';
export { type PixelCnn, type PixelCnnConfig, pixelcnn } from './models/autoregressive/pixelcnn.js';
export { type GaussianBayes, type GaussianBayesConfig, gaussianBayes } from './models/bayes/gaussian-bayes.js';
export {
  type NaiveBayes,
  type NaiveBayesConfig,
  type NaiveBayesSampleOptions,
  naiveBayes,
} from './models/bayes/naive-bayes.js';
export { type Classifier, classifier, type SeenRows } from './models/classifier/classifier.js';
export type { ClassifierConfig, ClassifierOptions } from './models/classifier/classifier-options.js';
export type {
  Bound,
  ClassLogProbabilities,
  ClassProbabilities,
  Conditional,
  EncodeOptions,
  FitOptions,
  FitReport,
  FittableModel,
  GenerativeModel,
  HasBound,
  HasDecoder,
  HasDensity,
  HasJointDensity,
  HasLatent,
  HasPortraits,
  HasPosterior,
  HasTruncation,
  JointDensity,
  Portrait,
  PredictOptions,
  SampleOptions,
  Samples,
} from './models/contract.js';
export { type Gsn, type GsnConfig, gsn } from './models/energy/gsn.js';
export { type LogPartition, type PartitionOptions, type Rbm, type RbmConfig, rbm } from './models/energy/rbm.js';
export {
  classifierSpace,
  type ExtractOptions,
  type FeatureSpace,
  type FeatureSpaceOptions,
  type Features,
  featureSpaceFor,
  featureSpaceNames,
  type ImageLayout,
  type OnnxSpaceOptions,
  onnxSpace,
  openFeatureSpace,
  type PixelScale,
  pcaSpace,
  pixels,
  type ShippedClassifier,
  shippedAccuracy,
  shippedClassifiers,
} from './models/features/index.js';
export { type RealNvp, type RealNvpConfig, realnvp } from './models/flow/realnvp.js';
export { type Histogram, type HistogramConfig, histogram } from './models/kernel/histogram.js';
export type { HistogramSummary } from './models/kernel/histogram-summary.js';
export { type KernelDensity, type KernelDensityConfig, kernelDensity } from './models/kernel/kernel-density.js';
export {
  type BernoulliMixture,
  type BernoulliMixtureConfig,
  type BernoulliMixturePerClass,
  bernoulliMixture,
} from './models/mixture/bernoulli-mixture.js';
export {
  type GaussianMixture,
  type GaussianMixtureConfig,
  type GaussianMixturePerClass,
  gaussianMixture,
} from './models/mixture/gaussian-mixture.js';
export { type KMeans, type KMeansConfig, kMeans } from './models/mixture/k-means.js';
export { load } from './models/node/load.js';
export { drawPictures, type Picture, type PictureOptions } from './models/pictures/draw-pictures.js';
export { createModel, models } from './models/registry.js';
export { type Pca, pca } from './models/subspace/pca.js';
export type { PcaConfig } from './models/subspace/pca-options.js';
export type { ScatterSummary } from './models/subspace/scatter.js';
export {
  type AnomalyRanking,
  type AnomalyScores,
  anomalyScore,
  anomalyThreshold,
  type BayesClassifier,
  type BayesClassifierOptions,
  bayesClassifier,
  type Choice,
  type CrossValidation,
  type CrossValidationOptions,
  canSample,
  chooseBy,
  crossValidate,
  flagAnomalies,
  interpolateCodes,
  type Priors,
  type Quantity,
  type RowScores,
  rankAnomalies,
  type ScoreOptions,
  type ScoreSummary,
  scoreRows,
} from './models/tools/index.js';
export { encodePng, encodeSvgGrid, imageGrid, svgToPng } from './plot/index.js';
export { type Comparison, type ComparisonOptions, compare, comparisonPage } from './report/compare.js';
export {
  type Evaluated,
  type EvaluateOptions,
  type EvaluationData,
  evaluate,
} from './report/evaluate/evaluate.js';
export type { StatisticsCache } from './report/evaluate/statistics-cache.js';
export type { Cost, Evaluation, EvaluationRow } from './report/evaluation.js';
export { type EvaluationPictures, evaluationPictures } from './report/evaluation-pictures.js';
export { readEvaluation, writeEvaluation } from './report/node/evaluation-files.js';
export { readSubject } from './report/node/read-subject.js';
export { statisticsFiles } from './report/node/statistics-files.js';
export type { Subject } from './report/subject.js';
export { random } from './runtime/random.js';
export type { Progress, TrainingObserver } from './training/observer.js';
