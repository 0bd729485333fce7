// The rows of a data set cut into chunks for the device. Data that fits in memory is handed over once, and all programs of a fit share
// it; larger data is read again in every pass, the next part while the device works on the present one.
import { ConfigError } from '../core/errors.js';
import { type ByteRows, type Dataset, exampleSize } from '../data/dataset.js';
import type { CompiledProgram, HeldValues, Runtime, Value, Values } from '../runtime/runtime.js';

/** How rows are cut. */
export interface RowChunksOptions {
  readonly data: Dataset;
  /** Whether programs look at labels. Default false. */
  readonly labels?: boolean;
  /** Rows per chunk. Default: as many as make chunks of a few megabytes, and at least `leastRows`. */
  readonly chunkRows?: number;
  /** Rows that some program wants in a chunk. */
  readonly leastRows?: number;
  /** Data of more bytes than this is read again in every pass. Default 1 GiB. */
  readonly memoryBudget?: number;
}

/** Numbers of a chunk: products are fast from a thousand rows on, and what follows from them should stay in the caches. */
const chunkValues = 2 ** 20;
const mostChunkRows = 4096;
/** A chunk can be halved so often, for programs that want smaller ones. */
const halvings = 4;
/** Bytes sent at a time where data is streamed: floats, and bytes. */
const streamedBytes = { floats: 2 ** 25, bytes: 2 ** 24 } as const;
const defaultMemoryBudget = 2 ** 30;

/** Rows at a device, or on the way there: float32, or the bytes that they are kept as. */
export class RowChunks {
  readonly runtime: Runtime;
  readonly data: Dataset;
  /** Rows of a chunk. */
  readonly chunkRows: number;
  /** Numbers of a row. */
  readonly features: number;
  /** Rows as bytes, where they are bytes. */
  readonly bytes: ByteRows | undefined;
  readonly #labels: boolean;
  #held: HeldValues | undefined;

  private constructor(runtime: Runtime, options: RowChunksOptions) {
    const { data, labels = false, chunkRows, leastRows = 1 } = options;
    this.runtime = runtime;
    this.data = data;
    this.#labels = labels;
    this.features = exampleSize(data.exampleShape);
    // Graphics processors know no bytes.
    this.bytes = runtime.device === 'webgpu' ? undefined : data.gather.bytes;
    this.chunkRows = chunkRows ?? evenRows(data.length, this.features, leastRows);
  }

  /** Hands the data over where it fits. @throws ConfigError for data without the labels asked for */
  static async open(runtime: Runtime, options: RowChunksOptions): Promise<RowChunks> {
    const { data, memoryBudget = defaultMemoryBudget } = options;
    const rows = new RowChunks(runtime, options);
    if (options.labels === true && data.labels === undefined)
      throw new ConfigError(`${data.name} has no labels, which this needs.`);
    const valueBytes = rows.bytes === undefined ? Float32Array.BYTES_PER_ELEMENT : 1;
    if (data.length * rows.features * valueBytes <= memoryBudget)
      rows.#held = await runtime.hold(await rows.#values(0, rows.#chunks()));
    return rows;
  }

  /** Rows of a chunk for programs that want about `wanted`, but not more than there are: what is held is cut, not moved. */
  rowsFor(wanted: number): number {
    let rows = this.chunkRows;
    while (rows % 2 === 0 && rows > 1.5 * wanted) rows /= 2;
    return rows;
  }

