// Distances of samples as a share of those of real rows, class by class, and how far the shares may be trusted.
//
//   r = (mean distance of two samples) / (mean distance of two real rows),   value = mean over classes of min(r, 1/r)
//
// Too alike (r < 1) and too unlike (r > 1: noise, broken rows) both lower the value. The interval is a bootstrap of the projection of the
// mean over pairs onto rows (Hoeffding 1948): a row that is drawn twice would be a pair without distance.
import { random } from '../runtime/random.js';
import { bootstrap } from './bootstrap.js';
import { type ClassRows, distancesBetween, distancesWithin, rowsOfClasses } from './class-distances.js';
import type { FeatureRows, MetricOptions } from './metric.js';
import { pace, stage } from './pace.js';

/** Labelled rows. */
export interface Labelled {
  readonly features: FeatureRows;
  /** [rows], whole numbers from 0. */
  readonly labels: ArrayLike<number>;
}

/** What came of comparing distances. */
export interface DistanceRatios {
  /** The mean of min(r, 1/r); NaN where nothing could be compared. */
  readonly value: number;
  readonly interval?: readonly [number, number];
  /** r of each class, or each pair of classes, that could be compared. */
  readonly ratios: readonly { readonly label: number; readonly other: number; readonly ratio: number }[];
  /** Classes of real rows with too few rows, or too few samples, to be compared. */
  readonly leftOut: readonly number[];
}

/** A mean over pairs of rows. */
interface PairMean {
  readonly mean: number;
  /** The mean over the pairs of each row, for each set of rows that pairs are made of. */
  readonly ofRows: readonly Float64Array[];
  /** Ends of a pair that a row can be: 2 where both are of one set. */
  readonly ends: number;
}

interface Comparison {
  readonly label: number;
  readonly other: number;
  readonly samples: PairMean;
  readonly real: PairMean;
}

/** The share of the work after which resampling begins, for progress. */
const resamplingFrom = 0.9;

/** r of each class: how far its rows are from each other. */
export async function ratiosWithin(
  samples: Labelled,
  real: Labelled,
  mostRows: number,
  options: MetricOptions,
): Promise<DistanceRatios> {
  const { pairs, leftOut } = classPairs(samples, real, mostRows, 2, options);
  const step = steps(options, 2 * pairs.length);
  const within = async (rows: ClassRows): Promise<PairMean> => {
    const ofRows = await distancesWithin(rows, step());
    return { mean: meanOf(ofRows), ofRows: [ofRows], ends: 2 };
  };
  const comparisons: Comparison[] = [];
  for (const [ofSamples, ofReal] of pairs) {
    const { label } = ofReal;
    comparisons.push({ label, other: label, samples: await within(ofSamples), real: await within(ofReal) });
  }
  return compare(comparisons, leftOut, options);
}

/** r of each pair of classes: how far the rows of one are from those of the other. */
export async function ratiosBetween(
  samples: Labelled,
  real: Labelled,
  mostRows: number,
  options: MetricOptions,
): Promise<DistanceRatios> {
  const { pairs, leftOut } = classPairs(samples, real, mostRows, 1, options);
  const step = steps(options, pairs.length * (pairs.length - 1));
  const between = async (a: ClassRows, b: ClassRows): Promise<PairMean> => {
    const ofRows = await distancesBetween(a, b, step());
    return { mean: meanOf(ofRows[0]), ofRows, ends: 1 };
  };
  const comparisons: Comparison[] = [];
  for (const [place, [samplesA, realA]] of pairs.entries())
    for (const [samplesB, realB] of pairs.slice(place + 1))
      comparisons.push({
        label: realA.label,
        other: realB.label,
        samples: await between(samplesA, samplesB),
        real: await between(realA, realB),
      });
  return compare(comparisons, leftOut, options);
}

/** min(r, 1/r): 1 where both are equal, 0 where one has no distance at all. */
export function agreement(ratio: number): number {
  return ratio > 1 ? 1 / ratio : Math.max(0, ratio);
}

function classPairs(
  samples: Labelled,
  real: Labelled,
  mostRows: number,
  leastRows: number,
  { seed = 0 }: MetricOptions,
): {
  readonly pairs: readonly (readonly [samples: ClassRows, real: ClassRows])[];
  readonly leftOut: readonly number[];
} {
  // The same choice of both, so that identical sets are found to be identical.
  const ofSamples = rowsOfClasses(samples.features, samples.labels, mostRows, random(seed).split('rows'));
  const ofReal = rowsOfClasses(real.features, real.labels, mostRows, random(seed).split('rows'));
  const pairs: (readonly [ClassRows, ClassRows])[] = [];
  const leftOut: number[] = [];
  for (const rows of ofReal) {
    const drawn = ofSamples.find(({ label }) => label === rows.label);
    if (drawn === undefined || Math.min(drawn.rows, rows.rows) < leastRows) leftOut.push(rows.label);
    else pairs.push([drawn, rows]);
  }
  return { pairs, leftOut };
}

async function compare(
  comparisons: readonly Comparison[],
  leftOut: readonly number[],
  options: MetricOptions,
): Promise<DistanceRatios> {
  // Real rows without any distance have nothing to be compared with.
  const compared = comparisons.filter(({ real }) => real.mean > 0);
  const alike = comparisons.filter(({ real, label, other }) => real.mean === 0 && label === other);
  const sets = compared.flatMap(({ samples, real }) => [...samples.ofRows, ...real.ofRows]);
  const ratios = compared.map(({ label, other, samples, real }) => ({ label, other, ratio: samples.mean / real.mean }));
  const statistic = (drawn: Uint32Array): number => {
    let first = 0;
    const resampled = ({ mean, ofRows, ends }: PairMean): number => {
      let moved = 0;
      for (const rows of ofRows) {
        let sum = 0;
        for (let i = first; i < first + rows.length; i++) sum += rows[(drawn[i] ?? 0) - first] ?? 0;
        moved += sum / rows.length - mean;
        first += rows.length;
      }
      return mean + ends * moved;
    };
    return meanOf(compared.map(({ samples, real }) => agreement(resampled(samples) / resampled(real))));
  };
  const value = meanOf(ratios.map(({ ratio }) => agreement(ratio)));
  const interval =
    compared.length === 0
      ? undefined
      : await bootstrap(
          sets.map(({ length }) => length),
          statistic,
          { ...stage(options, resamplingFrom, 1), value, range: [0, 1] },
        );
  return {
    value,
    ...(interval === undefined ? {} : { interval }),
    ratios,
    leftOut: [...leftOut, ...alike.map(({ label }) => label)].sort((a, b) => a - b),
  };
}

/** What each of so many parts awaits while it works. */
function steps(options: MetricOptions, parts: number): () => (share: number) => Promise<void> {
  let begun = 0;
  return () => {
    const from = (resamplingFrom * begun) / parts;
    begun += 1;
    return pace(stage(options, from, (resamplingFrom * begun) / parts));
  };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}
