// Lloyd's algorithm (1957, 1982): every row to its nearest centre, every centre to the mean of its rows, until nothing moves.
// A pass over the data on the device per iteration; the sum of squared distances never rises.
import type { Dataset } from '../../data/dataset.js';
import type { Random } from '../../runtime/random.js';
import type { Runtime } from '../../runtime/runtime.js';
import { multiply, square, subtract } from '../../tensor/operators/arithmetic.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { max, sum } from '../../tensor/operators/reduce.js';
import { RowReduction } from '../row-reduction.js';
import { at } from './emission.js';
import { arraysOf } from './expectation-maximisation.js';
import { given } from './gaussian.js';
import { nearestCentre } from './nearest-centre.js';
import { farRow, type RowPool } from './seeding.js';

/** How long to go on. */
export interface LloydOptions {
  readonly runtime: Runtime;
  readonly data: Dataset;
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
  const { runtime, data, clusters, shift } = options;
  const features = shift.length;
  const squares = await sumOfSquares(options);
  const reduction = await RowReduction.open(runtime, {
    name: 'k-means',
    data,
    parameters: { shift: [features], centres: [clusters, features] },
    statistics({ x: rows, weight }, { shift: moved, centres }) {
      const x = subtract(rows, given(moved));
      const { assignments, closeness } = nearestCentre(x, subtract(given(centres), given(moved)));
      const counted = multiply(assignments, weight);
      return {
        counts: sum(counted, { axes: 0 }),
        sums: matmul(counted, x, { transposeA: true }),
        closeness: sum(multiply(max(closeness, { axes: 1, keepAxes: true }), weight)),
      };
    },
  });
  try {
    const runs: LloydRun[] = [];
    for (const [restart, start] of starts.entries()) {
      if (restart > 0 && options.signal?.aborted === true) break;
      runs.push(await iterate(reduction, start, restart, { ...options, squares }));
    }
    return runs;
  } finally {
    await reduction.dispose();
  }
}

/** The squared distances of all rows to the shift, which no iteration changes. */
async function sumOfSquares({ runtime, data, shift }: LloydOptions): Promise<number> {
  const reduction = await RowReduction.open(runtime, {
    name: 'sum of squares',
    data,
    parameters: { shift: [shift.length] },
    statistics: ({ x, weight }, { shift: moved }) => ({
      squares: sum(multiply(square(subtract(x, given(moved))), weight)),
    }),
  });
  try {
    const values = await reduction.run({ shift: { dtype: 'float64', shape: [shift.length], data: shift } });
    return Number(values.squares?.data[0]);
  } finally {
    await reduction.dispose();
  }
}

interface Pass {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly inertia: number;
  /** The mean over the features of the rows' variance. */
  readonly variance: number;
}

async function iterate(
  reduction: RowReduction,
  start: Float64Array,
  restart: number,
  options: LloydOptions & { readonly squares: number },
): Promise<LloydRun> {
  const { clusters, shift, tolerance, maxIterations, signal, tell } = options;
  const features = shift.length;
  const pass = async (centres: Float64Array): Promise<Pass> => {
    const values = arraysOf(
      await reduction.run({
        shift: { dtype: 'float64', shape: [features], data: shift },
        centres: { dtype: 'float64', shape: [clusters, features], data: centres },
      }),
    );
    const rows = options.data.length;
    const total = new Float64Array(features);
    for (const [index, value] of (values.sums ?? new Float64Array()).entries())
      total[index % features] = at(total, index % features) + value / rows;
    const ofMean = total.reduce((square, mean) => square + mean ** 2, 0);
    return {
      counts: values.counts ?? new Float64Array(),
      sums: values.sums ?? new Float64Array(),
      inertia: Math.max(options.squares - 2 * at(values.closeness, 0), 0),
      variance: Math.max(options.squares / rows - ofMean, 0) / features,
    };
  };
  let centers = start;
  let iterations = 0;
  let converged = false;
  while (iterations < maxIterations && !converged && !(iterations > 0 && signal?.aborted === true)) {
    const { counts, sums, inertia, variance } = await pass(centers);
    const means = meansOf(counts, sums, centers, options);
    const moved = means.reduce((total, mean, index) => total + (mean - at(centers, index)) ** 2, 0);
    converged = moved <= tolerance * variance;
    centers = means;
    iterations += 1;
    await tell?.(inertia, restart);
  }
  const { counts, inertia } = await pass(centers);
  return { centers, counts, inertia, iterations, converged, aborted: !converged && signal?.aborted === true };
}

/** The means of the clusters' rows; a cluster without rows starts again at a row that is far from the others. */
function meansOf(
  counts: Float64Array,
  sums: Float64Array,
  before: Float64Array,
  { shift, pool, stream }: LloydOptions,
): Float64Array {
  const features = shift.length;
  const means = Float64Array.from(sums, (sum, index) => {
    const count = at(counts, Math.floor(index / features));
    return count === 0 ? at(before, index) : sum / count + at(shift, index % features);
  });
  for (const [cluster, count] of counts.entries()) {
    if (count > 0) continue;
    const row = farRow(pool, means, stream);
    if (row !== undefined) means.set(row, cluster * features);
  }
  return means;
}
