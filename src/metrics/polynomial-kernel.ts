// The unbiased estimate of the squared maximum mean discrepancy with the cubic kernel of KID:
//
//   k(a, b) = (a.b / d + 1)^3
//   MMD^2 = 1/(n(n-1)) sum_(i != j) k(x_i, x_j) + 1/(n(n-1)) sum_(i != j) k(y_i, y_j) - 2/n^2 sum_ij k(x_i, y_j)
//
// Gretton, Borgwardt, Rasch, Scholkopf and Smola (2012), lemma 6; Binkowski, Sutherland, Arbel and Gretton (2018), section 3.1.
// Both sets stand in one matrix with a last column of ones, so that one product gives all of a.b / d + 1, of which only the lower block
// triangle is computed.
import type { CompiledProgram, Runtime, Values } from '../runtime/runtime.js';
import { input, lowerProgram, matmul, slice } from '../tensor/index.js';
import type { FeatureRows } from './metric.js';
import { float64Of } from './row-products.js';

/** Rows of a block of the triangle: below it a product is small and slow. */
const blockRows = 250;

/** Estimates for subsets of `size` rows of both sets, compiled once. */
export class PolynomialDiscrepancy {
  readonly #program: CompiledProgram;
  readonly #size: number;
  readonly #ends: readonly number[];

  private constructor(program: CompiledProgram, size: number, ends: readonly number[]) {
    this.#program = program;
    this.#size = size;
    this.#ends = ends;
  }

  static async open(runtime: Runtime, size: number, width: number): Promise<PolynomialDiscrepancy> {
    const count = Math.ceil((2 * size) / blockRows);
    const ends = Array.from({ length: count }, (_, i) => Math.round(((i + 1) * 2 * size) / count));
    const rows = input('rows', [2 * size, width + 1], 'float64');
    const part = (from: number, to: number) => (to - from === 2 * size ? rows : slice(rows, 0, from, to));
    const results = Object.fromEntries(
      ends.map((end, i) => [`block${i}`, matmul(part(ends[i - 1] ?? 0, end), part(0, end), { transposeB: true })]),
    );
    return new PolynomialDiscrepancy(await runtime.compile(lowerProgram({ name: 'kernel', results })), size, ends);
  }

  /** The estimate for rows `ofX` of x and as many rows `ofY` of y. */
  async estimate(x: FeatureRows, ofX: ArrayLike<number>, y: FeatureRows, ofY: ArrayLike<number>): Promise<number> {
    const width = x.width + 1;
    const data = new Float64Array(2 * this.#size * width);
    fill(data, 0, x, ofX);
    fill(data, this.#size, y, ofY);
    const blocks = await this.#program.run({ rows: { dtype: 'float64', shape: [2 * this.#size, width], data } });
    return this.#combine(blocks);
  }

  #combine(blocks: Values): number {
    const size = this.#size;
    let [within, between] = [0, 0];
    for (const [index, end] of this.#ends.entries()) {
      const start = this.#ends[index - 1] ?? 0;
      const products = float64Of(blocks[`block${index}`]);
      for (let i = start; i < end; i++) {
        const at = (i - start) * end;
        // Rows from `size` on are of y: their products with rows of x come first.
        const firstOwn = i < size ? 0 : size;
        between += sumOfCubes(products, at, at + firstOwn);
        within += sumOfCubes(products, at + firstOwn, at + i);
      }
    }
    return (2 * within) / (size * (size - 1)) - (2 * between) / (size * size);
  }

  dispose(): Promise<void> {
    return this.#program.dispose();
  }
}

/** Rows over the root of their width, each with a 1 at its end. */
function fill(into: Float64Array, first: number, { data, width }: FeatureRows, rows: ArrayLike<number>): void {
  const scale = 1 / Math.sqrt(width);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * width;
    const to = (first + i) * (width + 1);
    for (let k = 0; k < width; k++) into[to + k] = data[from + k]! * scale;
    into[to + width] = 1;
  }
}

function sumOfCubes(values: Float64Array, from: number, to: number): number {
  let [even, odd] = [0, 0];
  let k = from;
  for (; k + 1 < to; k += 2) {
    const [a, b] = [values[k]!, values[k + 1]!];
    even += a * a * a;
    odd += b * b * b;
  }
  if (k < to) even += values[k]! ** 3;
  return even + odd;
}
