// Options of the models on the route of models that follow the data and the time: what a tour with more minutes changes besides the number
// of steps.
import { type Dataset, exampleSize } from '../../../data/dataset.js';
import type { StageBudget } from '../stage.js';

type Options = Readonly<Record<string, unknown>>;

export const anything = (): boolean => true;

/** Whether rows are images that convolutions can halve. */
export const isImages = ({ exampleShape: [height = 0, width = 0, channels] }: Dataset): boolean =>
  channels !== undefined && [1, 3, 4].includes(channels) && height >= 8 && width >= 8;

/** Whether rows belong to classes, of which there is more than one. */
export const isLabelled = ({ classes }: Dataset): boolean => (classes?.length ?? 0) > 1;

/** Numbers of the largest images that are drawn pixel by pixel within a tour: 32x32 in colour. */
const mostDrawnNumbers = 3072;

/** Whether rows are images that can be drawn pixel by pixel. */
export const isDrawnByPixels = (data: Dataset): boolean =>
  isImages(data) && exampleSize(data.exampleShape) <= mostDrawnNumbers;

/** Seconds of training from which a model gets larger. */
const largerFrom = {
  /** Of digits, ten components of rank 10 take 18 seconds on two cores, 32 of rank 20 take 80 and draw far better. */
  lowRank: 15,
  mixture: 60,
  /** Convolutions make dearer steps than dense layers and come further: of digits after less than a minute. */
  coder: 120,
  pixelcnn: 240,
} as const;

/** Steps from which samples are of an average over more of them. */
const longGame = 5000;
/** Rows that a component of a mixture should have to be fitted to. */
const rowsOfComponent = 150;
const [fewestComponents, mostComponents] = [10, 32];
/** Numbers in a row up to which components have a whole covariance matrix. */
const mostFullNumbers = 100;

/** Of a mixture: components, and as much freedom for each as can be fitted in the time. */
export function mixtureOf({ seconds, data }: StageBudget): Options {
  const rows = data.length / (isLabelled(data) ? (data.classes?.length ?? 1) : 1);
  const affordable = Math.min(mostComponents, Math.floor(rows / rowsOfComponent));
  const components = seconds < largerFrom.mixture ? fewestComponents : Math.max(fewestComponents, affordable);
  if (exampleSize(data.exampleShape) <= mostFullNumbers) return { components, covariance: 'full' };
  if (seconds < largerFrom.lowRank) return { components, covariance: 'diagonal', covarianceFloor: 0.01 };
  const rank = components > fewestComponents ? 20 : 10;
  return { components, covariance: 'low-rank', rank, covarianceFloor: 0.001 };
}

/** Of both autoencoders: codes that are smaller than rows, and the networks on both sides of them. */
export function coderOf({ seconds, data }: StageBudget): Options {
  return {
    latentSize: Math.max(1, Math.min(16, Math.floor(exampleSize(data.exampleShape) / 2))),
    ...(isImages(data) && seconds >= largerFrom.coder ? { network: 'convolutional' } : {}),
  };
}

/** Of an autoregressive network: in more time many layers, which see far and learn faster than fewer of more filters. */
export function pixelcnnOf({ seconds }: StageBudget): Options {
  return seconds >= largerFrom.pixelcnn
    ? { filters: 24, layers: 12, learningRate: 0.004 }
    : { filters: 16, layers: 5, headSize: 48, learningRate: 0.006 };
}

/**
 * Of a game: what its samples are an average of. All else stays as it is, of digits after the same time or steps: wider dense networks were
 * behind, and so were games whose step sizes fell to nothing, which drew some digits too seldom.
 */
export function gameAverage({ steps }: { readonly steps: number }): Options {
  return { ema: steps >= longGame ? 0.999 : 0.995 };
}
