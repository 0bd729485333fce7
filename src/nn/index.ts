// Layers, networks, initialisers, optimisers, schedules, losses and distributions.
export { bernoulli } from './distributions/bernoulli.js';
export { categorical } from './distributions/categorical.js';
export {
  type DiscretisedLogisticParameters,
  discretisedLogistic,
} from './distributions/discretised-logistic.js';
export { type Distribution, type HasEntropy, sumPerExample } from './distributions/distribution.js';
export {
  type Gaussian,
  type GaussianParameters,
  gaussian,
  gaussianKl,
  klFromStandardNormal,
  standardNormal,
} from './distributions/gaussian.js';
export { mixtureLogProb } from './distributions/mixture.js';
export { type EmaOptions, ema } from './ema.js';
export { type ClippedGradients, clipByGlobalNorm, clipByValue, globalNorm } from './gradient-clipping.js';
export { type Fans, fansOf, type HeOptions, type Initialiser, initialisers } from './initialisers.js';
export {
  applyChild,
  childParameters,
  childShape,
  type Layer,
  type LayerScope,
  type NoiseDistribution,
  type ParameterSpec,
  type ParameterSpecs,
  statistic,
  weight,
} from './layer.js';
export { type ActivationName, type ActivationOptions, activation, activations } from './layers/activation.js';
export { type AveragePoolingOptions, averagePooling } from './layers/average-pooling.js';
export { type BatchNormOptions, batchNorm } from './layers/batch-norm.js';
export { type ConditionalAffineOptions, conditionalAffine } from './layers/conditional-affine.js';
export { type ConditionalBatchNormOptions, conditionalBatchNorm } from './layers/conditional-batch-norm.js';
export { type ConvOptions, conv } from './layers/conv.js';
export { type ConvMeanPoolOptions, convMeanPool } from './layers/conv-mean-pool.js';
export { type DenseOptions, dense } from './layers/dense.js';
export { type DropoutOptions, dropout } from './layers/dropout.js';
export { type EmbeddingOptions, embedding } from './layers/embedding.js';
export type { ExampleNormOptions } from './layers/example-norm.js';
export { flattenLayer } from './layers/flatten-layer.js';
export { globalSumPooling } from './layers/global-sum-pooling.js';
export { type GroupNormOptions, groupNorm } from './layers/group-norm.js';
export { instanceNorm } from './layers/instance-norm.js';
export { type LayerNormOptions, layerNorm } from './layers/layer-norm.js';
export { type MinibatchDeviationOptions, minibatchDeviation } from './layers/minibatch-deviation.js';
export { reshapeLayer } from './layers/reshape-layer.js';
export { type ResidualOptions, residual } from './layers/residual.js';
export { type ResidualDownOptions, residualDown } from './layers/residual-down.js';
export { type ResidualUpOptions, residualUp } from './layers/residual-up.js';
export { type ResizeConvOptions, resizeConv } from './layers/resize-conv.js';
export { sequential } from './layers/sequential.js';
export { type SpectralNormOptions, singularVectorName, spectralNorm } from './layers/spectral-norm.js';
export { type TransposedConvOptions, transposedConv } from './layers/transposed-conv.js';
export { type UpsampleOptions, upsample, upsampleNearest } from './layers/upsample.js';
export type { LayerPadding, WindowLayerOptions } from './layers/window-padding.js';
export { meanAbsoluteError } from './losses/absolute-error.js';
export { binaryCrossEntropyFromLogits } from './losses/binary-cross-entropy.js';
export { crossEntropyFromLogits } from './losses/cross-entropy.js';
export { hingeDiscriminator, hingeGenerator } from './losses/hinge.js';
export { type HuberOptions, huber } from './losses/huber.js';
export type { LossOptions, Reduction } from './losses/reduction.js';
export { meanSquaredError } from './losses/squared-error.js';
export {
  type Application,
  type ApplyOptions,
  type Network,
  type NoiseInput,
  network,
  type Tensors,
} from './network.js';
export { type AdamOptions, type AdamWOptions, adam, adamW } from './optimisers/adam.js';
export {
  type Optimiser,
  type State,
  type StateVariable,
  type Update,
  type UpdateRequest,
  updateEach,
} from './optimisers/optimiser.js';
export { type RmsPropOptions, rmsProp } from './optimisers/rms-prop.js';
export { type SgdOptions, sgd } from './optimisers/sgd.js';
export {
  type CosineOptions,
  type ExponentialOptions,
  type LearningRate,
  type LinearOptions,
  learningRateAt,
  type Schedule,
  type StepwiseOptions,
  schedules,
} from './schedules.js';
