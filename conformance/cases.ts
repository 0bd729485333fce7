// What the conformance suite needs to know about each kind of model: options that make it tiny, data it takes and data it refuses.
// A kind without an entry fails the suite.
import { type Dataset, fromArrays } from '../src/data/index.js';
import { random } from '../src/runtime/random.js';

/** The requirements of the suite. A case may be excepted from one, giving the reason. */
export type Requirement =
  | 'frozen configuration'
  | 'unknown options'
  | 'not fitted'
  | 'fit report'
  | 'report of steps'
  | 'seeds of fit'
  | 'other seeds'
  | 'seeds of sample'
  | 'sampled rows'
  | 'batch independence'
  | 'save and load'
  | 'damaged files'
  | 'abort'
  | 'resume'
  | 'divergence'
  | 'dispose'
  | 'one fit at a time'
  | 'refused data'
  | 'refused calls'
  | 'refused training options'
  | 'devices'
  | 'capabilities'
  | 'pictures'
  | 'command line';

/** One kind of model, made small. */
export interface ModelCase {
  /** The kind, where the case has another name: what a kind is with options that change much. */
  readonly kind?: string;
  /** Options with which a step takes milliseconds; at least one. */
  readonly options: object;
  /** Options with which the weights have other names or shapes; absent where no option does that. */
  readonly otherOptions?: object;
  /** Options with which training breaks within fifty steps; absent where 'divergence' is excepted. */
  readonly divergingOptions?: object;
  /**
   * Options with which a fit takes many iterations, so that it can be stopped between two; absent where `steps` makes it long, or
   * 'abort' is excepted.
   */
  readonly longOptions?: object;
  readonly data: Dataset;
  /** Rows per step; absent for models that take all rows at once, which are then asked nothing about steps and batches. */
  readonly batchSize?: number;
  /** Rows that the model cannot take, and what the error has to say. Empty only where 'refused data' is excepted. */
  readonly refused: readonly (readonly [Dataset, RegExp])[];
  readonly exceptions?: Exceptions;
}

/** Requirements that a case is excepted from, with the reasons. */
export type Exceptions = Readonly<Partial<Record<Requirement, string>>>;

const images = fromArrays({ x: random(1).uniform(24 * 9 * 10), shape: [9, 10, 1], name: 'tiny images' });
const squareImages = fromArrays({ x: random(1).uniform(12 * 16 * 16), shape: [16, 16, 1], name: 'square images' });
const labelledImages = fromArrays({
  x: random(1).uniform(16 * 8 * 8),
  shape: [8, 8, 1],
  labels: random(4).integers(16, 0, 2),
  classes: ['a', 'b'],
  name: 'labelled images of 8x8',
});
const points = fromArrays({ x: random(2).normal(64), shape: [2], name: 'points' });

const binaryImages = fromArrays({
  x: random(6)
    .uniform(24 * 6)
    .map(Math.round),
  shape: [2, 3, 1],
  name: 'binary images',
});

const labelled = fromArrays({
  x: random(3).uniform(24 * 6),
  shape: [2, 3, 1],
  labels: random(4).integers(24, 0, 2),
  classes: ['a', 'b'],
  name: 'labelled images',
});
const binary = fromArrays({
  x: random(7)
    .uniform(24 * 6)
    .map(Math.round),
  shape: [2, 3, 1],
  labels: random(8).integers(24, 0, 2),
  classes: ['a', 'b'],
  name: 'black and white',
});
const unlabelled = fromArrays({
  x: random(9)
    .uniform(24 * 6)
    .map(Math.round),
  shape: [2, 3, 1],
  name: 'unlabelled',
});
const withoutLabels = fromArrays({ x: random(5).uniform(12), shape: [2], classes: ['a', 'b'], name: 'without labels' });

/** What is not asked of models that are learnt in one pass over the data, without chance. */
const onePass: Exceptions = {
  'other seeds': 'nothing is left to chance in fit, so all seeds give the same',
  abort: 'a pass has no half-way result; its own tests check that an abort changes nothing',
};
const onePoint = fromArrays({ x: Float32Array.of(1, 2), shape: [2], name: 'one point' });
const equalPoints = fromArrays({ x: new Float32Array(16).fill(3), shape: [2], name: 'equal points' });
const equalImages = fromArrays({ x: new Float32Array(8 * 81).fill(0.3), shape: [9, 9, 1], name: 'equal images' });

/** What is not asked of models that are computed in one go, tested beside each of them. */
const computed: Exceptions = {
  'other seeds': 'what is computed does not depend on a seed',
  abort: 'there is no half-way result: an abort learns nothing',
};

