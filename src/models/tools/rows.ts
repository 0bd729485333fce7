// Rows for a model to look at: samples in memory, or a data set of any size that is gone through part by part.
import { type Dataset, exampleSize } from '../../data/dataset.js';
import type { SampleBytes, Samples } from '../contract.js';

/** Rows to look at. */
export type Rows = Samples | Dataset;

/** Numbers handed to a model at a time. */
const partValues = 2 ** 22;
const mostPartRows = 4096;

/** How many rows there are. */
export function rowCount(rows: Rows): number {
  return isDataset(rows) ? rows.length : (rows.shape[0] ?? 0);
}

/** The rows in order: samples as they are, data sets part by part. The parts depend on the shape of the rows alone. */
export async function* parts(rows: Rows, { signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<Samples> {
  if (!isDataset(rows)) {
    signal?.throwIfAborted();
    yield rows;
    return;
  }
  const { length, exampleShape } = rows;
  const most = Math.max(1, Math.min(mostPartRows, Math.floor(partValues / exampleSize(exampleShape))));
  for (let first = 0; first < length; first += most) {
    signal?.throwIfAborted();
    const count = Math.min(most, length - first);
    yield await samplesOf(
      rows,
      Uint32Array.from({ length: count }, (_, i) => first + i),
    );
  }
}

/** The rows with these numbers as samples. @throws DatasetError for a number that is not a row */
export async function samplesOf(data: Dataset, indices: ArrayLike<number>): Promise<Samples> {
  const shape = [indices.length, ...data.exampleShape];
  const { bytes: kept } = data.gather;
  if (kept !== undefined) {
    const { bytes, labels } = await kept.gather(indices);
    return new ByteSamples({ bytes, divisor: kept.divisor }, shape, labels);
  }
  const { x, labels } = await data.gather(indices);
  return { data: x, shape, ...(labels === undefined ? {} : { labels }) };
}

/** Rows of bytes, whose numbers are made when they are first asked for. */
class ByteSamples implements Samples {
  readonly bytes: SampleBytes;
  readonly shape: readonly number[];
  declare readonly labels?: Int32Array;
  #data: Float32Array | undefined;

  constructor(bytes: SampleBytes, shape: readonly number[], labels: Int32Array | undefined) {
    this.bytes = bytes;
    this.shape = shape;
    if (labels !== undefined) this.labels = labels;
  }

  get data(): Float32Array {
    if (this.#data === undefined) {
      const { bytes, divisor } = this.bytes;
      const numbers = Float32Array.from({ length: 256 }, (_, byte) => byte / divisor);
      this.#data = new Float32Array(bytes.length);
      for (let i = 0; i < bytes.length; i++) this.#data[i] = numbers[bytes[i]!]!;
    }
    return this.#data;
  }
}

function isDataset(rows: Rows): rows is Dataset {
  return 'gather' in rows;
}
