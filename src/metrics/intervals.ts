// 95 % intervals of shares and means.
import { random } from '../runtime/random.js';

/** The 97.5 % point of the standard normal distribution. */
export const normalQuantile = 1.959963984540054;

/**
 * The interval of a share, by Wilson's score (1927): within [0, 1], and of use where none or all of few rows count.
 *
 * @example shareInterval(0, 10)   // [0, 0.278]
 */
export function shareInterval(count: number, of: number): readonly [number, number] {
  const z2 = normalQuantile ** 2;
  const share = count / of;
  const centre = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (normalQuantile / (1 + z2 / of)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  return [count === 0 ? 0 : Math.max(0, centre - half), count === of ? 1 : Math.min(1, centre + half)];
}

/** The interval of the mean of `values`: the percentiles of the means of `resamplings` sets drawn from them with replacement. */
export function meanInterval(
  values: ArrayLike<number>,
  { seed = 0, resamplings = 200 }: { readonly seed?: number; readonly resamplings?: number },
): readonly [number, number] {
  const size = values.length;
  const stream = random(seed).split('bootstrap');
  const means = Float64Array.from({ length: resamplings }, () => {
    let total = 0;
    for (let i = 0; i < size; i++) total += values[Math.floor(stream.next() * size)]!;
    return total / size;
  });
  return percentileInterval(means);
}

/** From the 2.5th to the 97.5th percentile of `values`, which are not empty. */
export function percentileInterval(values: ArrayLike<number>): readonly [number, number] {
  const sorted = Float64Array.from(values).sort();
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

/** The quantile of sorted numbers, linear between them, as numpy.quantile has it. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (place - below);
}
