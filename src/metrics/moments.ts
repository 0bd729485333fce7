// The mean and the covariance of rows, in float64:
//
//   m = 1/N sum_n x_n,   S = 1/(N - 1) sum_n (x_n - m)(x_n - m)' = 1/(N - 1) [ sum_n (x_n - c)(x_n - c)' - N (m - c)(m - c)' ]
//
// as numpy.cov has it, in one pass. Products are computed on the device, of deviations from the mean c of some of the rows: it is so near to
// that of all that no digits cancel. Rows go there as they are; there they are turned, without constant columns. S is symmetric: columns are
// multiplied in parts, each pair of them once.
import type { CompiledProgram, Runtime, Value, Values } from '../runtime/runtime.js';
import {
  batch,
  cast,
  gather,
  input,
  type LoweredProgram,
  lowerProgram,
  matmul,
  SymbolicDim,
  subtract,
  sum,
  transpose,
} from '../tensor/index.js';
import type { FeatureRows, MetricOptions } from './metric.js';
import { pace } from './pace.js';
import { float64Of } from './row-products.js';
import { centreOf, varyingColumns } from './varying-columns.js';

/** Mean [width] and covariance [width, width] of rows. Plain data: statistics of real rows may be stored and used again. */
export interface Moments {
  readonly rows: number;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** How moments are found. */
export interface MomentsOptions extends Pick<MetricOptions, 'signal' | 'onProgress'> {
  /** Rows that go to the device at once, at most. Default: 2^20 numbers of them. */
  readonly chunkRows?: number;
}

/** Numbers of a chunk of rows at most. */
const chunkValues = 2 ** 20;
/** Columns of a part at most: with fewer, products are slow; with more, more is computed twice. */
const partColumns = 192;

/**
 * The moments of two rows or more.
 *
 * @throws the signal's reason
 */
export async function momentsOf(runtime: Runtime, rows: FeatureRows, options: MomentsOptions = {}): Promise<Moments> {
  const sums = new MomentSums(rows, options);
  const programs = new MomentPrograms(runtime);
  try {
    return await sums.moments(programs);
  } finally {
    await programs.dispose();
  }
}

/** A device with the programs that find moments there, each compiled once for all sets of rows that it suits. */
export class MomentPrograms {
  readonly runtime: Runtime;
  readonly #programs = new Map<string, Promise<CompiledProgram>>();

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** The program for rows whose varying columns are in so many parts. */
  get(parts: number, width: number, isFloat32: boolean): Promise<CompiledProgram> {
    const key = `${parts} ${width} ${isFloat32}`;
    const program = this.#programs.get(key) ?? this.runtime.compile(productsOf(parts, width, isFloat32));
    this.#programs.set(key, program);
    return program;
  }

  async dispose(): Promise<void> {
    for (const program of this.#programs.values()) await (await program.catch(() => undefined))?.dispose();
  }
}

/** Some columns of those that vary. */
interface Part {
  /** How many stand before them. */
  readonly first: number;
  readonly columns: Uint32Array;
  /** Of the deviations, [columns]. */
  readonly sums: Float64Array;
  /** Of their products with those of each part up to this one, [columns, columns of that one]. */
  readonly products: readonly Float64Array[];
}

/** Moments in the making: rows are looked through here at once, which needs no device yet. */
export class MomentSums {
  readonly #rows: FeatureRows;
  readonly #options: MomentsOptions;
  readonly #parts: readonly Part[];
  readonly #chunkRows: number;
  readonly #centre: Float64Array;

  constructor(rows: FeatureRows, options: MomentsOptions = {}) {
    const columns = varyingColumns(rows);
    const most = options.chunkRows ?? Math.ceil(chunkValues / Math.max(1, columns.length));
    this.#rows = rows;
    this.#options = options;
    this.#centre = centreOf(rows, columns);
    this.#parts = partsOf(columns);
    this.#chunkRows = Math.ceil(rows.rows / Math.ceil(rows.rows / most));
  }

