// How far a value may be trusted: the bootstrap (Efron 1979). Rows are drawn again with replacement, as many as there are, the value is
// computed anew, and the middle 95 % of the values are the interval (percentile method; Efron and Tibshirani 1993, chapter 13).
import { ConfigError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import type { MetricOptions } from './metric.js';
import { pace } from './pace.js';
import { quantile } from './quantiles.js';

/** Resamplings where nothing else is said: enough for the ends of a 95 % interval. */
export const defaultResamplings = 1000;

const everything = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** How to resample. */
export interface BootstrapOptions extends MetricOptions {
  /** The value of the rows themselves. */
  readonly value?: number;
  /** What values are possible. */
  readonly range?: readonly [low: number, high: number];
}

/** The ends of the middle 95 %. */
const low = 0.025;
const high = 0.975;

/**
 * Checks that there are resamplings enough for an interval.
 *
 * @param usual a number to propose
 * @throws ConfigError for anything but a whole number from 2
 * @example checkResamplings(100)
 */
export function checkResamplings(resamplings: number, usual: number = defaultResamplings): void {
  if (!Number.isInteger(resamplings) || resamplings < 2)
    throw new ConfigError(`resamplings is ${resamplings}; an interval needs a whole number from 2, such as ${usual}.`);
}

/**
 * The 95 % interval of a value computed from rows.
 *
 * @param rows how many there are to draw from; for several sets of rows that follow each other, how many each has: every set is then
 *   drawn from by itself, so that all keep their sizes
 * @param statistic the value of a resampling, from the numbers of the rows that were drawn: [rows], the same memory every time;
 *   NaN where it has none, such as of a resampling without a row of some class
 * @param options seed (0), resamplings (1000), signal, onProgress; `value` and `range` for values that resampling makes larger or smaller
 *   than they are, as entropies: the resamplings are moved to have their mean at the value, and kept in the range
 * @returns undefined where more than half of the resamplings have no value
 * @throws ConfigError for fewer than 2 resamplings, the signal's reason where it is aborted
 * @example const interval = await bootstrap(values.length, (drawn) => median(drawn, values), { seed: 1 })
 */
export async function bootstrap(
  rows: number | readonly number[],
  statistic: (drawn: Uint32Array) => number,
  options: BootstrapOptions = {},
): Promise<readonly [low: number, high: number] | undefined> {
  const { seed = 0, resamplings = defaultResamplings, value: centre, range: [least, most] = everything } = options;
  checkResamplings(resamplings);
  const done = pace(options);
  const stream = random(seed).split('bootstrap');
  const sets = typeof rows === 'number' ? [rows] : rows;
  const drawn = new Uint32Array(sets.reduce((sum, size) => sum + size, 0));
  const values: number[] = [];
  for (let resampling = 0; resampling < resamplings; resampling++) {
    // A stream of its own for every resampling: the same ones come first, however many follow.
    const draws = stream.split(resampling);
    let first = 0;
    for (const size of sets) {
      for (let row = 0; row < size; row++) drawn[first + row] = first + Math.floor(draws.next() * size);
      first += size;
    }
    const value = statistic(drawn);
    if (!Number.isNaN(value)) values.push(value);
    await done((resampling + 1) / resamplings);
  }
  if (values.length < resamplings / 2) return undefined;
  values.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const bias = centre === undefined ? 0 : values.reduce((sum, value) => sum + value / values.length, 0) - centre;
  const end = (share: number): number => Math.min(most, Math.max(least, quantile(values, share) - bias));
  return [end(low), end(high)];
}

/** The 95 % interval of the mean of values, one per row. */
export async function bootstrapMean(
  values: ArrayLike<number>,
  options: MetricOptions = {},
): Promise<readonly [low: number, high: number] | undefined> {
  return bootstrap(
    values.length,
    (drawn) => {
      let sum = 0;
      for (const row of drawn) sum += values[row] ?? Number.NaN;
      return sum / drawn.length;
    },
    options,
  );
}

/** Seconds that resampling takes on two ordinary cores, where each row drawn costs `operations` simple ones. */
export function bootstrapSeconds(rows: number, operations = 1, resamplings: number = defaultResamplings): number {
  return rows * resamplings * (11e-9 + operations * 1.5e-9);
}
