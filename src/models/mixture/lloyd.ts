// Lloyd's algorithm (1957, 1982): every row to its nearest centre, every centre to the mean of its rows, until nothing moves.
// A pass over the data on the device per iteration; the sum of squared distances never rises.
import type { Random } from '../../runtime/random.js';
import type { RowChunks } from '../row-chunks.js';
import { at } from './emission.js';
import { NearestCentrePass } from './nearest-centre-pass.js';
import { farRow, type RowPool } from './seeding.js';

/** How long to go on. */
export interface LloydOptions {
  readonly rows: RowChunks;
  /** [features], near the mean of the data. */
  readonly shift: Float64Array;
  readonly clusters: number;
  /** Rows that clusters without any are moved to. */
  readonly pool: RowPool;
  readonly stream: Random;
  readonly maxIterations: number;
  /** Stops where the squared distances that the centres move add up to less than this part of the features' mean variance. */
  readonly tolerance: number;
  readonly signal?: AbortSignal;
  /** Told after every iteration. */
  readonly tell?: (inertia: number, restart: number) => Promise<void>;
}

/** What came of one start. */
export interface LloydRun {
  /** [clusters, features] */
  readonly centers: Float64Array;
  /** The rows of each cluster. */
  readonly counts: Float64Array;
  /** The sum of the squared distances of the rows to their centres. */
  readonly inertia: number;
  readonly iterations: number;
  readonly converged: boolean;
  readonly aborted: boolean;
}

/** Runs Lloyd's algorithm from every start; the runs in the order of the starts, fewer where aborted. */
export async function lloyd(starts: readonly Float64Array[], options: LloydOptions): Promise<LloydRun[]> {
  const { rows, clusters, shift } = options;
  const pass = new NearestCentrePass(rows, clusters, shift);
  try {
    const runs: LloydRun[] = [];
    for (const [restart, start] of starts.entries()) {
      if (restart > 0 && options.signal?.aborted === true) break;
      runs.push(await iterate(pass, start, restart, options));
    }
    return runs;
  } finally {
    await pass.dispose();
  }
}

async function iterate(
  pass: NearestCentrePass,
  start: Float64Array,
  restart: number,
  options: LloydOptions,
): Promise<LloydRun> {
  const { tolerance, maxIterations, signal, tell } = options;
  let centers = start;
  let iterations = 0;
  let converged = false;
  while (iterations < maxIterations && !converged && !(iterations > 0 && signal?.aborted === true)) {
    const { counts, means: found, inertia, variance } = await pass.run(centers);
    const means = movedToRows(counts, found, options);
    const moved = means.reduce((total, mean, index) => total + (mean - at(centers, index)) ** 2, 0);
    converged = moved <= tolerance * variance;
    centers = means;
    iterations += 1;
    await tell?.(inertia, restart);
  }
  const { counts, inertia } = await pass.run(centers, 'float64');
  return { centers, counts, inertia, iterations, converged, aborted: !converged && signal?.aborted === true };
}

/** Centres of which those of clusters without rows start again, each at a row that is far from the others. */
export function movedToRows(
  counts: Float64Array,
  means: Float64Array,
  { shift, pool, stream }: Pick<LloydOptions, 'shift' | 'pool' | 'stream'>,
): Float64Array {
  const all = Float64Array.from(means);
  for (const [cluster, count] of counts.entries()) {
    if (count > 0) continue;
    const row = farRow(pool, all, stream);
    if (row !== undefined) all.set(row, cluster * shift.length);
  }
  return all;
}