  /** The moments, once the device has multiplied. To be asked for once. @throws the signal's reason */
  async moments(programs: MomentPrograms): Promise<Moments> {
    const { rows, data, width } = this.#rows;
    if (this.#parts.length > 0) await this.#multiply(programs);
    const mean = Float64Array.from(data.subarray(0, width));
    for (const { first, columns, sums } of this.#parts)
      for (const [k, column] of columns.entries()) mean[column] = this.#centre[first + k]! + sums[k]! / rows;
    return { rows, mean, covariance: this.#covariance() };
  }

  /** Sends all rows. A chunk is copied while the device rests: on as many threads as there are cores it loses more by a copy beside it. */
  async #multiply(programs: MomentPrograms): Promise<void> {
    const { data, rows, width } = this.#rows;
    const done = pace(this.#options);
    const program = await programs.get(this.#parts.length, width, data instanceof Float32Array);
    const held = await programs.runtime.hold(this.#chosen());
    try {
      let memory: ArrayBufferLike = new ArrayBuffer(this.#chunkRows * width * data.BYTES_PER_ELEMENT);
      for (let first = 0; first < rows; first += this.#chunkRows) {
        const { results, feeds } = await program.runLent({ x: this.#chunk(first, memory) }, held);
        this.#add(results);
        memory = feeds.x?.data.buffer ?? memory;
        await done(Math.min(1, (first + this.#chunkRows) / rows));
      }
    } finally {
      await held.dispose();
    }
  }

  /** Which columns belong to which part, and the centre. */
  #chosen(): Values {
    const values = this.#parts.flatMap(({ first, columns }, i): [string, Value][] => {
      const { length } = columns;
      const centre = this.#centre.slice(first, first + length);
      return [
        [`columns${i}`, { dtype: 'int64', shape: [length], data: BigInt64Array.from(columns, BigInt) }],
        [`c${i}`, { dtype: 'float64', shape: [length, 1], data: centre }],
      ];
    });
    return Object.fromEntries(values);
  }

  /** Adds what came of a chunk. */
  #add(results: Values): void {
    for (const [i, { sums, products }] of this.#parts.entries()) {
      addTo(sums, results[`sum${i}`]);
      for (const [j, product] of products.entries()) addTo(product, results[`product${i}/${j}`]);
    }
  }

  /** The chunk that begins with row `first`, copied into `memory`. */
  #chunk(first: number, memory: ArrayBufferLike): Value {
    const { data, rows, width } = this.#rows;
    const count = Math.min(this.#chunkRows, rows - first);
    const shape = [count, width];
    const part = data.subarray(first * width, (first + count) * width);
    const isFloat32 = data instanceof Float32Array;
    const copy = isFloat32 ? new Float32Array(memory, 0, part.length) : new Float64Array(memory, 0, part.length);
    copy.set(part);
    return { dtype: isFloat32 ? 'float32' : 'float64', shape, data: copy };
  }

  #covariance(): Float64Array {
    const { rows, width } = this.#rows;
    const covariance = new Float64Array(width * width);
    for (const a of this.#parts)
      for (const [j, product] of a.products.entries()) {
        const b = this.#parts[j]!;
        for (let at = 0, k = 0; k < a.columns.length; k++) {
          const row = a.columns[k]!;
          const shift = a.sums[k]! / rows;
          for (let l = 0; l < b.columns.length; l++, at++) {
            const column = b.columns[l]!;
            const value = (product[at]! - shift * b.sums[l]!) / (rows - 1);
            covariance[row * width + column] = value;
            covariance[column * width + row] = value;
          }
        }
      }
    return covariance;
  }
}

/** The columns in parts as even as can be. */
function partsOf(columns: Uint32Array): readonly Part[] {
  const count = Math.ceil(columns.length / partColumns);
  const start = (part: number) => Math.round((part * columns.length) / count);
  const size = (part: number) => start(part + 1) - start(part);
  return Array.from({ length: count }, (_, i) => ({
    first: start(i),
    columns: columns.subarray(start(i), start(i + 1)),
    sums: new Float64Array(size(i)),
    products: Array.from({ length: i + 1 }, (_, j) => new Float64Array(size(i) * size(j))),
  }));
}

/** The sums of all deviations, and of the products of each pair of parts, over the rows of a chunk. */
function productsOf(parts: number, width: number, isFloat32: boolean): LoweredProgram {
  const turned = transpose(input('x', [batch, width], isFloat32 ? 'float32' : 'float64'));
  const each = Array.from({ length: parts }, (_, i) => {
    const length = new SymbolicDim(`columns${i}`);
    const chosen = cast(gather(turned, input(`columns${i}`, [length], 'int64')), 'float64');
    return subtract(chosen, input(`c${i}`, [length, 1], 'float64'));
  });
  const results = each.flatMap((a, i) => [
    [`sum${i}`, sum(a, { axes: 1 })] as const,
    ...each.slice(0, i + 1).map((b, j) => [`product${i}/${j}`, matmul(a, b, { transposeB: true })] as const),
  ]);
  return lowerProgram({ name: 'moments', results: Object.fromEntries(results) });
}

function addTo(sums: Float64Array, values: Value | undefined): void {
  const added = float64Of(values);
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + added[i]!;
}
