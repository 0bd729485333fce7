// Concentration: from the Gaussian of some rows to that of the h rows nearest to it, again and again (the C-step of Rousseeuw and Van
// Driessen 1999, theorem 1). The determinant never rises, so that it ends.
//
//   H' = the h rows with the smallest d^2(x) = (x - mean_H)' K_H^-1 (x - mean_H)          det K_H' <= det K_H
//
// K = S + floor I, S the covariance of the subset. That the floor keeps the determinant from rising is theorem 1 of Boudt, Rousseeuw,
// Vanduffel and Verdonck 2020, who regularise so where a subset does not span all dimensions.
import { factorise, type InverseFactor } from '../bayes/triangular.js';

/** Rows in float64. */
export interface RowTable {
  /** [count, size] */
  readonly values: Float64Array;
  readonly count: number;
  readonly size: number;
}

/** The Gaussian of a subset of rows. */
export interface SubsetGaussian {
  /** The numbers of the rows, rising. */
  readonly rows: Uint32Array;
  /** [size] */
  readonly mean: Float64Array;
  /** S [size, size], by maximum likelihood: without the floor. */
  readonly covariance: Float64Array;
  /** Of K = S + floor I. */
  readonly factors: InverseFactor;
}

/** Lets other work run, and throws where the caller wants no more. */
export type Pause = () => Promise<void>;

/** How to concentrate. */
export interface ConcentrationOptions {
  /** h: rows of a subset. */
  readonly support: number;
  readonly floor: number;
  /** Steps at most. Default: until the determinant falls no more. */
  readonly steps?: number;
  readonly pause: Pause;
}

/** The end of some steps. */
export interface Concentration {
  readonly gaussian: SubsetGaussian;
  /** log det K after each step, never rising. */
  readonly logDeterminants: readonly number[];
}

/** Steps from a subset of any size; undefined where its covariance is singular in spite of the floor. */
export async function concentrate(
  table: RowTable,
  start: Uint32Array,
  { support, floor, steps = Number.POSITIVE_INFINITY, pause }: ConcentrationOptions,
): Promise<Concentration | undefined> {
  let gaussian = subsetGaussian(table, start, floor);
  const logDeterminants: number[] = [];
  for (let step = 0; step < steps && gaussian !== undefined; step++) {
    await pause();
    const rows = nearestRows(distancesTo(table, gaussian), support);
    const next = subsetGaussian(table, rows, floor);
    if (next === undefined) return undefined;
    // The start's determinant is of another number of rows, and does not count. Rounding may let one rise in the last digits.
    const last = logDeterminants.at(-1);
    if (last !== undefined && next.factors.logDeterminant >= last) break;
    gaussian = next;
    logDeterminants.push(next.factors.logDeterminant);
  }
  return gaussian === undefined ? undefined : { gaussian, logDeterminants };
}

/** The Gaussian of some rows; undefined where its covariance is singular in spite of the floor. */
export function subsetGaussian(
  { values, size }: RowTable,
  rows: Uint32Array,
  floor: number,
): SubsetGaussian | undefined {
  const mean = new Float64Array(size);
  for (const row of rows) for (let i = 0; i < size; i++) mean[i]! += values[row * size + i]!;
  for (let i = 0; i < size; i++) mean[i]! /= rows.length;
  const covariance = scatterAbout(mean, values, rows).map((scatter) => scatter / rows.length);
  const regularised = covariance.slice();
  for (let i = 0; i < size; i++) regularised[i * size + i]! += floor;
  const factors = factorise(regularised, size);
  return factors === undefined ? undefined : { rows, mean, covariance, factors };
}

/** sum (x - mean)(x - mean)' over some rows, [size, size]. */
function scatterAbout(mean: Float64Array, values: Float64Array, rows: Uint32Array): Float64Array {
  const size = mean.length;
  const scatter = new Float64Array(size * size);
  // Four rows at a time, which halves the time; what is missing of the last four stays zero.
  const four = new Float64Array(4 * size);
  for (let first = 0; first < rows.length; first += 4) {
    four.fill(0);
    for (let k = 0; k < Math.min(4, rows.length - first); k++)
      for (let i = 0; i < size; i++) four[4 * i + k] = values[rows[first + k]! * size + i]! - mean[i]!;
    for (let i = 0; i < size; i++) {
      const [a, b, c, d] = [four[4 * i]!, four[4 * i + 1]!, four[4 * i + 2]!, four[4 * i + 3]!];
      for (let j = 0; j <= i; j++)
        scatter[i * size + j]! += a * four[4 * j]! + b * four[4 * j + 1]! + c * four[4 * j + 2]! + d * four[4 * j + 3]!;
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) scatter[j * size + i] = scatter[i * size + j]!;
  return scatter;
}

/** d^2 of every row. */
export function distancesTo({ values, count, size }: RowTable, { mean, factors }: SubsetGaussian): Float64Array {
  const { inverse } = factors;
  const centred = new Float64Array(size);
  const distances = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < size; i++) centred[i] = values[row * size + i]! - mean[i]!;
    let distance = 0;
    for (let i = 0; i < size; i++) {
      let whitened = 0;
      for (let j = 0; j <= i; j++) whitened += inverse[i * size + j]! * centred[j]!;
      distance += whitened * whitened;
    }
    distances[row] = distance;
  }
  return distances;
}

/** The numbers of the `count` rows with the smallest distances, rising; of equal ones, the first. */
export function nearestRows(distances: Float64Array, count: number): Uint32Array {
  const limit = distances.toSorted()[count - 1] ?? Number.POSITIVE_INFINITY;
  let left = count - distances.reduce((number, distance) => number + Number(distance < limit), 0);
  const rows: number[] = [];
  for (const [row, distance] of distances.entries())
    if (distance < limit || (distance === limit && left-- > 0)) rows.push(row);
  return Uint32Array.from(rows);
}
