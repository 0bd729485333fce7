// Bandwidths: by rule, or by the likelihood of held-out rows.
//
//   Scott 1992       h = s n^(-1 / (d + 4))
//   Silverman 1986   h = s (n (d + 2) / 4)^(-1 / (d + 4))
//
// s is the root mean variance of the columns. (scikit-learn's rules leave s out, which suits standardised data only.)

import { random } from '../../runtime/random.js';
import type { Runtime } from '../../runtime/runtime.js';
import type { FitOptions } from '../contract.js';
import { KernelSums } from './kernel-sums.js';
import type { Kernel } from './kernels.js';

/** The rules by name: the factor that the spread is multiplied by. */
export const bandwidthRules = {
  scott: (rows: number, dimensions: number) => rows ** (-1 / (dimensions + 4)),
  silverman: (rows: number, dimensions: number) => ((rows * (dimensions + 2)) / 4) ** (-1 / (dimensions + 4)),
} as const;

/** One bandwidth that was tried. */
export interface Trial {
  readonly bandwidth: number;
  /** The mean log-density of rows that it was not fitted to. */
  readonly logProb: number;
}

/** What cross-validation needs. */
export interface CrossValidation {
  readonly kernel: Kernel;
  /** [count, features] */
  readonly x: Float32Array;
  readonly count: number;
  readonly features: number;
  readonly folds: number;
  readonly seed: number;
  /** The search goes from a twentieth to five times of it. */
  readonly around: number;
  readonly signal?: FitOptions['signal'] | undefined;
}

const [lowestShare, highestShare] = [1 / 20, 5] as const;
/** The search ends where the bandwidth is known to this share. */
const precision = 0.02;
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * Bandwidths tried by golden-section search on the logarithm (Kiefer 1953), for the highest mean log-density of rows under the kernels of
 * the other folds (Habbema, Hermans and van den Broek 1974). Minus infinity, where a row has no neighbour, sends the search upwards.
 *
 * @throws the signal's reason where it is aborted
 */
export async function crossValidate(runtime: Runtime, options: CrossValidation): Promise<readonly Trial[]> {
  const { kernel, x, count, features, folds, seed, around, signal } = options;
  const order = random(seed).split('folds').permutation(count);
  const groups = new Float32Array(count);
  const sizes = new Float64Array(folds);
  for (const [place, row] of order.entries()) {
    groups[row] = place % folds;
    sizes[place % folds] = sizes[place % folds]! + 1;
  }
  const sums = await KernelSums.open(runtime, kernel, { x, count, features, groups });
  const trials: Trial[] = [];
  const tryOut = async (logBandwidth: number): Promise<number> => {
    signal?.throwIfAborted();
    const bandwidth = Math.exp(logBandwidth);
    const logSums = await sums.logSums(x, bandwidth, groups);
    const logNormaliser = kernel.logIntegral(features) + features * logBandwidth;
    let total = 0;
    for (let row = 0; row < count; row++)
      total += logSums[row]! - Math.log(count - sizes[groups[row]!]!) - logNormaliser;
    trials.push({ bandwidth, logProb: total / count });
    return total / count;
  };
  try {
    let [low, high] = [Math.log(around * lowestShare), Math.log(around * highestShare)];
    let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    let [atLeft, atRight] = [await tryOut(left), await tryOut(right)];
    while (high - low > precision) {
      if (atLeft > atRight) {
        [high, right, atRight] = [right, left, atLeft];
        left = high - golden * (high - low);
        atLeft = await tryOut(left);
      } else {
        [low, left, atLeft] = [left, right, atRight];
        right = low + golden * (high - low);
        atRight = await tryOut(right);
      }
    }
    return trials;
  } finally {
    await sums.dispose();
  }
}

/** The trial of the highest log-density. */
export function bestTrial(trials: readonly Trial[]): Trial {
  return trials.reduce((best, trial) => (trial.logProb > best.logProb ? trial : best));
}

/** Whether a search ended at one of its limits, where there may be no best bandwidth. */
export function edgeOf({ bandwidth }: Trial, around: number): 'lowest' | 'highest' | undefined {
  if (bandwidth < around * lowestShare * (1 + 3 * precision)) return 'lowest';
  return bandwidth > around * highestShare * (1 - 3 * precision) ? 'highest' : undefined;
}
