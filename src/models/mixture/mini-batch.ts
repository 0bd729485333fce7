// Mini-batch k-means (Sculley 2010): a few rows at a time go to their nearest centres, and every centre is the mean of all rows that it
// was given so far,
//
//   v_k <- v_k + b_k,   c_k <- c_k + (sum of the batch's rows of k - b_k c_k) / v_k
//
// so that a pass over all the data changes the centres many times. Rows are read in a new random order in every epoch. It stops where the
// mean squared distance of the batches, smoothed over about half an epoch, has not become smaller for a number of batches.
import { batcher } from '../../data/batching.js';
import type { Dataset } from '../../data/dataset.js';
import type { CompiledProgram, Runtime } from '../../runtime/runtime.js';
import { square, subtract } from '../../tensor/operators/arithmetic.js';
import { cast } from '../../tensor/operators/cast.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { max, sum } from '../../tensor/operators/reduce.js';
import { input } from '../../tensor/operators/source.js';
import { lowerProgram, type Program } from '../../tensor/program.js';
import { RowChunks } from '../row-chunks.js';
import { at } from './emission.js';
import { type LloydOptions, type LloydRun, movedToRows } from './lloyd.js';
import { arraysOf } from './mixture-values.js';
import { nearestCentre } from './nearest-centre.js';
import { NearestCentrePass } from './nearest-centre-pass.js';

/** How long to go on, and with how many rows at a time. `maxIterations` counts batches. */
export interface MiniBatchOptions extends Omit<LloydOptions, 'rows' | 'tolerance'> {
  readonly runtime: Runtime;
  readonly data: Dataset;
  readonly batchSize: number;
  /** Stops after so many batches that have not lowered the smoothed distance. */
  readonly patience: number;
}

/** Runs the algorithm from every start; the runs in the order of the starts, fewer where aborted. */
export async function miniBatch(starts: readonly Float64Array[], options: MiniBatchOptions): Promise<LloydRun[]> {
  const { runtime, data, clusters, shift } = options;
  const batchSize = Math.min(options.batchSize, data.length);
  const program = await runtime.compile(lowerProgram(batchProgram(batchSize, clusters, shift.length)));
  // The inertia of all rows takes one pass per start: they are not worth keeping in memory for it.
  const rows = await RowChunks.open(runtime, { data, memoryBudget: 0 });
  const pass = new NearestCentrePass(rows, clusters, shift);
  try {
    const runs: LloydRun[] = [];
    for (const [restart, start] of starts.entries()) {
      if (restart > 0 && options.signal?.aborted === true) break;
      const run = await iterate(program, start, restart, { ...options, batchSize });
      const { counts, inertia } = await pass.run(run.centers, 'float64');
      runs.push({ ...run, counts, inertia });
    }
    return runs;
  } finally {
    await program.dispose();
    await pass.dispose();
    await rows.dispose();
  }
}

/** The sums of a batch x [rows, features] about the shift, in float64. */
function batchProgram(rows: number, clusters: number, features: number): Program {
  const shift = input('shift', [features], 'float64');
  const x = subtract(cast(input('x', [rows, features]), 'float64'), shift);
  const { assignments, closeness } = nearestCentre(
    x,
    subtract(input('centres', [clusters, features], 'float64'), shift),
  );
  return {
    name: 'k-means batch',
    results: {
      counts: sum(assignments, { axes: 0 }),
      sums: matmul(assignments, x, { transposeA: true }),
      squares: sum(square(x)),
      closeness: sum(max(closeness, { axes: 1 })),
    },
  };
}

async function iterate(
  program: CompiledProgram,
  start: Float64Array,
  restart: number,
  options: MiniBatchOptions,
): Promise<Omit<LloydRun, 'counts' | 'inertia'>> {
  const { data, clusters, shift, stream, batchSize, patience, maxIterations, signal, tell } = options;
  const features = shift.length;
  const order = stream.split('batches').split(restart);
  const batches = batcher({ length: data.length, batchSize, seed: Math.floor(order.next() * 2 ** 32) });
  const read = async (step: number) => (await data.gather(batches.at(step).indices)).x;
  const given = new Float64Array(clusters);
  const smoothing = Math.min((2 * batchSize) / (data.length + 1), 1);
  let centers = start;
  let smoothed: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  let withoutGain = 0;
  let iterations = 0;
  let next = read(0);
  while (iterations < maxIterations && withoutGain < patience && !(iterations > 0 && signal?.aborted === true)) {
    const x = await next;
    const running = program.run({
      x: { dtype: 'float32', shape: [batchSize, features], data: x },
      shift: { dtype: 'float64', shape: [features], data: shift },
      centres: { dtype: 'float64', shape: [clusters, features], data: centers },
    });
    iterations += 1;
    // While the device works; a row that cannot be read is reported when its turn comes.
    next = iterations < maxIterations ? read(iterations) : Promise.resolve(new Float32Array());
    next.catch(() => {});
    const { counts = given, sums, squares, closeness } = arraysOf(await running);
    const distance = Math.max(at(squares, 0) - 2 * at(closeness, 0), 0) / batchSize;
    smoothed = smoothed === undefined ? distance : smoothed + smoothing * (distance - smoothed);
    withoutGain = smoothed < least ? 0 : withoutGain + 1;
    least = Math.min(least, smoothed);
    for (const [k, count] of counts.entries()) given[k] = at(given, k) + count;
    centers = movedToRows(
      given,
      centers.map((centre, index) => {
        const k = Math.floor(index / features);
        if (at(counts, k) === 0) return centre;
        return centre + (at(sums, index) - at(counts, k) * (centre - at(shift, index % features))) / at(given, k);
      }),
      options,
    );
    await tell?.(smoothed * data.length, restart);
    if (!Number.isFinite(smoothed)) break;
  }
  const converged = withoutGain >= patience;
  return { centers, iterations, converged, aborted: !converged && signal?.aborted === true };
}
