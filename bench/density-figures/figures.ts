// What is trained and measured, with what was aimed at and what others have published.
import type { DensityFigure, Measure } from './figure.js';

const nll: Pick<Measure, 'unit' | 'text'> = { unit: 'nats an image', text: 'test negative log-likelihood' };
const onBinarized = { data: 'binarized-mnist' } as const;

/** Convolutional decoders would take a quarter of an hour for 1000 codes of every test image. */
const importance: Pick<Measure, 'unit' | 'text' | 'samples' | 'few'> = {
  unit: 'nats an image',
  text: 'test importance estimate, 1000 samples on 2000 random test images, corrected by the estimate with 10 samples of all 10000',
  samples: 1000,
  few: { rows: 2000, samplesOfAll: 10 },
};

/** The figures. */
export const densityFigures: readonly DensityFigure[] = [
  {
    name: 'fvsbn',
    model: 'fvsbn',
    options: { learningRate: 0.01, ema: 0.999, decaySteps: 10_000 },
    ...onBinarized,
    fit: { epochs: 20 },
    measures: [{ ...nll, published: '97.45 (FVSBN)' }],
  },
  {
    name: 'made, one layer of 2000',
    model: 'made',
    options: { hiddenLayers: [2000], directConnections: true, ema: 0.999, weightDecay: 0.05, decaySteps: 30_000 },
    ...onBinarized,
    fit: { epochs: 60, patience: 10 },
    measures: [{ ...nll, goal: '88.0', published: '88.40 (one layer of 8000)' }],
  },
  {
    name: 'made, one layer of 2000, more weight decay',
    model: 'made',
    options: { hiddenLayers: [2000], directConnections: true, ema: 0.999, weightDecay: 0.2, decaySteps: 20_000 },
    ...onBinarized,
    fit: { epochs: 40, patience: 10 },
    measures: [{ ...nll, goal: '88.0', published: '88.40 (one layer of 8000)' }],
  },
  {
    name: 'made, one layer of 8000',
    model: 'made',
    options: { hiddenLayers: [8000], directConnections: true, ema: 0.999, weightDecay: 0.2, decaySteps: 20_000 },
    ...onBinarized,
    fit: { epochs: 40, patience: 10 },
    measures: [{ ...nll, goal: '88.0', published: '88.40 (one layer of 8000)' }],
  },
  {
    name: 'nade of 500',
    model: 'nade',
    options: { activation: 'relu', ema: 0.999, weightDecay: 0.01, decaySteps: 8000 },
    ...onBinarized,
    fit: { epochs: 16 },
    measures: [{ ...nll, goal: '88.3', published: '88.33 (sigmoid units)' }],
  },
  {
    name: 'pixelcnn, an hour',
    model: 'pixelcnn',
    options: { output: 'binary', layers: 12, filters: 24, learningRate: 0.004, decaySteps: 25_000 },
    ...onBinarized,
    fit: { epochs: 8, batchSize: 16, minutes: 60 },
    measures: [{ ...nll, goal: '84', published: '81.30; on a CPU in 34 minutes 96.4' }],
  },
  {
    name: 'vae, dense, 7.5 minutes, bound',
    model: 'vae',
    options: { learningRate: 0.002, ema: 0.998, learningRateDecay: 60 },
    ...onBinarized,
    fit: { epochs: 60, minutes: 7.5 },
    measures: [
      {
        unit: 'nats an image',
        text: 'test bound on the negative log-likelihood, 1 sample',
        samples: 1,
        goal: '96',
        published: '101.1 (another CPU study, 7.4 minutes)',
      },
    ],
  },
  {
    name: 'vae, convolutional, importance estimate',
    model: 'vae',
    options: { network: 'convolutional', learningRate: 0.002, ema: 0.998, learningRateDecay: 80 },
    ...onBinarized,
    fit: { epochs: 80, patience: 10, minutes: 30 },
    measures: [
      {
        ...importance,
        goal: '87.5',
        published: '86.76 (VAE, k = 1, binarised anew in every epoch); 89.78 (VAE, these files)',
      },
    ],
  },
  {
    name: 'vae, convolutional, trained with 5 importance samples',
    model: 'vae',
    options: { network: 'convolutional', importanceSamples: 5, learningRate: 0.002, ema: 0.998, learningRateDecay: 40 },
    ...onBinarized,
    fit: { epochs: 40, patience: 10, minutes: 60 },
    measures: [
      {
        ...importance,
        goal: '85.5',
        published: '85.54 (IWAE, k = 5, binarised anew in every epoch); 86.82 (k = 50, these files)',
      },
    ],
  },
  {
    name: 'rbm of 500',
    model: 'rbm',
    options: { hiddenUnits: 500, gibbsSteps: 10, learningRate: 0.05, decaySteps: 50_000, ema: 0.999, weightDecay: 0 },
    ...onBinarized,
    fit: { epochs: 100, validates: false },
    measures: [
      {
        unit: 'nats an image',
        text: 'test negative log-likelihood, log Z by annealed importance sampling',
        samples: 500,
        goal: '88',
        published: '86.34 (CD-25)',
      },
    ],
  },
  {
    name: 'pixelcnn of classes, 8 bits',
    model: 'pixelcnn',
    options: {
      conditional: true,
      output: 'categorical',
      layers: 5,
      filters: 16,
      headSize: 48,
      learningRate: 0.006,
      decaySteps: 6800,
    },
    data: 'mnist',
    fit: { minutes: 30, epochs: 2, batchSize: 16, validationRows: 1000 },
    measures: [
      {
        unit: 'bits per dimension',
        text: 'bits per dimension of the test images, all classes together',
        goal: '1.2',
        published: '1.06 (RealNVP), 1.05 (Glow)',
      },
      {
        suffix: 'classes',
        unit: '% of the test images',
        text: "test accuracy by Bayes' rule",
        goal: '98.5',
        published: '97.87 (Gaussian mixtures on principal components)',
      },
    ],
  },
  {
    name: 'vae of classes, convolutional',
    model: 'vae',
    options: {
      conditional: true,
      network: 'convolutional',
      learningRate: 0.002,
      ema: 0.998,
      learningRateDecay: 60,
    },
    data: 'mnist above one half',
    fit: { epochs: 60, patience: 10, minutes: 30 },
    measures: [
      {
        unit: '% of the test images',
        text: "test accuracy by Bayes' rule, importance estimates with 30 samples for every class",
        samples: 30,
        goal: '98.5',
        published: '97.87 (Gaussian mixtures on principal components)',
      },
    ],
  },
  {
    name: 'vaes, one of each class',
    model: 'vae',
    oneOfEachClass: true,
    // Ten numbers of code and few channels: what one class needs, and no more, so that other classes find no place in it.
    options: {
      network: 'convolutional',
      channels: 16,
      latentSize: 10,
      pixels: 'drawn',
      learningRate: 0.002,
      ema: 0.998,
      learningRateDecay: 40,
    },
    data: 'mnist',
    fit: { epochs: 40 },
    measures: [
      {
        unit: '% of the test images',
        text: "test accuracy by Bayes' rule, importance estimates with 30 samples for every class",
        samples: 30,
        goal: '98.5',
        published: '97.87 (Gaussian mixtures on principal components)',
      },
    ],
  },
];

/** The names of all records, in the order of the figures and their measures. */
export function recordNames(): string[] {
  return densityFigures.flatMap(({ name, measures }) => measures.map((measure) => recordName(name, measure)));
}

/** The name of a figure's record. */
export function recordName(figure: string, { suffix }: Measure): string {
  return suffix === undefined ? figure : `${figure}, ${suffix}`;
}
