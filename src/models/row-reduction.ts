// Sums over all rows of a data set, computed on the device chunk by chunk: the additive sufficient statistics of classical models, and one
// pass of EM. Sums over chunks are always float64. Data that fits in memory is handed to the device once and gone over there again and
// again; larger data is streamed in every pass. Either way the sums are the same, and so are those of parts that are added up.
import { ConfigError } from '../core/errors.js';
import { exampleSize } from '../data/dataset.js';
import type { CompiledProgram, Runtime, Values } from '../runtime/runtime.js';
import { lowerChunkSums } from '../tensor/chunk-sums.js';
import { divide } from '../tensor/operators/arithmetic.js';
import { cast } from '../tensor/operators/cast.js';
import { input } from '../tensor/operators/source.js';
import type { Tensor } from '../tensor/tensor.js';
import { RowChunks, type RowChunksOptions } from './row-chunks.js';

/** The rows of a chunk as the statistics see them. */
export interface ChunkRows {
  /** [rows, features], float64 or the precision asked for: each row flattened. */
  readonly x: Tensor;
  /** The same as bytes, uint8, where the rows are kept as bytes: x is float32(bytes / divisor). */
  readonly bytes?: { readonly values: Tensor; readonly divisor: number };
  /** [rows, 1], float64: 1 for a row of the data, 0 for one that only fills the last chunk up. Every sum has to be weighted by it. */
  readonly weight: Tensor;
  /** [rows], int64, where labels were asked for. */
  readonly labels?: Tensor;
}

/** What is summed, given the chunk's rows and parameters that change from pass to pass. */
export type Statistics = (
  rows: ChunkRows,
  parameters: Readonly<Record<string, Tensor>>,
) => Readonly<Record<string, Tensor>>;

/** What is computed of the rows. */
export interface ReductionOptions {
  readonly name: string;
  /** The sums of a chunk, float64. */
  readonly statistics: Statistics;
  /** The shapes of the parameters, which are float64. Default: none. */
  readonly parameters?: Readonly<Record<string, readonly number[]>>;
  /** What x is given in. Default float64, which is exact: rows are float32. */
  readonly precision?: 'float64' | 'float32';
  /** Whether the statistics look at labels. Default false. */
  readonly labels?: boolean;
}

/** What a reduction with rows of its own is made of. */
export type RowReductionOptions = ReductionOptions & RowChunksOptions;

interface CutRows {
  readonly rows: RowChunks;
  readonly chunkRows: number;
  readonly ownsRows: boolean;
}

/** Numbers of a chunk in float64: its products are no faster in larger ones, and its intermediate results should stay in the caches. */
const wideValues = 2 ** 18;
const parameterPrefix = 'parameter/';

/** A reduction that can be run for several values of its parameters. */
export class RowReduction {
  readonly #program: CompiledProgram;
  readonly #rows: RowChunks;
  readonly #chunkRows: number;
  readonly #parameters: ReadonlySet<string>;
  readonly #ownsRows: boolean;

  private constructor(
    program: CompiledProgram,
    { rows, chunkRows, parameters, ownsRows }: CutRows & { readonly parameters: readonly string[] },
  ) {
    this.#program = program;
    this.#rows = rows;
    this.#chunkRows = chunkRows;
    this.#parameters = new Set(parameters);
    this.#ownsRows = ownsRows;
  }

  /** A reduction with rows of its own. @throws ConfigError for data without the labels asked for */
  static async open(runtime: Runtime, options: RowReductionOptions): Promise<RowReduction> {
    const rows = await RowChunks.open(runtime, options);
    try {
      return await RowReduction.#compile(rows, options, { chunkRows: options.chunkRows, ownsRows: true });
    } catch (error) {
      await rows.dispose();
      throw error;
    }
  }

  /** A reduction of rows that others look at, too, in chunks of at most `chunkRows`; whoever opened the rows disposes of them. */
  static over(rows: RowChunks, options: ReductionOptions & { readonly chunkRows?: number }): Promise<RowReduction> {
    return RowReduction.#compile(rows, options, { chunkRows: options.chunkRows, ownsRows: false });
  }

  static async #compile(
    rows: RowChunks,
    { name, statistics, parameters = {}, labels = false, precision = 'float64' }: ReductionOptions,
    { chunkRows, ownsRows }: { readonly chunkRows: number | undefined; readonly ownsRows: boolean },
  ): Promise<RowReduction> {
    const features = exampleSize(rows.data.exampleShape);
    const fastest = precision === 'float64' ? Math.ceil(wideValues / features) : rows.chunkRows;
    const count = rows.rowsFor(chunkRows ?? fastest);
    const { divisor } = rows.bytes ?? {};
    const values = input('x', [count, features], divisor === undefined ? 'float32' : 'uint8');
    const x = cast(
      divisor === undefined || divisor === 1 ? values : divide(cast(values, 'float32'), divisor),
      precision,
    );
    const weight = cast(input('weight', [count, 1]), 'float64');
    const sums = statistics(
      {
        ...{ x, weight },
        ...(labels ? { labels: input('labels', [count], 'int64') } : {}),
        ...(divisor === undefined ? {} : { bytes: { values, divisor } }),
      },
      Object.fromEntries(
        Object.entries(parameters).map(([key, shape]) => [key, input(parameterPrefix + key, shape, 'float64')]),
      ),
    );
    for (const [key, { dtype }] of Object.entries(sums))
      if (dtype !== 'float64') throw new ConfigError(`${name}: the statistic "${key}" is ${dtype}, not float64.`);
    const program = await rows.runtime.compile(lowerChunkSums({ name, results: sums }, ['x', 'weight', 'labels']));
    return new RowReduction(program, { rows, chunkRows: count, ownsRows, parameters: Object.keys(parameters) });
  }

  /** The sums over all rows, by the names of the statistics. */
  async run(parameters: Values = {}): Promise<Values> {
    // Not every statistic looks at all parameters.
    const used = new Set(this.#program.inputs.map(({ name }) => name));
    const feeds = Object.fromEntries(
      Object.entries(parameters).flatMap(([name, value]) =>
        used.has(parameterPrefix + name) || !this.#parameters.has(name)
          ? [[parameterPrefix + name, value] as const]
          : [],
      ),
    );
    return this.#rows.sum(this.#program, this.#chunkRows, feeds);
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
    if (this.#ownsRows) await this.#rows.dispose();
  }
}
