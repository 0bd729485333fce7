// Where clusters and components start: at rows of the data, chosen at random or far from each other.
import type { Dataset } from '../../data/dataset.js';
import type { Random } from '../../runtime/random.js';
import { at } from './emission.js';

/** How starting centres are chosen. */
export type SeedingName = 'k-means++' | 'random';

/** Some of the data's rows, from which centres are chosen: [count, features]. */
export interface RowPool {
  readonly x: Float64Array;
  readonly count: number;
  readonly features: number;
}

/** Rows that are looked at in choosing centres: all of a small data set. */
const poolRows = 8192;

/** Rows to choose centres from, drawn without replacement. */
export async function drawPool(data: Dataset, components: number, stream: Random): Promise<RowPool> {
  const count = Math.min(data.length, Math.max(poolRows, 20 * components));
  const chosen = stream.split('pool').permutation(data.length).subarray(0, count);
  const { x } = await data.gather(chosen);
  return { x: Float64Array.from(x), count, features: x.length / count };
}

/** The mean of the rows, [features], rounded to numbers that float32 has: a point in the midst of the data. */
export function poolMean({ x, count, features }: RowPool): Float64Array {
  const mean = new Float64Array(features);
  for (let row = 0; row < count; row++)
    for (let d = 0; d < features; d++) mean[d] = at(mean, d) + at(x, row * features + d) / count;
  return mean.map(Math.fround);
}

/** Centres [components, features]. */
export function seedCentres(pool: RowPool, components: number, seeding: SeedingName, stream: Random): Float64Array {
  if (seeding === 'k-means++') return farApart(pool, components, stream);
  const order = stream.permutation(pool.count);
  return rowsOf(pool, order.subarray(0, components));
}

/**
 * k-means++ (Arthur and Vassilvitskii 2007), greedy: of several candidates drawn in proportion to their squared distance to the
 * nearest centre, the one that lowers the sum of these distances most becomes the next centre.
 */
function farApart(pool: RowPool, components: number, stream: Random): Float64Array {
  const { count } = pool;
  const chosen = new Uint32Array(components);
  chosen[0] = Math.floor(stream.next() * count);
  let nearest = distancesTo(pool, at(chosen, 0));
  const candidates = 2 + Math.floor(Math.log(components));
  for (let k = 1; k < components; k++) {
    const total = sumOf(nearest);
    let best: { readonly row: number; readonly distances: Float64Array; readonly sum: number } | undefined;
    for (let i = 0; i < candidates; i++) {
      const row = drawProportionally(nearest, total, stream.next());
      const distances = distancesTo(pool, row).map((distance, index) => Math.min(distance, at(nearest, index)));
      const sum = sumOf(distances);
      if (best === undefined || sum < best.sum) best = { row, distances, sum };
    }
    if (best === undefined) break;
    chosen[k] = best.row;
    nearest = best.distances;
  }
  return rowsOf(pool, chosen);
}

/** A row drawn in proportion to its distance to the nearest of the centres; undefined where all rows are centres. */
export function farRow(pool: RowPool, centres: Float64Array, stream: Random): Float64Array | undefined {
  const { count, features, x } = pool;
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < count; row++)
    for (let start = 0; start < centres.length; start += features) {
      const distance = squaredDistance(x, row * features, centres, start, features);
      nearest[row] = Math.min(at(nearest, row), distance);
    }
  const total = sumOf(nearest);
  return total > 0 ? rowsOf(pool, [drawProportionally(nearest, total, stream.next())]) : undefined;
}

/** The squared Euclidean distance of two vectors that stand somewhere in arrays. */
export function squaredDistance(
  a: Float64Array | Float32Array,
  startA: number,
  b: Float64Array | Float32Array,
  startB: number,
  features: number,
): number {
  let sum = 0;
  for (let d = 0; d < features; d++) {
    const difference = (a[startA + d] ?? 0) - (b[startB + d] ?? 0);
    sum += difference * difference;
  }
  return sum;
}

function distancesTo({ x, count, features }: RowPool, centre: number): Float64Array {
  const distances = new Float64Array(count);
  for (let row = 0; row < count; row++)
    distances[row] = squaredDistance(x, row * features, x, centre * features, features);
  return distances;
}

function drawProportionally(weights: Float64Array, total: number, uniform: number): number {
  // Where all weights are zero, every row is as good.
  if (!(total > 0)) return Math.floor(uniform * weights.length);
  let left = uniform * total;
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.length - 1;
}

function rowsOf({ x, features }: RowPool, rows: ArrayLike<number>): Float64Array {
  const values = new Float64Array(rows.length * features);
  for (let i = 0; i < rows.length; i++)
    values.set(x.subarray(at(rows, i) * features, (at(rows, i) + 1) * features), i * features);
  return values;
}

function sumOf(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}
