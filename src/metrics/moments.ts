// The mean and the covariance of rows, in float64:
//
//   m = 1/N sum_n x_n,   S = 1/(N - 1) sum_n (x_n - m)(x_n - m)' = 1/(N - 1) [ sum_n (x_n - c)(x_n - c)' - N (m - c)(m - c)' ]
//
// as numpy.cov has it, in one pass. Products are computed on the device, of deviations from the mean c of some of the rows: it is so near to
// that of all that no digits cancel. Rows go there as they are; there they are turned, without constant columns. S is symmetric: columns are
// multiplied in parts, each pair of them once.
import { ShapeError } from '../core/errors.js';
import { free } from '../core/free.js';
import type { CompiledProgram, Runtime, Value, Values } from '../runtime/runtime.js';
import {
  add,
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
  type Tensor,
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
 * @param device may still be opening: rows are looked through meanwhile
 * @throws the signal's reason
 */
export async function momentsOf(
  device: Runtime | Promise<Runtime>,
  rows: FeatureRows,
  options: MomentsOptions = {},
): Promise<Moments> {
  const sums = new MomentSums(rows, options);
  const programs = new MomentPrograms(await device);
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
}

/** Moments in the making: rows are looked through here at once, which needs no device yet. */
export class MomentSums {
  readonly rows: FeatureRows;
  readonly #options: MomentsOptions;
  readonly #parts: readonly Part[];
  readonly #chunkRows: number;
  readonly #centre: Float64Array;

  constructor(rows: FeatureRows, options: MomentsOptions = {}) {
    const columns = varyingColumns(rows);
    const most = options.chunkRows ?? Math.ceil(chunkValues / Math.max(1, columns.length));
    this.rows = rows;
    this.#options = options;
    this.#centre = centreOf(rows, columns);
    this.#parts = partsOf(columns);
    this.#chunkRows = Math.ceil(rows.rows / Math.ceil(rows.rows / most));
  }

  /** The moments, once the device has multiplied. @throws the signal's reason */
  async moments(programs: MomentPrograms): Promise<Moments> {
    const { rows, data, width } = this.rows;
    const sums = this.#parts.length > 0 ? await this.#multiply(programs) : {};
    const mean = Float64Array.from(data.subarray(0, width));
    for (const [i, { first, columns }] of this.#parts.entries()) {
      const deviations = float64Of(sums[sumName(i)]);
      for (const [k, column] of columns.entries()) mean[column] = this.#centre[first + k]! + deviations[k]! / rows;
    }
    const covariance = this.#covariance(sums);
    free(...Object.values(sums).map((value) => value.data));
    return { rows, mean, covariance };
  }

  /** Sums over all rows. A chunk is copied while the device rests: on as many threads as there are cores it loses more by a copy beside it. */
  async #multiply(programs: MomentPrograms): Promise<Values> {
    const { data, rows, width } = this.rows;
    const done = pace(this.#options);
    const program = await programs.get(this.#parts.length, width, data instanceof Float32Array);
    const held = await programs.runtime.hold(this.#chosen());
    try {
      let memory: Uint8Array = new Uint8Array(this.#chunkRows * width * data.BYTES_PER_ELEMENT);
      let sums = this.#nothing();
      for (let first = 0; first < rows; first += this.#chunkRows) {
        const before = Object.entries(sums).map(([name, value]) => [beforeName(name), value] as const);
        const chunk = { x: this.#chunk(first, memory.buffer) };
        const { results, lent } = await program.runLent(chunk, held, Object.fromEntries(before));
        sums = results;
        memory = memoryOf(lent.x);
        await done(Math.min(1, (first + this.#chunkRows) / rows));
      }
      free(memory);
      return sums;
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

  /** The sums over no rows. */
  #nothing(): Values {
    const sizes = this.#parts.map(({ columns }) => columns.length);
    const zeros = sizes.flatMap((size, i): [string, Value][] => [
      [sumName(i), { dtype: 'float64', shape: [size], data: new Float64Array(size) }],
      ...sizes.slice(0, i + 1).map((other, j): [string, Value] => {
        const data = new Float64Array(size * other);
        return [productName(i, j), { dtype: 'float64', shape: [size, other], data }];
      }),
    ]);
    return Object.fromEntries(zeros);
  }

  /** The chunk that begins with row `first`, copied into `memory`. */
  #chunk(first: number, memory: ArrayBufferLike): Value {
    const { data, rows, width } = this.rows;
    const count = Math.min(this.#chunkRows, rows - first);
    const shape = [count, width];
    const part = data.subarray(first * width, (first + count) * width);
    const isFloat32 = data instanceof Float32Array;
    const copy = isFloat32 ? new Float32Array(memory, 0, part.length) : new Float64Array(memory, 0, part.length);
    copy.set(part);
    return { dtype: isFloat32 ? 'float32' : 'float64', shape, data: copy };
  }

  #covariance(sums: Values): Float64Array {
    const { rows, width } = this.rows;
    const covariance = new Float64Array(width * width);
    const parts = this.#parts.map(({ columns }, i) => ({ columns, sums: float64Of(sums[sumName(i)]) }));
    for (const [i, a] of parts.entries())
      for (const [j, b] of parts.slice(0, i + 1).entries()) {
        const products = float64Of(sums[productName(i, j)]);
        for (let at = 0, k = 0; k < a.columns.length; k++) {
          const row = a.columns[k]!;
          const shift = a.sums[k]! / rows;
          for (let l = 0; l < b.columns.length; l++, at++) {
            const column = b.columns[l]!;
            const value = (products[at]! - shift * b.sums[l]!) / (rows - 1);
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
  return Array.from({ length: count }, (_, i) => ({
    first: start(i),
    columns: columns.subarray(start(i), start(i + 1)),
  }));
}

/** The memory of what was lent. */
function memoryOf(value: Value | undefined): Uint8Array {
  if (value === undefined) throw new ShapeError('The device has kept what was lent to it.');
  return new Uint8Array(value.data.buffer);
}

/** What a sum over the rows up to a chunk is called as a result of the one before. */
const beforeName = (name: string) => `before/${name}`;
/** The sums of the deviations of a part, [columns]. */
const sumName = (part: number) => `sum${part}`;
/** The sums of the products of the deviations of two parts, [columns, columns]. */
const productName = (part: number, other: number) => `product${part}/${other}`;

/** The sums of all deviations, and of the products of each pair of parts, over the rows of a chunk and those before. */
function productsOf(parts: number, width: number, isFloat32: boolean): LoweredProgram {
  const turned = transpose(input('x', [batch, width], isFloat32 ? 'float32' : 'float64'));
  const lengths = Array.from({ length: parts }, (_, i) => new SymbolicDim(`columns${i}`));
  const each = lengths.map((length, i) => {
    const chosen = cast(gather(turned, input(`columns${i}`, [length], 'int64')), 'float64');
    return subtract(chosen, input(`c${i}`, [length, 1], 'float64'));
  });
  const more = (name: string, value: Tensor): [string, Tensor] => [
    name,
    add(input(beforeName(name), value.shape, 'float64'), value),
  ];
  const results = each.flatMap((a, i) => [
    more(sumName(i), sum(a, { axes: 1 })),
    ...each.slice(0, i + 1).map((b, j) => more(productName(i, j), matmul(a, b, { transposeB: true }))),
  ]);
  return lowerProgram({ name: 'moments', results: Object.fromEntries(results) });
}
