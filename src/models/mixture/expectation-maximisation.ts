// Expectation and maximisation (Dempster, Laird and Rubin 1977) for mixtures of any emission. An iteration is one pass over the data on
// the device, which weighs every row's components by their responsibilities and sums what the maximisation needs:
//
//   r_nk = w_k p(x_n | k) / sum_j w_j p(x_n | j),   bound = mean_n log sum_k w_k p(x_n | k)   (plus the log-prior, where there is one)
import { ConfigError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import type { Runtime, Value, Values } from '../../runtime/runtime.js';
import { add, divide, multiply, subtract } from '../../tensor/operators/arithmetic.js';
import { cast } from '../../tensor/operators/cast.js';
import { exp, log } from '../../tensor/operators/exponential.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { max, sum } from '../../tensor/operators/reduce.js';
import type { Tensor } from '../../tensor/tensor.js';
import { RowReduction } from '../row-reduction.js';
import { at, type DataMoments, type Emission, type Parameters, type Shapes } from './emission.js';
import { given } from './gaussian.js';

/** The weights of the components, and what the emission says of them. */
export interface Mixture {
  readonly weights: Float64Array;
  readonly parameters: Parameters;
}

/** What the iterations need. */
export interface EmOptions {
  readonly runtime: Runtime;
  readonly data: Dataset;
  readonly emission: Emission;
  readonly moments: DataMoments;
  /** Stops where the bound changes by less. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** What the products are computed in; sums are always float64. */
  readonly precision: 'float64' | 'float32';
  readonly signal?: AbortSignal;
  /** Told after every iteration. */
  readonly tell?: (bound: number, restart: number) => Promise<void>;
}

/** What came of one start. */
export interface EmRun {
  readonly mixture: Mixture;
  /** The bound of every iteration, before its maximisation. */
  readonly lowerBounds: readonly number[];
  readonly converged: boolean;
  readonly aborted: boolean;
}

/** Runs EM from every start and gives the run with the highest bound. @throws ConfigError where numbers overflow */
export async function maximiseLikelihood(starts: readonly Mixture[], options: EmOptions): Promise<EmRun> {
  const { runtime, data, emission, precision } = options;
  const components = starts[0]?.weights.length ?? 0;
  const features = options.moments.shift.length;
  const reduction = await RowReduction.open(runtime, {
    name: 'expectation',
    data,
    parameters: { shift: [features], weights: [components], ...emission.feedShapes },
    ...(emission.chunkRows === undefined ? {} : { chunkRows: Math.min(data.length, emission.chunkRows) }),
    precision,
    statistics({ x: rows, weight }, { shift, weights, ...feeds }) {
      const x = emission.transform(rows, cast(given(shift), precision));
      const joint = jointDensities(emission, x, given(weights), feeds);
      // The logarithm of the sum and the shares in it, with one exponential for both.
      const largest = max(joint, { axes: 1, keepAxes: true });
      const scaled = exp(subtract(joint, largest));
      const total = sum(scaled, { axes: 1, keepAxes: true });
      const responsibilities = multiply(scaled, divide(weight, total));
      return {
        'mixture/bound': matmul(weight, add(largest, log(total)), { transposeA: true }),
        'mixture/counts': matmul(weight, responsibilities, { transposeA: true }),
        ...inFloat64(emission.statistics(x, cast(responsibilities, precision))),
      };
    },
  });
  try {
    let best: EmRun | undefined;
    for (const [restart, start] of starts.entries()) {
      if (restart > 0 && options.signal?.aborted === true) break;
      const run = await iterate(reduction, start, restart, options);
      if (
        best === undefined ||
        at(run.lowerBounds, run.lowerBounds.length - 1) > at(best.lowerBounds, best.lowerBounds.length - 1)
      )
        best = { ...run, aborted: run.aborted || best?.aborted === true };
      else best = { ...best, aborted: run.aborted };
    }
    if (best === undefined) throw new ConfigError('A mixture needs at least one start.');
    return best;
  } finally {
    await reduction.dispose();
  }
}

/** log w_k + log p(x | k) of rows that have been transformed, [N, K] in float64. */
export function jointDensities(
  emission: Emission,
  x: Tensor,
  logWeights: Tensor,
  feeds: Readonly<Record<string, Tensor>>,
): Tensor {
  const narrow = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, cast(feed, x.dtype)]));
  return add(cast(emission.logDensities(x, narrow), 'float64'), logWeights);
}

/** What the device is fed for a mixture. */
export function mixtureFeeds(emission: Emission, { weights, parameters }: Mixture, shift: Float64Array): Values {
  return {
    shift: value(shift, [shift.length]),
    weights: value(weights.map(logWeight), [weights.length]),
    ...valuesOf(emission.feeds(parameters, shift), emission.feedShapes),
  };
}

/** Arrays with their shapes. */
export function valuesOf(arrays: Parameters, shapes: Shapes): Values {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, value(arrays[name] ?? new Float64Array(), shape)]),
  );
}

/** The arrays of values. */
export function arraysOf(values: Values): Parameters {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, { data }]) => (data instanceof Float64Array ? [[name, data] as const] : [])),
  );
}

/** Statistics as float64. */
export function inFloat64(tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, cast(tensor, 'float64')]));
}

async function iterate(reduction: RowReduction, start: Mixture, restart: number, options: EmOptions): Promise<EmRun> {
  const { emission, moments, tolerance, maxIterations, signal, tell } = options;
  const lowerBounds: number[] = [];
  let mixture = start;
  while (lowerBounds.length < maxIterations) {
    const sums = arraysOf(await reduction.run(mixtureFeeds(emission, mixture, moments.shift)));
    const prior = emission.logPrior?.(mixture.parameters) ?? 0;
    const bound = (at(sums['mixture/bound'], 0) + prior) / moments.rows;
    if (!Number.isFinite(bound)) throw overflow(bound, lowerBounds.length + 1, options.precision);
    const counts = sums['mixture/counts'] ?? new Float64Array();
    mixture = {
      weights: counts.map((count) => count / moments.rows),
      parameters: emission.maximise({ sums, counts, moments, previous: mixture.parameters }),
    };
    const before = lowerBounds.at(-1);
    lowerBounds.push(bound);
    await tell?.(bound, restart);
    if (before !== undefined && Math.abs(bound - before) < tolerance)
      return { mixture, lowerBounds, converged: true, aborted: false };
    if (signal?.aborted === true) return { mixture, lowerBounds, converged: false, aborted: true };
  }
  return { mixture, lowerBounds, converged: false, aborted: false };
}

/** A component without rows is as good as impossible, but its logarithm is a number. */
function logWeight(weight: number): number {
  return Math.log(Math.max(weight, Number.MIN_VALUE));
}

function value(data: Float64Array, shape: readonly number[]): Value {
  return { dtype: 'float64', shape, data };
}

function overflow(bound: number, iteration: number, precision: string): ConfigError {
  const remedy = precision === 'float32' ? "Use precision: 'float64', or standardise" : 'Standardise';
  return new ConfigError(
    `The log-likelihood became ${bound} in iteration ${iteration}: the numbers of the data are too large or not finite. ` +
      `${remedy} the features, and remove rows that are not finite.`,
  );
}
