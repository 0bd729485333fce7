// The expectation of an EM iteration: one pass over the data on the device. It weighs every row's components by their responsibilities,
// and sums what the maximisation needs; sums over chunks of rows are always float64.
//
// Products are float32 where that loses nothing that matters. Squares of rows and means are added up to squared distances, so that with
// a component at distance d from where rows are moved to, by its own covariance, about d^2 2^-24 of a log-density and of a variance is
// rounding. So rows are moved to where d^2 is small, not at all where it is small anyway, and where it is not, the pass is float64.
import { add, divide, multiply, subtract } from '../../tensor/operators/arithmetic.js';
import { cast } from '../../tensor/operators/cast.js';
import { exp, log } from '../../tensor/operators/exponential.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { max, sum } from '../../tensor/operators/reduce.js';
import { scalar } from '../../tensor/operators/source.js';
import type { RowChunks } from '../row-chunks.js';
import { RowReduction } from '../row-reduction.js';
import { at, type Emission, type Parameters } from './emission.js';
import { given } from './gaussian.js';
import { arraysOf, castAll, inFloat64, inUnit, jointDensities, type Mixture, mixtureFeeds } from './mixture-values.js';

/** What products are computed in: 'auto' is float32 where its rounding is far below the spread of every component. */
export type Precision = 'auto' | 'float64' | 'float32';

/** d^2 up to which products are float32: rounding is then below 2^-12 of a variance, and of a nat. */
const mostCancellation = 2 ** 12;
/** Numbers from which on float32 can save time that anybody notices. */
const leastValues = 2 ** 20;
/** Beyond it squares may leave the range of float32. */
const largestFeed = 1e30;

/** How a pass computes: rows moved by a shift or left where they are. */
interface Way {
  readonly precision: 'float64' | 'float32';
  readonly isMoved: boolean;
}

/** Passes over some rows under mixtures of one emission. */
export class Expectation {
  readonly #rows: RowChunks;
  readonly #emission: Emission;
  readonly #precision: Precision;
  readonly #reductions = new Map<string, RowReduction>();

  constructor(rows: RowChunks, emission: Emission, precision: Precision) {
    this.#rows = rows;
    this.#emission = emission;
    this.#precision = precision;
  }

  /**
   * The sums of the emission's statistics over rows moved by a shift, with 'mixture/bound', the sum of the rows' log-densities, and
   * 'mixture/counts', that of their responsibilities.
   *
   * @param usual what rows are moved by unless the emission knows better, [features]
   */
  async sums(
    mixture: Mixture,
    usual: Float64Array,
  ): Promise<{ readonly sums: Parameters; readonly shift: Float64Array }> {
    const { way, shift, feeds } = this.#choose(mixture, usual);
    const sums = await this.#run(mixture, shift, feeds, way);
    const isUsable = Number.isFinite(at(sums['mixture/bound'], 0));
    if (isUsable || way.precision === 'float64' || this.#precision === 'float32') return { sums, shift };
    // Numbers that float32 has not.
    const wide = this.#centre(mixture, usual);
    const again = { precision: 'float64', isMoved: true } as const;
    return { sums: await this.#run(mixture, wide, this.#emission.feeds(mixture.parameters, wide), again), shift: wide };
  }

  async dispose(): Promise<void> {
    for (const reduction of this.#reductions.values()) await reduction.dispose();
    this.#reductions.clear();
  }

  #choose(mixture: Mixture, usual: Float64Array) {
    const { parameters } = mixture;
    const isNarrow = this.#precision === 'float32' || (this.#precision === 'auto' && this.#isLarge());
    if (isNarrow && this.#emission.centre !== undefined) {
      const shift = new Float64Array(usual.length);
      const feeds = this.#emission.feeds(parameters, shift);
      if (this.#isSafe(feeds)) return { way: { precision: 'float32', isMoved: false }, shift, feeds } as const;
    }
    const shift = this.#centre(mixture, usual);
    const feeds = this.#emission.feeds(parameters, shift);
    const precision = this.#precision === 'float32' || (isNarrow && this.#isSafe(feeds)) ? 'float32' : 'float64';
    return { way: { precision, isMoved: true }, shift, feeds } as const;
  }

  /** What rows are moved by: numbers that float32 has, so that it is the same in every precision. */
  #centre({ weights, parameters }: Mixture, usual: Float64Array): Float64Array {
    return Float64Array.from(this.#emission.centre?.(weights, parameters) ?? usual, Math.fround);
  }

  #isLarge(): boolean {
    return this.#rows.data.length * this.#rows.features >= leastValues;
  }

  #isSafe(feeds: Parameters): boolean {
    const cancellation = this.#emission.cancellation?.(feeds) ?? Number.POSITIVE_INFINITY;
    // Written so that NaN is not safe.
    return (
      cancellation <= mostCancellation &&
      Object.values(feeds).every((values) => values.every((value) => Math.abs(value) <= largestFeed))
    );
  }

  async #run(mixture: Mixture, shift: Float64Array, feeds: Parameters, way: Way): Promise<Parameters> {
    const reduction = await this.#reduction(way, mixture.weights.length);
    return arraysOf(await reduction.run(mixtureFeeds(this.#emission, mixture.weights, shift, feeds)));
  }

  async #reduction({ precision, isMoved }: Way, components: number): Promise<RowReduction> {
    const emission = this.#emission;
    const key = `${precision} ${isMoved}`;
    const known = this.#reductions.get(key);
    if (known !== undefined) return known;
    const reduction = await RowReduction.over(this.#rows, {
      name: 'expectation',
      precision,
      parameters: { shift: [this.#rows.features], weights: [components], ...emission.feedShapes },
      ...(emission.chunkRows === undefined ? {} : { chunkRows: emission.chunkRows }),
      statistics({ x: rows, bytes, weight }, { shift, weights, ...feedsOfRows }) {
        // Bytes become numbers of their own unit, which feeds and sums are converted to: rows need no division.
        const unit = bytes === undefined || emission.powers === undefined ? 1 : 1 / bytes.divisor;
        const values = bytes === undefined || unit === 1 ? rows : cast(bytes.values, precision);
        const moved = isMoved ? cast(multiply(given(shift), 1 / unit), precision) : scalar(0, precision);
        const feeds = inUnit(feedsOfRows, emission.powers, unit);
        const x = emission.transform(values, moved);
        const joint = jointDensities(emission, x, given(weights), feeds);
        // The logarithm of the sum and the shares in it, with one exponential for both.
        const largest = max(joint, { axes: 1, keepAxes: true });
        const scaled = exp(subtract(joint, largest));
        const total = sum(scaled, { axes: 1, keepAxes: true });
        const responsibilities = multiply(scaled, divide(weight, total));
        const sums = emission.statistics(x, cast(responsibilities, precision), castAll(feeds, precision));
        return {
          'mixture/bound': matmul(weight, add(largest, log(total)), { transposeA: true }),
          'mixture/counts': matmul(weight, responsibilities, { transposeA: true }),
          ...inUnit(inFloat64(sums), emission.powers, unit),
        };
      },
    });
    this.#reductions.set(key, reduction);
    return reduction;
  }
}
