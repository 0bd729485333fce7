// Sums over all rows of a data set, computed on the device in float64 chunk by chunk: the additive sufficient statistics of classical
// models, and one pass of EM. Data that fits in memory is handed to the device once and gone over there again and again; larger data
// is streamed in every pass. Either way the sums are the same, and so are those of parts that are added up.
import { ConfigError } from '../core/errors.js';
import type { Dataset } from '../data/dataset.js';
import type { CompiledStepProgram, Runtime, Value, ValueData, Values } from '../runtime/runtime.js';
import { add } from '../tensor/operators/arithmetic.js';
import { cast } from '../tensor/operators/cast.js';
import { reshape } from '../tensor/operators/reshape.js';
import { input } from '../tensor/operators/source.js';
import { lowerLoop, type Variable } from '../tensor/program.js';
import type { Tensor } from '../tensor/tensor.js';

/** The rows of a chunk as the statistics see them. */
export interface ChunkRows {
  /** [rows, features], float64: each row flattened. */
  readonly x: Tensor;
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

/** What a reduction is made of. */
export interface RowReductionOptions {
  readonly name: string;
  readonly data: Dataset;
  readonly statistics: Statistics;
  /** The shapes of the parameters, which are float64. Default: none. */
  readonly parameters?: Readonly<Record<string, readonly number[]>>;
  /** Whether the statistics look at labels. Default false. */
  readonly labels?: boolean;
  /** Rows per chunk. Default: as many as make chunks of a megabyte or two. */
  readonly chunkRows?: number;
  /** Data of more bytes than this is streamed. Default 1 GiB. */
  readonly memoryBudget?: number;
}

const parameterPrefix = 'parameter/';
const sumPrefix = 'sum/';
/** Values of a chunk: its intermediate results should stay in the caches. */
const chunkValues = 2 ** 17;
/** Chunks sent at a time where data is streamed. */
const streamedChunks = 16;
const defaultMemoryBudget = 2 ** 30;

/** A reduction that can be run for several values of its parameters. */
export class RowReduction {
  readonly #compiled: CompiledStepProgram;
  readonly #options: RowReductionOptions;
  readonly #chunkRows: number;
  readonly #isHeld: boolean;

  private constructor(compiled: CompiledStepProgram, options: RowReductionOptions, chunkRows: number, isHeld: boolean) {
    this.#compiled = compiled;
    this.#options = options;
    this.#chunkRows = chunkRows;
    this.#isHeld = isHeld;
  }

  /** Compiles the reduction and hands the data over where it fits. @throws DatasetError for data without the labels asked for */
  static async open(runtime: Runtime, options: RowReductionOptions): Promise<RowReduction> {
    const { name, data, statistics, parameters = {}, labels = false, memoryBudget = defaultMemoryBudget } = options;
    const features = data.exampleShape.reduce((product, length) => product * length, 1);
    const chunkRows = options.chunkRows ?? Math.max(1, Math.min(data.length, Math.ceil(chunkValues / features), 4096));
    const x = cast(reshape(input('x', [chunkRows, ...data.exampleShape]), [chunkRows, features]), 'float64');
    const weight = cast(input('weight', [chunkRows, 1]), 'float64');
    const rows = labels ? { x, weight, labels: input('labels', [chunkRows], 'int64') } : { x, weight };
    const inputs = Object.fromEntries(
      Object.entries(parameters).map(([key, shape]) => [key, input(parameterPrefix + key, shape, 'float64')]),
    );
    const variables: Record<string, Variable> = {};
    for (const [key, tensor] of Object.entries(inputs))
      variables[parameterPrefix + key] = { current: tensor, next: tensor };
    for (const [key, tensor] of Object.entries(statistics(rows, inputs))) {
      if (tensor.dtype !== 'float64')
        throw new ConfigError(`${name}: the statistic "${key}" is ${tensor.dtype}, not float64.`);
      const current = input(sumPrefix + key, tensor.shape, 'float64');
      variables[sumPrefix + key] = { current, next: add(current, tensor) };
    }
    const compiled = await runtime.compileStep(lowerLoop({ name, variables, metrics: {} }));
    const isHeld = data.length * features * Float32Array.BYTES_PER_ELEMENT <= memoryBudget;
    const reduction = new RowReduction(compiled, options, chunkRows, isHeld);
    const chunks = Math.ceil(data.length / chunkRows);
    if (isHeld) await compiled.hold(chunks, await reduction.#feeds(0, chunks));
    return reduction;
  }

  /** The sums over all rows, by the names of the statistics. */
  async run(parameters: Readonly<Record<string, Value>> = {}): Promise<Values> {
    const chunks = Math.ceil(this.#options.data.length / this.#chunkRows);
    const zeros = this.#compiled.variables.filter(({ name }) => name.startsWith(sumPrefix));
    await this.#compiled.write({
      ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [parameterPrefix + name, value])),
      ...Object.fromEntries(zeros.map(({ name, shape }) => [name, zeroValue(shape.map(Number))])),
    });
    if (this.#isHeld) await this.#compiled.run(chunks, {});
    else {
      for (let first = 0; first < chunks; first += streamedChunks) {
        const count = Math.min(streamedChunks, chunks - first);
        await this.#compiled.run(count, await this.#feeds(first, count));
      }
    }
    const sums = await this.#compiled.read(zeros.map(({ name }) => name));
    return Object.fromEntries(Object.entries(sums).map(([name, value]) => [name.slice(sumPrefix.length), value]));
  }

  async dispose(): Promise<void> {
    await this.#compiled.dispose();
  }

  /** Chunks `first` to `first + count - 1`, the last one filled up with rows of weight zero. */
  async #feeds(first: number, count: number): Promise<Readonly<Record<string, ValueData>>> {
    const { data, labels: wantsLabels = false } = this.#options;
    const features = data.exampleShape.reduce((product, length) => product * length, 1);
    const x = new Float32Array(count * this.#chunkRows * features);
    const weight = new Float32Array(count * this.#chunkRows);
    const labels = wantsLabels ? new BigInt64Array(count * this.#chunkRows) : undefined;
    const start = first * this.#chunkRows;
    const end = Math.min(data.length, start + count * this.#chunkRows);
    // Gathered in parts, so that the data is not in memory twice.
    for (let row = start; row < end; row += this.#chunkRows) {
      const indices = Uint32Array.from({ length: Math.min(this.#chunkRows, end - row) }, (_, i) => row + i);
      const batch = await data.gather(indices);
      x.set(batch.x, (row - start) * features);
      weight.fill(1, row - start, row - start + indices.length);
      if (labels === undefined) continue;
      if (batch.labels === undefined) throw new ConfigError(`${data.name} has no labels, which this needs.`);
      labels.set(BigInt64Array.from(batch.labels, BigInt), row - start);
    }
    return { x, weight, ...(labels === undefined ? {} : { labels }) };
  }
}

function zeroValue(shape: readonly number[]): Value {
  return { dtype: 'float64', shape, data: new Float64Array(shape.reduce((a, b) => a * b, 1)) };
}
