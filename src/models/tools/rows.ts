// Rows for a model to look at: samples in memory, or a data set of any size that is gone through part by part.
import { type Dataset, exampleSize } from '../../data/dataset.js';
import type { Samples } from '../contract.js';

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
    const { x, labels } = await rows.gather(Uint32Array.from({ length: count }, (_, i) => first + i));
    yield { data: x, shape: [count, ...exampleShape], ...(labels === undefined ? {} : { labels }) };
  }
}

/** The rows with these numbers as samples. @throws DatasetError for a number that is not a row */
export async function samplesOf(data: Dataset, indices: ArrayLike<number>): Promise<Samples> {
  const { x, labels } = await data.gather(indices);
  return { data: x, shape: [indices.length, ...data.exampleShape], ...(labels === undefined ? {} : { labels }) };
}

function isDataset(rows: Rows): rows is Dataset {
  return 'gather' in rows;
}
