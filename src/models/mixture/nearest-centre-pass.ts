// One pass of Lloyd's algorithm on the device: every row to its nearest centre, and the sums of the rows of each.
//
// Distances come from products, |x - c|^2 = |x|^2 - 2 x c + |c|^2, of which about |c|^2 2^-24 is rounding in float32. Products are float32
// while that is far below the mean squared distance of a row to its centre, on rows as they are or moved by a shift; else float64.
import { multiply, square, subtract } from '../../tensor/operators/arithmetic.js';
import { cast } from '../../tensor/operators/cast.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { max, sum } from '../../tensor/operators/reduce.js';
import type { RowChunks } from '../row-chunks.js';
import { RowReduction } from '../row-reduction.js';
import { ByteCentrePass } from './byte-centre-pass.js';
import { at } from './emission.js';
import { given } from './gaussian.js';
import { arraysOf, inFloat64 } from './mixture-values.js';
import { nearestCentre } from './nearest-centre.js';

/** What a pass finds out. */
export interface NearestCentres {
  /** The rows of each cluster. */
  readonly counts: Float64Array;
  /** [clusters, features], the means of the clusters' rows; where there are none, the centre as it was. */
  readonly means: Float64Array;
  /** The sum of the squared distances of the rows, each to its nearest centre. */
  readonly inertia: number;
  /** The mean over the features of the rows' variance. */
  readonly variance: number;
}

/** |c|^2 over the mean squared distance up to which products are float32: rounding is then below 2^-13 of the distance. */
const mostCancellation = 2 ** 10;
/** Numbers from which on float32 can save time that anybody notices. */
const leastValues = 2 ** 20;
/** Squares beyond it may leave the range of float32. */
const largestSquare = 1e30;

type Way = 'float64' | 'float32' | 'float32 as it is';

/** Passes over some rows. */
export class NearestCentrePass {
  readonly #rows: RowChunks;
  readonly #clusters: number;
  readonly #shift: Float64Array;
  readonly #bytes: ByteCentrePass | undefined;
  /** The squared distances of all rows to the shift, which no pass changes; the first one, in float64, finds them out. */
  #squares = 0;
  readonly #reductions = new Map<Way, RowReduction>();
  /** The mean squared distance of a row to its centre in the last pass; zero before the first, which is float64 therefore. */
  #distance = 0;

  /** @param shift [features], float32 numbers near the mean of the data */
  constructor(rows: RowChunks, clusters: number, shift: Float64Array) {
    this.#rows = rows;
    this.#clusters = clusters;
    this.#shift = shift;
    this.#bytes = ByteCentrePass.of(rows, clusters);
  }

  /** @param centres [clusters, features] @param precision float64 where the inertia has to be exact */
  async run(centres: Float64Array, precision: 'auto' | 'float64' = 'auto'): Promise<NearestCentres> {
    const features = this.#shift.length;
    if (this.#isLarge() && this.#bytes?.suits(centres) === true) return this.#bytes.run(centres);
    const way = precision === 'float64' ? precision : this.#choose(centres);
    const origin = way === 'float32 as it is' ? new Float64Array(features) : this.#shift;
    const from = centres.map((value, index) => value - at(origin, index % features));
    const reduction = await this.#reduction(way);
    const values = arraysOf(
      await reduction.run({
        shift: { dtype: 'float64', shape: [features], data: origin },
        centres: { dtype: 'float64', shape: [this.#clusters, features], data: from },
      }),
    );
    this.#squares = values.squares?.[0] ?? this.#squares;
    const counts = values.counts ?? new Float64Array();
    const sums = values.sums ?? new Float64Array();
    const rows = this.#rows.data.length;
    const mean = new Float64Array(features);
    for (const [index, value] of sums.entries()) mean[index % features] = at(mean, index % features) + value / rows;
    // From the origin of this pass to the shift, for which the sum of squares is known: |x - o|^2 = |x - s|^2 + 2 (x - o)(s - o) - |s - o|^2.
    const moved = this.#shift.map((value, d) => value - at(origin, d));
    const cross = dot(mean, moved);
    const squares = this.#squares + rows * (2 * cross - dot(moved, moved));
    const inertia = Math.max(squares - 2 * at(values.closeness, 0), 0);
    this.#distance = inertia / rows;
    return {
      counts,
      means: Float64Array.from(sums, (value, index) => {
        const count = at(counts, Math.floor(index / features));
        return count === 0 ? at(centres, index) : value / count + at(origin, index % features);
      }),
      inertia,
      variance: Math.max(squares / rows - dot(mean, mean), 0) / features,
    };
  }

  async dispose(): Promise<void> {
    await this.#bytes?.dispose();
    for (const reduction of this.#reductions.values()) await reduction.dispose();
    this.#reductions.clear();
  }

  #isLarge(): boolean {
    return this.#rows.data.length * this.#shift.length >= leastValues;
  }

  #choose(centres: Float64Array): Way {
    const features = this.#shift.length;
    if (!this.#isLarge()) return 'float64';
    const limit = Math.min(this.#distance * mostCancellation, largestSquare);
    const isNear = (origin: Float64Array | undefined) => {
      for (let k = 0; k < this.#clusters; k++) {
        let squares = 0;
        for (let d = 0; d < features; d++) squares += (at(centres, k * features + d) - at(origin, d)) ** 2;
        if (!(squares <= limit)) return false;
      }
      return true;
    };
    if (isNear(undefined)) return 'float32 as it is';
    return isNear(this.#shift) ? 'float32' : 'float64';
  }

  async #reduction(way: Way): Promise<RowReduction> {
    const known = this.#reductions.get(way);
    if (known !== undefined) return known;
    const features = this.#shift.length;
    const precision = way === 'float64' ? 'float64' : 'float32';
    const reduction = await RowReduction.over(this.#rows, {
      name: 'k-means',
      precision,
      parameters: { shift: [features], centres: [this.#clusters, features] },
      statistics({ x: raw, weight }, { shift, centres }) {
        const x = way === 'float32 as it is' ? raw : subtract(raw, cast(given(shift), precision));
        const { assignments, closeness } = nearestCentre(x, cast(given(centres), precision));
        const counts = cast(weight, precision);
        // Rows that fill up the last chunk are zero, and add nothing where they are not moved.
        const counted = way === 'float32 as it is' ? assignments : multiply(assignments, counts);
        const best = cast(max(closeness, { axes: 1, keepAxes: true }), 'float64');
        return {
          ...inFloat64({
            counts: matmul(counts, assignments, { transposeA: true }),
            sums: matmul(counted, x, { transposeA: true }),
          }),
          closeness: matmul(weight, best, { transposeA: true }),
          ...(precision === 'float64'
            ? { squares: matmul(weight, sum(square(x), { axes: 1, keepAxes: true }), { transposeA: true }) }
            : {}),
        };
      },
    });
    this.#reductions.set(way, reduction);
    return reduction;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, value, index) => total + value * at(b, index), 0);
}