  /**
   * Runs a program of `lowerChunkSums` that takes x [steps, rows, features], uint8 where there are bytes, weight [steps, rows, 1] and labels [steps, rows], and gives
   * its sums over all rows. @throws DeviceError, DatasetError for rows that cannot be read
   */
  async sum(program: CompiledProgram, rowsPerChunk: number, parameters: Values): Promise<Values> {
    if (this.#held !== undefined) return program.run(parameters, cut(this.#held, rowsPerChunk));
    const chunks = this.#chunks();
    const most = this.bytes === undefined ? streamedBytes.floats / Float32Array.BYTES_PER_ELEMENT : streamedBytes.bytes;
    const atOnce = Math.max(1, Math.floor(most / (this.chunkRows * this.features)));
    let next = this.#values(0, Math.min(atOnce, chunks));
    let total: Values | undefined;
    for (let first = 0; first < chunks; first += atOnce) {
      const held = await this.runtime.hold(await next);
      const running = program.run(parameters, cut(held, rowsPerChunk));
      const later = first + atOnce;
      // While the device works; a row that cannot be read is reported when its turn comes.
      next = later < chunks ? this.#values(later, Math.min(atOnce, chunks - later)) : Promise.resolve({});
      next.catch(() => {});
      total = added(total, await running);
      await held.dispose();
    }
    return total ?? {};
  }

  /** Frees what the device holds. */
  async dispose(): Promise<void> {
    await this.#held?.dispose();
    this.#held = undefined;
  }

  #chunks(): number {
    return Math.ceil(this.data.length / this.chunkRows);
  }

  /** Chunks `first` to `first + count - 1`, the last one filled up with rows of weight zero. */
  async #values(first: number, count: number): Promise<Values> {
    const { data, chunkRows, bytes } = this;
    const size = count * chunkRows * this.features;
    const weight = new Float32Array(count * chunkRows);
    const labels = this.#labels ? new BigInt64Array(count * chunkRows) : undefined;
    const start = first * chunkRows;
    const end = Math.min(data.length, start + count * chunkRows);
    // Bytes that need not be filled up are handed over as they come. Else rows are gathered in parts, so that they are not in memory twice.
    const isWhole = bytes !== undefined && end - start === count * chunkRows;
    const atOnce = isWhole ? end - start : chunkRows;
    let x: Float32Array | Uint8Array | undefined;
    for (let row = start; row < end; row += atOnce) {
      const indices = new Uint32Array(Math.min(atOnce, end - row));
      for (let i = 0; i < indices.length; i++) indices[i] = row + i;
      const batch = await (bytes ?? data).gather(indices);
      const numbers = 'bytes' in batch ? batch.bytes : batch.x;
      if (isWhole) x = numbers;
      else {
        x ??= bytes === undefined ? new Float32Array(size) : new Uint8Array(size);
        x.set(numbers, (row - start) * this.features);
      }
      weight.fill(1, row - start, row - start + indices.length);
      if (labels === undefined) continue;
      if (batch.labels === undefined) throw new ConfigError(`${data.name} has no labels, which this needs.`);
      labels.set(BigInt64Array.from(batch.labels, BigInt), row - start);
    }
    const value = (dtype: Value['dtype'], values: Value['data'], shape: readonly number[]): Value => ({
      dtype,
      shape: [count, chunkRows, ...shape],
      data: values,
    });
    return {
      x: value(bytes === undefined ? 'float32' : 'uint8', x ?? new Uint8Array(), [this.features]),
      weight: value('float32', weight, [1]),
      ...(labels === undefined ? {} : { labels: value('int64', labels, []) }),
    };
  }
}

/** Rows per chunk such that little is filled up, and that can be halved a few times. */
function evenRows(length: number, features: number, least: number): number {
  const most = Math.max(1, least, Math.min(mostChunkRows, Math.ceil(chunkValues / features)));
  if (length <= most) return length;
  const unit = Math.min(2 ** halvings, most);
  const chunks = Math.ceil(length / most);
  return Math.ceil(length / chunks / unit) * unit;
}

/** What is held, in chunks of fewer rows. */
function cut(held: HeldValues, rows: number): HeldValues {
  return held.reshaped(
    Object.fromEntries(
      Object.entries(held.descriptions).map(([name, { shape }]) => {
        const [steps = 0, length = 0, ...rest] = shape;
        return [name, [(steps * length) / rows, rows, ...rest]];
      }),
    ),
  );
}

/** Sums of parts. */
function added(total: Values | undefined, part: Values): Values {
  if (total === undefined) return part;
  for (const [name, { data }] of Object.entries(total)) {
    const more = part[name]?.data;
    if (!(data instanceof Float64Array && more instanceof Float64Array)) continue;
    for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) + (more[i] ?? 0);
  }
  return total;
}
