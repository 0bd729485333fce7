// How the classifiers whose features the package ships are trained: small enough for files of a few hundred kilobytes.
import type { ClassifierOptions } from '../../src/index.js';

/** How one classifier is trained. */
export interface Recipe {
  /** The named data set. */
  readonly data: string;
  /** The folder of the weights, which is also the name of the feature space. */
  readonly name: string;
  readonly options: ClassifierOptions;
  readonly epochs: number;
  readonly batchSize: number;
  readonly augment: readonly ('flip' | 'shift')[];
  /** Rows at the end of the training set that choose the best weights. */
  readonly validationRows: number;
  /** The accuracy on the test set that is to be reached. */
  readonly goal: number;
}

const common = {
  network: 'convolutional',
  firstStride: 2,
  learningRate: 4e-3,
  weightDecay: 0.02,
  ema: 0.99,
  warmUp: 0.2,
} as const satisfies ClassifierOptions;

/** Every recipe, by its data. */
export const recipes: readonly Recipe[] = [
  {
    data: 'mnist',
    name: 'mnist-classifier',
    options: { ...common, channels: [24, 48, 96] },
    epochs: 6,
    batchSize: 128,
    augment: ['shift'],
    validationRows: 5000,
    goal: 0.992,
  },
  {
    data: 'fashion-mnist',
    name: 'fashion-mnist-classifier',
    // Clothes are centred and of one size: shifts only cost time.
    options: { ...common, channels: [24, 48, 96], learningRate: 3e-3, ema: 0.995 },
    epochs: 8,
    batchSize: 64,
    augment: ['flip'],
    validationRows: 5000,
    goal: 0.91,
  },
  {
    data: 'cifar-10',
    name: 'cifar-10-classifier',
    options: { ...common, channels: [48, 80, 88], learningRate: 3e-3, weightDecay: 0.05, ema: 0.998 },
    epochs: 16,
    batchSize: 64,
    augment: ['flip', 'shift'],
    validationRows: 5000,
    goal: 0.8,
  },
];
