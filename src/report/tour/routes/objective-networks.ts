// The two networks that play under all objectives: convolutional for images, dense for points and tables; and the same generator alone.
import { type Dataset, exampleSize, isImageShape } from '../../../data/dataset.js';
import type { StageBudget } from '../stage.js';

type Options = Readonly<Record<string, unknown>>;

export const anything = (): boolean => true;

/** The smallest side of images that convolutions halve. */
const smallestHalved = 8;
/** From here on training is long enough for larger networks: 4 minutes. */
const longSeconds = 240;
const usualBatch = 64;
/** The most numbers in a code of points and tables, and the fewest. */
const [mostCodes, fewestCodes] = [16, 2];

const isDrawn = ({ exampleShape }: Dataset): boolean =>
  isImageShape(exampleShape) && Math.min(exampleShape[0], exampleShape[1]) >= smallestHalved;

/** Updates of critics for one of the generator, as the papers of the Wasserstein GANs have it. */
export const criticSteps = 5;

/** Rows of an update. All updates of a step take rows of their own, so that small data allow fewer. */
export function commonBatchSize(data: Dataset): number {
  return Math.max(1, Math.min(usualBatch, Math.floor(data.length / criticSteps)));
}

/** The weight of a penalty on the critic's slope: Gulrajani et al.'s for images, and that of their experiments on points. */
export function penaltyOf({ data }: StageBudget): number {
  return isDrawn(data) ? 10 : 0.1;
}

/** Step sizes fall to nothing: players that circle each other come to rest. */
export function decayOf({ steps }: { readonly steps: number }): Options {
  return { decaySteps: steps };
}

/** Options of the game that all objectives share: networks, codes and step size. */
function networksOf(budget: StageBudget): Options {
  const { latentSize, channels, layers } = sizesOf(budget);
  const isImage = isDrawn(budget.data);
  return {
    latentSize,
    ...(isImage
      ? { backbone: 'dcgan', channels, learningRate: 2e-4 }
      : { backbone: 'dense', generatorLayers: layers, discriminatorLayers: layers, learningRate: 1e-3 }),
  };
}

/** The same with adam, which all games but that of clipped weights are played with. */
export function playersOf(budget: StageBudget): Options {
  return { ...networksOf(budget), beta1: 0.5, beta2: 0.99 };
}

/** The same without momentum, as the paper of clipped weights has it: the critic would overshoot its corner. */
export function clippedPlayersOf(budget: StageBudget): Options {
  return { ...networksOf(budget), optimiser: 'rms-prop' };
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
  const units = isLong ? 128 : 64;
  return {
    latentSize: isDrawn(data) ? 64 : Math.max(fewestCodes, Math.min(mostCodes, exampleSize(data.exampleShape))),
    channels: isLong ? 64 : 32,
    layers: [units, units, units, units],
  };
}
