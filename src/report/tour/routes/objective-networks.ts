// The two networks that play under all objectives: convolutional for images, dense for points and tables; and the same generator alone.
import { type Dataset, isImageShape } from '../../../data/dataset.js';
import type { StageBudget } from '../stage.js';

type Options = Readonly<Record<string, unknown>>;

export const anything = (): boolean => true;

/** The smallest side of images that convolutions halve. */
const smallestHalved = 8;
/** From here on training is long enough for larger networks: 4 minutes. */
const longSeconds = 240;
const [imageBatch, numberBatch] = [64, 256];

const isDrawn = ({ exampleShape }: Dataset): boolean =>
  isImageShape(exampleShape) && Math.min(exampleShape[0], exampleShape[1]) >= smallestHalved;

/** Updates of critics for one of the generator, as the papers of the Wasserstein GANs have it. */
export const criticSteps = 5;

/**
 * Rows of an update. Those of a few numbers are so cheap that many cost nothing. All updates of a step take rows of their own, so that
 * small data allow fewer.
 */
export function commonBatchSize(data: Dataset): number {
  return Math.max(1, Math.min(isDrawn(data) ? imageBatch : numberBatch, Math.floor(data.length / criticSteps)));
}

/** Options of the game that all objectives share: networks, codes, and adam's steps. */
export function playersOf(budget: StageBudget): Options {
  const { latentSize, channels, layers } = sizesOf(budget);
  const isImage = isDrawn(budget.data);
  return {
    latentSize,
    ...(isImage
      ? { backbone: 'dcgan', channels, learningRate: 2e-4 }
      : { backbone: 'dense', generatorLayers: layers, discriminatorLayers: layers, learningRate: 1e-3 }),
    ...{ beta1: 0.5, beta2: 0.99 },
  };
}

/** The same generator without a discriminator: its layers without batch norms, which have no batch of samples to look at. */
export function squaredErrorOf(budget: StageBudget): Options {
  const { latentSize, channels, layers } = sizesOf(budget);
  return {
    latentSize,
    // Codes that are learnt would make every step as dear as all rows' codes together.
    learnCodes: false,
    ...(isDrawn(budget.data)
      ? { network: 'convolutional', hiddenLayers: [], channels, activation: 'relu' }
      : { network: 'dense', hiddenLayers: layers, activation: 'leakyRelu' }),
  };
}

function sizesOf({ seconds, data }: StageBudget): { latentSize: number; channels: number; layers: readonly number[] } {
  const isLong = seconds >= longSeconds;
  return {
    latentSize: isDrawn(data) ? 64 : 16,
    channels: isLong ? 64 : 32,
    layers: isLong ? [256, 256, 256] : [128, 128],
  };
}
