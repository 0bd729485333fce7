// A pass of Lloyd's algorithm over rows of bytes b: products of bytes, which are exact and several times as fast as those of floats.
//
// Centres are held in three bytes for each number, c = h + m / 2^8 + l / 2^16, so that b c comes from three whole products. Every row
// goes to the nearest of these rounded centres, which is at most 2^-17 of a level off in each number. Sums, means and the inertia
// are of the centres as given, and of the rows of each cluster without rounding.

import { add, multiply, square } from '../../tensor/operators/arithmetic.js';
import { byteProduct, mostByteTerms } from '../../tensor/operators/byte-product.js';
import { cast } from '../../tensor/operators/cast.js';
import { oneHot } from '../../tensor/operators/gather.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { argMax, sum } from '../../tensor/operators/reduce.js';
import { slice } from '../../tensor/operators/slice.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { RowChunks } from '../row-chunks.js';
import { RowReduction } from '../row-reduction.js';
import { at } from './emission.js';
import { given } from './gaussian.js';
import { arraysOf } from './mixture-values.js';
import type { NearestCentres } from './nearest-centre-pass.js';

/** Bytes that hold a number of a centre. */
const limbs = 3;
/** Steps of a level. */
const steps = 2 ** (8 * (limbs - 1));

/** Passes over rows of bytes. */
export class ByteCentrePass {
  readonly #rows: RowChunks;
  readonly #clusters: number;
  readonly #divisor: number;
  #reduction: RowReduction | undefined;
  /** The sum of the squares of all bytes. */
  #squares: number | undefined;

  private constructor(rows: RowChunks, clusters: number, divisor: number) {
    this.#rows = rows;
    this.#clusters = clusters;
    this.#divisor = divisor;
  }

  /** Undefined where the rows are not bytes, or too wide for their sums. */
  static of(rows: RowChunks, clusters: number): ByteCentrePass | undefined {
    if (rows.bytes === undefined || Math.max(rows.features, rows.chunkRows) > mostByteTerms) return undefined;
    return new ByteCentrePass(rows, clusters, rows.bytes.divisor);
  }

  /** Whether all numbers of the centres are in the range of bytes, as those of means are. */
  suits(centres: Float64Array): boolean {
    return centres.every((value) => value >= 0 && value * this.#divisor <= 255);
  }

  /** @param centres [clusters, features] */
  async run(centres: Float64Array): Promise<NearestCentres> {
    const [clusters, features, divisor] = [this.#clusters, this.#rows.features, this.#divisor];
    const rows = this.#rows.data.length;
    this.#squares ??= await this.#sumOfSquares();
    this.#reduction ??= await this.#compile();
    const values = arraysOf(await this.#reduction.run(this.#feeds(centres)));
    const counts = values.counts ?? new Float64Array();
    const sums = values.sums ?? new Float64Array();
    const mean = new Float64Array(features);
    let inertia = this.#squares;
    for (const [index, total] of sums.entries()) {
      const centre = at(centres, index) * divisor;
      inertia += centre * (at(counts, Math.floor(index / features)) * centre - 2 * total);
      mean[index % features] = at(mean, index % features) + total / rows;
    }
    const squaredMean = mean.reduce((total, value) => total + value ** 2, 0);
    return {
      counts,
      means: Float64Array.from({ length: clusters * features }, (_, index) => {
        const count = at(counts, Math.floor(index / features));
        return count === 0 ? at(centres, index) : at(sums, index) / count / divisor;
      }),
      inertia: Math.max(inertia, 0) / divisor ** 2,
      variance: Math.max(this.#squares / rows - squaredMean, 0) / features / divisor ** 2,
    };
  }

  async dispose(): Promise<void> {
    await this.#reduction?.dispose();
    this.#reduction = undefined;
  }

  #feeds(centres: Float64Array) {
    const [clusters, features] = [this.#clusters, this.#rows.features];
    const parts = new Float64Array(features * limbs * clusters);
    const offsets = new Float64Array(clusters);
    for (let k = 0; k < clusters; k++)
      for (let d = 0; d < features; d++) {
        const rounded = Math.min(Math.round(at(centres, k * features + d) * this.#divisor * steps), 256 * steps - 1);
        offsets[k] = at(offsets, k) - (rounded / steps) ** 2 / 2;
        for (let limb = 0; limb < limbs; limb++)
          parts[(d * limbs + limb) * clusters + k] = (rounded >>> (8 * (limbs - 1 - limb))) & 255;
      }
    return {
      parts: { dtype: 'float64', shape: [features, limbs * clusters], data: parts },
      offsets: { dtype: 'float64', shape: [clusters], data: offsets },
    } as const;
  }

  #compile(): Promise<RowReduction> {
    const [clusters, features] = [this.#clusters, this.#rows.features];
    return RowReduction.over(this.#rows, {
      name: 'k-means-bytes',
      precision: 'float32',
      parameters: { parts: [features, limbs * clusters], offsets: [clusters] },
      statistics({ x, weight, bytes: { values } = { values: x } }, { parts, offsets }) {
        const products = byteProduct(values, cast(given(parts), 'uint8'));
        const scaled = Array.from({ length: limbs }, (_, limb): Tensor => {
          const part = slice(products, 1, limb * clusters, (limb + 1) * clusters);
          return limb === 0 ? part : multiply(part, 2 ** (-8 * limb));
        });
        const closeness = scaled.reduce(add, given(offsets));
        const assignments = oneHot(argMax(closeness, 1), clusters, 'float64');
        return {
          counts: matmul(weight, assignments, { transposeA: true }),
          // Rows that fill up the last chunk are zero, and add nothing.
          sums: byteProduct(cast(assignments, 'uint8'), values, { transposeA: true }),
        };
      },
    });
  }

  async #sumOfSquares(): Promise<number> {
    const reduction = await RowReduction.over(this.#rows, {
      name: 'squares-of-bytes',
      statistics: ({ x, bytes: { values } = { values: x } }) => ({ squares: sum(square(cast(values, 'float64'))) }),
    });
    try {
      return at(arraysOf(await reduction.run()).squares, 0);
    } finally {
      await reduction.dispose();
    }
  }
}
