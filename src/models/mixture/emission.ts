// What a mixture needs to know about the density of its components: everything else about expectation and maximisation is shared.
import type { Random } from '../../runtime/random.js';
import type { Tensor } from '../../tensor/tensor.js';

/** Numbers in row-major order by name, such as means and covariances. */
export type Parameters = Readonly<Record<string, Float64Array>>;

/** Shapes by name. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** What is known of all rows before the first iteration. */
export interface DataMoments {
  readonly rows: number;
  /** [features], near the mean: what is subtracted from the rows, so that squares do not cancel. */
  readonly shift: Float64Array;
  /** [features], of all rows. */
  readonly variances: Float64Array;
  /** The sums over all rows that the emission asked for by `totals`. */
  readonly totals: Parameters;
}

/** What a maximisation step starts from. */
export interface Expectations {
  /** The sums of the emission's statistics. */
  readonly sums: Parameters;
  /** [components], the sums of the responsibilities. */
  readonly counts: Float64Array;
  readonly moments: DataMoments;
  /** The parameters before the step, which components without rows keep. */
  readonly previous: Parameters;
}

/** The family of densities that a mixture's components come from, for a number of components K of rows of D features. */
export interface Emission {
  /** The shapes of the parameters. */
  readonly shapes: Shapes;
  /** The shapes of what the device is fed. */
  readonly feedShapes: Shapes;
  /** How many numbers the data determines, for information criteria. */
  readonly freeParameters: number;
  /** Rows that the device looks at together, where a megabyte or two of rows is not best. */
  readonly chunkRows?: number;
  /** What the device is fed for some parameters. @throws ConfigError for parameters that are no density */
  feeds(parameters: Parameters, shift: Float64Array): Parameters;
  /**
   * The point [features] that rows are moved by in an iteration, so that as little as possible cancels. Absent: the data's shift in all
   * iterations, which `totals` need.
   */
  centre?(weights: Float64Array, parameters: Parameters): Float64Array;
  /**
   * How much cancels in a log-density: the largest squared distance of a component from the shift, measured by its own covariance.
   * Absent: unknown, so that nothing is computed in float32 unless asked for.
   */
  cancellation?(feeds: Parameters): number;
  /**
   * Of feeds and statistics, the power of the unit that rows are measured in which each holds; those not named hold none. Rows and shift
   * may then be multiples of a unit, as bytes are of 1 / 255. Absent: rows have to be as they are.
   */
  readonly powers?: Readonly<Record<string, number>>;
  /** Rows [N, D] as the other members see them, given the shift [D]. */
  transform(x: Tensor, shift: Tensor): Tensor;
  /** The log-density of every row under every component, [N, K]. */
  logDensities(x: Tensor, feeds: Readonly<Record<string, Tensor>>): Tensor;
  /**
   * What is summed over rows [N, D] with responsibilities [N, K]; at the start, where there are no parameters yet and nothing is fed,
   * the responsibilities are those of the nearest centres.
   */
  statistics(
    x: Tensor,
    responsibilities: Tensor,
    feeds?: Readonly<Record<string, Tensor>>,
  ): Readonly<Record<string, Tensor>>;
  /** What is summed once over all rows, for rows that fill up the last chunk being zero in the weight [N, 1]. */
  totals?(x: Tensor, weight: Tensor): Readonly<Record<string, Tensor>>;
  /** Parameters of components that no row belongs to, at given centres [K, D]. */
  unknown(centres: Float64Array, moments: DataMoments): Parameters;
  /** The parameters that maximise the expected log-likelihood. */
  maximise(expectations: Expectations): Parameters;
  /** The logarithm of the prior that the maximisation takes into account, up to a constant. Absent: none. */
  logPrior?(parameters: Parameters): number;
  /** Draws rows of a component, [D]. */
  sampler(parameters: Parameters): (component: number, stream: Random) => Float64Array;
}

/** A number of an array, zero outside it. */
export function at(values: ArrayLike<number> | undefined, index: number): number {
  return values?.[index] ?? 0;
}

/** Below this sum of responsibilities a component has no rows. */
export const emptyCount = 1e-10;

/** Means [K, D] from sums over shifted rows; components without rows keep theirs. */
export function meansOf(name: string, { sums, counts, moments, previous }: Expectations): Float64Array {
  const features = moments.shift.length;
  return Float64Array.from(sums[name] ?? [], (sum, index) => {
    const count = at(counts, Math.floor(index / features));
    return count < emptyCount ? at(previous.means, index) : sum / count + at(moments.shift, index % features);
  });
}