/** What is not asked of models that draw no rows. */
const drawsNothing: Exceptions = {
  'seeds of sample': 'it draws no rows',
  'sampled rows': 'it draws no rows',
  'batch independence': 'it draws no rows; the check of the capability "classify" asks the same of its answers',
  'refused calls': 'it draws no rows',
  pictures: 'it has learnt nothing that could be shown as a picture',
};
const labelledPoints = fromArrays({
  x: random(5).uniform(24),
  shape: [2],
  labels: random(4).integers(12, 0, 2),
  classes: ['a', 'b'],
  name: 'labelled points',
});
const oneClass = fromArrays({
  x: random(5).uniform(24),
  shape: [2],
  labels: new Int32Array(12),
  classes: ['a', 'b'],
  name: 'one class',
});

const tooFew = fromArrays({ x: random(6).uniform(4), shape: [2], name: 'two rows' });

/** Every kind of model by its name, some with several cases. */
export const cases: Readonly<Record<string, ModelCase>> = {
  'naive-bayes': {
    options: { alpha: 0.5 },
    otherOptions: { distribution: 'categorical' },
    data: labelled,
    refused: [[withoutLabels, /names classes but its rows have no labels/]],
    exceptions: onePass,
  },
  'gaussian-bayes': {
    options: { covariance: 'tied' },
    otherOptions: { covariance: 'diagonal' },
    data: labelled,
    refused: [[withoutLabels, /names classes but its rows have no labels/]],
    exceptions: onePass,
  },
  'k-means': {
    options: { clusters: 3 },
    otherOptions: { clusters: 2 },
    longOptions: { start: 'random', clusters: 8 },
    data: points,
    refused: [[tooFew, /3 clusters need at least 3 rows; "two rows" has 2/]],
  },
  'gaussian-mixture': {
    options: { components: 3, restarts: 2 },
    otherOptions: { covariance: 'diagonal' },
    longOptions: { tolerance: 0, maxIterations: 100_000 },
    data: points,
    refused: [[tooFew, /3 components need at least 3 rows; "two rows" has 2/]],
  },
  'gaussian-mixture of low rank': {
    kind: 'gaussian-mixture',
    options: { components: 2, covariance: 'low-rank' },
    otherOptions: { noise: 'isotropic' },
    longOptions: { tolerance: 0, maxIterations: 100_000 },
    data: points,
    refused: [[onePoint, /2 components need at least 2 rows; "one point" has 1/]],
  },
  'bernoulli-mixture': {
    options: { components: 3 },
    otherOptions: { components: 4 },
    longOptions: { tolerance: 0, maxIterations: 100_000 },
    data: images,
    refused: [[tooFew, /3 components need at least 3 rows; "two rows" has 2/]],
  },
  autoencoder: {
    options: { loss: 'cross-entropy', latentSize: 3, hiddenLayers: [8], learningRate: 0.01 },
    otherOptions: { latentSize: 4 },
    divergingOptions: { learningRate: 1e30 },
    data: images,
    batchSize: 8,
    refused: [[points, /points holds numbers from -.*cross-entropy takes them as probabilities/]],
  },
  'generator-network': {
    options: { latentSize: 3, channels: 2, hiddenLayers: [8], learningRate: 0.01, learnCodes: true },
    otherOptions: { latentSize: 4 },
    divergingOptions: { learningRate: 1e5, codeLearningRate: 1e5 },
    data: images,
    batchSize: 8,
    refused: [[points, /transposed convolutions make images.*Use network: 'dense'/]],
  },
  vae: {
    options: { latentSize: 3, hiddenLayers: [8], learningRate: 0.01, klWarmUp: 0, ema: 0.5 },
    otherOptions: { latentSize: 4 },
    divergingOptions: { learningRate: 1e30 },
    data: binaryImages,
    batchSize: 8,
    refused: [[images, /row 0 of tiny images holds .*Binarise the data first/]],
  },
  fvsbn: {
    options: { conditional: true, learningRate: 0.3, order: 'random' },
    otherOptions: { ema: 0.5 },
    divergingOptions: { learningRate: 1e38 },
    data: binary,
    batchSize: 8,
    refused: [[labelled, /row 0 of labelled images holds 0\.\d+ at position 0.*Binarise the data first/]],
  },
  nade: {
    options: { hiddenUnits: 8, conditional: true, learningRate: 0.1 },
    otherOptions: { hiddenUnits: 9 },
    divergingOptions: { learningRate: 1e38 },
    data: binary,
    batchSize: 8,
    refused: [[labelled, /row 0 of labelled images holds 0\.\d+ at position 0.*Binarise the data first/]],
  },
  made: {
    options: { hiddenLayers: [8], masks: 2, orderings: 2, conditional: true, learningRate: 0.1, ema: 0.5 },
    otherOptions: { hiddenLayers: [9] },
    divergingOptions: { learningRate: 1e30 },
    data: binary,
    batchSize: 8,
    refused: [
      [labelled, /row 0 of labelled images holds 0\.\d+ at position 0.*Binarise the data first/],
      [unlabelled, /conditional is true, but "unlabelled" has no classes/],
    ],
  },
  gan: {
    options: { latentSize: 3, generatorLayers: [8], discriminatorLayers: [8], learningRate: 0.01 },
    otherOptions: { latentSize: 4 },
    divergingOptions: { optimiser: 'sgd', learningRate: 1e30 },
    data: points,
    batchSize: 8,
    refused: [[equalPoints, /all 8 rows of equal points are the same/]],
  },
  dcgan: {
    options: { latentSize: 3, channels: 2, learningRate: 0.01 },
    otherOptions: { kernel: 3 },
    divergingOptions: { optimiser: 'sgd', learningRate: 1e30 },
    data: images,
    batchSize: 8,
    refused: [
      [points, /rows of shape \[2\].*For tables and points use gan/],
      [fromArrays({ x: new Float32Array(7 * 7 * 8), shape: [7, 7, 1], name: 'too small' }), /at least 8x8/],
    ],
  },
  lsgan: {
    options: { latentSize: 3, channels: 2, learningRate: 0.01, instanceNoise: 0.1, augmentation: ['translation'] },
    otherOptions: { upsampling: 'resize' },
    divergingOptions: { optimiser: 'sgd', learningRate: 1e30 },
    data: images,
    batchSize: 8,
    refused: [[points, /augmentation changes images, but rows of shape \[2\]/]],
  },
  wgan: {
    options: {
      latentSize: 3,
      generatorLayers: [8],
      discriminatorLayers: [8],
      discriminatorSteps: 2,
      learningRate: 0.01,
    },
    otherOptions: { generatorLayers: [9] },
    // Above the largest float32 number: what the clipped critic says of huge samples is finite.
    divergingOptions: { optimiser: 'sgd', learningRate: 1e39 },
    data: points,
    batchSize: 8,
    refused: [[equalPoints, /all 8 rows of equal points are the same/]],
  },
  'wgan-gp': {
    options: { latentSize: 3, channels: 2, discriminatorSteps: 2, learningRate: 0.01, ema: 0.9 },
    otherOptions: { kernel: 3 },
    divergingOptions: { optimiser: 'sgd', learningRate: 1e30 },
    data: images,
    batchSize: 4,
    refused: [
      [equalImages, /all 8 rows of equal images are the same/],
      [equalPoints, /"channels" .*no meaning for rows of shape \[2\], for which the backbone auto is dense/],
    ],
  },
  sngan: {
    // At larger steps the rounding of a device decides where biases go that a batch norm takes away again.
    options: { latentSize: 3, channels: 1, discriminatorSteps: 1, learningRate: 5e-5 },
    otherOptions: { channels: 2 },
    divergingOptions: { optimiser: 'sgd', learningRate: 1e30 },
    data: squareImages,
    batchSize: 4,
    refused: [
      [points, /rows of shape \[2\].*multiples of 4 from 16.*dense for tables and points/],
      [images, /rows of shape \[9, 10, 1\].*use the backbone dcgan/],
    ],
  },
  cgan: {
    options: { latentSize: 3, generatorLayers: [8], discriminatorLayers: [8], learningRate: 0.01 },
    otherOptions: { conditioning: 'projection' },
    divergingOptions: { optimiser: 'sgd', learningRate: 1e30 },
    data: labelled,
    batchSize: 8,
    refused: [
      [images, /conditioning "concatenation" is on classes, but tiny images has none.*gan or dcgan/],
      [withoutLabels, /no labels/],
    ],
  },
  'cgan by projection': {
    kind: 'cgan',
    options: { latentSize: 3, channels: 1, conditioning: 'projection', labelInput: 'batch-norm', learningRate: 0.01 },
    otherOptions: { labelInput: 'concatenation' },
    divergingOptions: { optimiser: 'sgd', learningRate: 1e30 },
    data: labelledImages,
    batchSize: 8,
    refused: [[labelled, /a generator of dense layers has no batch norms.*labelInput "concatenation"/]],
  },
  acgan: {
    options: { latentSize: 3, generatorLayers: [8], discriminatorLayers: [8], learningRate: 0.01 },
    otherOptions: { discriminatorLayers: [9] },
    divergingOptions: { optimiser: 'sgd', learningRate: 1e30 },
    data: labelled,
    batchSize: 8,
    refused: [[images, /conditioning "auxiliary-classifier" is on classes, but tiny images has none/]],
  },
  infogan: {
    options: {
      latentSize: 2,
      generatorLayers: [8],
      discriminatorLayers: [8],
      categoricalCodes: [3],
      learningRate: 0.01,
    },
    otherOptions: { categoricalCodes: [3, 2] },
    divergingOptions: { optimiser: 'sgd', learningRate: 1e39 },
    data: points,
    batchSize: 8,
    refused: [[equalPoints, /all 8 rows of equal points are the same/]],
  },
  'unrolled-gan': {
    options: {
      ...{ latentSize: 3, generatorLayers: [8], discriminatorLayers: [8], learningRate: 0.01 },
      ...{ unrolledSteps: 2, gradientNorms: true },
    },
    otherOptions: { discriminatorLayers: [9] },
    divergingOptions: { optimiser: 'sgd', learningRate: 1e39 },
    data: points,
    batchSize: 8,
    refused: [[equalPoints, /all 8 rows of equal points are the same/]],
  },
  pixelcnn: {
    options: { layers: 1, filters: 4, firstKernel: 3, headSize: 4, components: 2, levels: 4, conditional: true },
    otherOptions: { filters: 3 },
    // Above the largest float32 number.
    divergingOptions: { learningRate: 1e39 },
    data: labelled,
    batchSize: 8,
    refused: [
      [points, /rows of shape \[2\].*made and realnvp/],
      [images, /conditional is true, but tiny images has no labels/],
    ],
  },
  gsn: {
    options: { hiddenLayers: [5], samplingSteps: 5 },
    otherOptions: { hiddenLayers: [4] },
    divergingOptions: { learningRate: 1e39 },
    data: images,
    batchSize: 8,
    refused: [[points, /as probabilities of ones.*vae/]],
  },
  realnvp: {
    options: { couplings: 2, hiddenLayers: [5] },
    otherOptions: { hiddenLayers: [4] },
    divergingOptions: { learningRate: 1e39 },
    data: points,
    batchSize: 8,
    refused: [[images, /multiples of 4.*Lower scales/]],
  },
  rbm: {
    options: { hiddenUnits: 6, samplingSteps: 20 },
    otherOptions: { hiddenUnits: 5 },
    divergingOptions: { learningRate: 1e39 },
    data: binaryImages,
    batchSize: 8,
    refused: [[images, /zeros and ones/]],
  },
  pca: {
    options: { components: 1 },
    otherOptions: { components: 2 },
    data: points,
    refused: [
      [onePoint, /needs at least 2 rows/],
      [equalPoints, /Every column is constant/],
    ],
    exceptions: computed,
  },
  'kernel-density': {
    options: { bandwidth: 0.5 },
    otherOptions: { bandwidth: 0.7 },
    data: points,
    refused: [],
    exceptions: { ...computed, 'refused data': 'with a given bandwidth every data set has a kernel density' },
  },
  histogram: {
    options: { bins: 4 },
    otherOptions: { bins: 5 },
    data: points,
    refused: [[fromArrays({ x: random(3).uniform(64 * 16), shape: [16], name: 'wide' }), /at most .* are counted/]],
    exceptions: computed,
  },
  classifier: {
    options: { hiddenLayers: [8], learningRate: 0.01, dropout: 0.1, ema: 0.5 },
    otherOptions: { hiddenLayers: [9] },
    divergingOptions: { learningRate: 1e39, schedule: 'constant' },
    data: labelled,
    batchSize: 8,
    refused: [
      [withoutLabels, /"without labels" has no labels, which are needed here/],
      [oneClass, /all 12 rows of "one class" are of the class "a".*at least two/],
    ],
    exceptions: drawsNothing,
  },
  'convolutional classifier': {
    kind: 'classifier',
    options: { network: 'convolutional', channels: [3, 4], learningRate: 0.01 },
    otherOptions: { channels: [4, 4] },
    divergingOptions: { learningRate: 1e39, schedule: 'constant' },
    data: labelled,
    batchSize: 8,
    refused: [[labelledPoints, /rows of shape \[2\].*convolutions.*Give fewer channels, or use network: 'dense'/]],
    exceptions: drawsNothing,
  },
};
