// A Parzen window around samples: the density that a Gaussian around each of them adds up to (Parzen 1962).
//
//   log p(x) = log 1/M sum_m N(x; s_m, h^2 I) = log sum_m exp(-|x - s_m|^2 / 2 h^2) - log M - D/2 log(2 pi h^2)
import type { Runtime } from '../runtime/runtime.js';
import { meanOf, squaredDistance, squaresOf } from './distances.js';
import type { FeatureRows } from './metric.js';
import { type ProductOptions, visitProducts } from './row-products.js';

/** A distance is computed term by term where it is this small beside the lengths of the rows: their products cancel too many digits. */
const cancelling = 1e-3;

/** Terms this much smaller than the largest, in nats, change no digit of a sum. */
const negligible = 45;

/** Squared distances of some rows from all samples. */
export interface WindowDistances {
  /** [rows, samples]. */
  readonly squares: Float64Array;
  /** The least of each row, [rows]. */
  readonly least: Float64Array;
  readonly samples: number;
  readonly width: number;
}

/** |x - s|^2 of all rows and all samples: 0 for equal rows, and only for them. */
export async function windowDistances(
  runtime: Runtime,
  samples: FeatureRows,
  rows: FeatureRows,
  options: Omit<ProductOptions, 'centre' | 'lowerOnly'> = {},
): Promise<WindowDistances> {
  const centre = meanOf(samples);
  const [ofRows, ofSamples] = [squaresOf(rows, centre), squaresOf(samples, centre)];
  const squares = new Float64Array(rows.rows * samples.rows);
  const least = new Float64Array(rows.rows).fill(Number.POSITIVE_INFINITY);
  await visitProducts(
    runtime,
    rows,
    samples,
    ({ firstA, endA, firstB, endB, products, stride }) => {
      for (let i = firstA; i < endA; i++) {
        const at = (i - firstA) * stride - firstB;
        for (let m = firstB; m < endB; m++) {
          const both = ofRows[i]! + ofSamples[m]!;
          const rounded = both - 2 * products[at + m]!;
          const square = rounded < cancelling * both ? squaredDistance(rows, i, samples, m) : rounded;
          squares[i * samples.rows + m] = square;
          if (square < least[i]!) least[i] = square;
        }
      }
    },
    { ...options, centre },
  );
  return { squares, least, samples: samples.rows, width: samples.width };
}

/** log p of each row under windows of a bandwidth, in nats: [rows]. */
export function windowLogDensities(
  { squares, least, samples, width }: WindowDistances,
  bandwidth: number,
): Float64Array {
  const scale = 1 / (2 * bandwidth ** 2);
  const constant = Math.log(samples) + (width / 2) * Math.log(2 * Math.PI * bandwidth ** 2);
  return least.map((nearest, row) => {
    let sum = 0;
    for (let i = row * samples; i < (row + 1) * samples; i++) {
      const below = (squares[i]! - nearest) * scale;
      if (below < negligible) sum += Math.exp(-below);
    }
    return Math.log(sum) - nearest * scale - constant;
  });
}

/** Bandwidths tried at first, evenly on a logarithmic scale; then the best one's surroundings, to two ten-thousandths. */
const tries = 12;
const precision = 2e-4;
/** The least bandwidth, as a share of the largest: rows that equal samples would like it to be 0. */
const leastShare = 1e-3;

/**
 * The bandwidth under which rows are most probable.
 *
 * Setting the derivative to 0 gives h^2 = mean over rows of a weighted mean of |x - s_m|^2 / D, weights summing to 1: so h^2 is no less
 * than the mean of the least squared distance, and no more than the mean of all, and is looked for in between.
 *
 * @returns isLeast where rows equal samples so often that the bandwidth came out at the least one looked at
 */
export async function bestBandwidth(
  distances: WindowDistances,
  done: (share: number) => Promise<void>,
): Promise<{ readonly bandwidth: number; readonly isLeast: boolean }> {
  const { squares, least, width } = distances;
  const highest = Math.sqrt(mean(squares) / width);
  const lowest = Math.max(Math.sqrt(mean(least) / width), highest * leastShare);
  const [low, high] = [Math.log(lowest), Math.log(highest)];
  const step = (high - low) / (tries - 1);
  const passes = tries + 3 + Math.max(0, Math.ceil(Math.log(precision / (2 * step)) / Math.log(golden)));
  let pass = 0;
  const at = async (logBandwidth: number): Promise<number> => {
    const value = mean(windowLogDensities(distances, Math.exp(logBandwidth)));
    pass += 1;
    await done(Math.min(1, pass / passes));
    return value;
  };
  let best = low;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const value = await at(low + i * step);
    if (value > bestValue) {
      best = low + i * step;
      bestValue = value;
    }
  }
  // Golden-section search (Kiefer 1953) between the neighbours of the best.
  let [a, b] = [Math.max(low, best - step), Math.min(high, best + step)];
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)];
  let [atC, atD] = [await at(c), await at(d)];
  while (b - a > precision) {
    if (atC > atD) {
      [b, d, atD] = [d, c, atC];
      c = b - golden * (b - a);
      atC = await at(c);
    } else {
      [a, c, atC] = [c, d, atD];
      d = a + golden * (b - a);
      atD = await at(d);
    }
  }
  const middle = (a + b) / 2;
  const bandwidth = Math.exp((await at(middle)) >= bestValue ? middle : best);
  return { bandwidth, isLeast: bandwidth <= highest * leastShare * 1.01 };
}

const golden = (Math.sqrt(5) - 1) / 2;

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
