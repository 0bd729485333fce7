// The unbiased estimate of the squared maximum mean discrepancy with the cubic kernel of KID:
//
//   k(a, b) = (a.b / d + 1)^3
//   MMD^2 = 1/(n(n-1)) sum_(i != j) k(x_i, x_j) + 1/(n(n-1)) sum_(i != j) k(y_i, y_j) - 2/n^2 sum_ij k(x_i, y_j)
//
// Gretton, Borgwardt, Rasch, Scholkopf and Smola (2012), lemma 6; Binkowski, Sutherland, Arbel and Gretton (2018), section 3.1.
// Both sets stay on the device, which gathers the rows of each subset and adds up the kernel: numbers of rows go there, sums come back.
import type { CompiledProgram, HeldValues, Runtime, Value } from '../runtime/runtime.js';
import {
  add,
  cast,
  constant,
  gather,
  input,
  lowerProgram,
  matmul,
  multiply,
  power,
  slice,
  subtract,
  sum,
  type Tensor,
} from '../tensor/index.js';
import type { FeatureRows } from './metric.js';
import { float64Of } from './row-products.js';

/** Rows of a block of the triangle of products within a set: smaller products are slow. */
const defaultBlockRows = 250;

/** Estimates for subsets of `size` rows of each of two sets, compiled once. */
export class PolynomialDiscrepancy {
  readonly #program: CompiledProgram;
  readonly #held: HeldValues;
  readonly #size: number;

  private constructor(program: CompiledProgram, held: HeldValues, size: number) {
    this.#program = program;
    this.#held = held;
    this.#size = size;
  }

  static async open(
    runtime: Runtime,
    x: FeatureRows,
    y: FeatureRows,
    size: number,
    blockRows: number = defaultBlockRows,
  ): Promise<PolynomialDiscrepancy> {
    const [ofX, ofY] = [subset('x', x, size), subset('y', y, size)];
    const program = await runtime.compile(
      lowerProgram({
        name: 'kernel',
        results: {
          within: add(sumWithin(ofX, size, blockRows), sumWithin(ofY, size, blockRows)),
          between: sum(kernel(ofX, ofY)),
        },
      }),
    );
    return new PolynomialDiscrepancy(program, await runtime.hold({ x: withOnes(x), y: withOnes(y) }), size);
  }

  /** The estimate for rows `ofX` of x and as many rows `ofY` of y, by their numbers. */
  async estimate(ofX: ArrayLike<number>, ofY: ArrayLike<number>): Promise<number> {
    const size = this.#size;
    const { within, between } = await this.#program.run({ ofX: numbers(ofX), ofY: numbers(ofY) }, this.#held);
    return float64Of(within)[0]! / (size * (size - 1)) - (2 * float64Of(between)[0]!) / (size * size);
  }

  async dispose(): Promise<void> {
    await this.#held.dispose();
    await this.#program.dispose();
  }
}

/** The rows of a subset over the root of their width, and behind each its 1, so that products are a.b / d + 1. */
function subset(name: string, { data, rows, width }: FeatureRows, size: number): Tensor {
  const all = input(name, [rows, width + 1], data instanceof Float64Array ? 'float64' : 'float32');
  const some = gather(all, input(`of${name.toUpperCase()}`, [size], 'int64'));
  const scales = new Float64Array(width + 1).fill(1 / Math.sqrt(width));
  scales[width] = 1;
  return multiply(cast(some, 'float64'), constant(scales, [width + 1], 'float64'));
}

/** k of all pairs. */
function kernel(a: Tensor, b: Tensor): Tensor {
  return power(matmul(a, b, { transposeB: true }), 3);
}

/** The sum of k over all pairs of different rows of a set: of twice the lower triangle. */
function sumWithin(rows: Tensor, size: number, blockRows: number): Tensor {
  const count = Math.ceil(size / blockRows);
  const ends = Array.from({ length: count }, (_, i) => Math.round(((i + 1) * size) / count));
  const parts = ends.map((end, i) => {
    const start = ends[i - 1] ?? 0;
    const block = end - start === size ? rows : slice(rows, 0, start, end);
    const itself = power(sum(multiply(block, block), { axes: 1 }), 3);
    const own = subtract(sum(kernel(block, block)), sum(itself));
    return start === 0 ? own : add(own, multiply(sum(kernel(block, slice(rows, 0, 0, start))), 2));
  });
  return parts.reduce(add);
}

/** A copy of rows with a 1 behind each. */
function withOnes({ data, rows, width }: FeatureRows): Value {
  const isFloat64 = data instanceof Float64Array;
  const copy = isFloat64 ? new Float64Array(rows * (width + 1)) : new Float32Array(rows * (width + 1));
  for (let row = 0; row < rows; row++) {
    copy.set(data.subarray(row * width, (row + 1) * width), row * (width + 1));
    copy[row * (width + 1) + width] = 1;
  }
  return { dtype: isFloat64 ? 'float64' : 'float32', shape: [rows, width + 1], data: copy };
}

function numbers(rows: ArrayLike<number>): Value {
  return { dtype: 'int64', shape: [rows.length], data: BigInt64Array.from(rows, BigInt) };
}
