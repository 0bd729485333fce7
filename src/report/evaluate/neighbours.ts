// Samples beside the training rows that are nearest to them: the picture that tells learning from copying at a glance. Distances are
// Euclidean, between the rows as they are: pixels of images.
import { type Dataset, exampleSize } from '../../data/index.js';
import { type FeatureRows, nearestRows, type Workspace } from '../../metrics/index.js';
import type { Samples } from '../../models/contract.js';
import { samplesOf } from '../../models/tools/rows.js';

/** Samples and their nearest training rows, in the same order. */
export interface NeighbourPairs {
  readonly samples: Samples;
  readonly nearest: Samples;
  /** Between the two. */
  readonly distances: readonly number[];
}

/** What is shown. */
export interface Neighbours {
  /** The first samples, as they came. */
  readonly typical: NeighbourPairs;
  /** Those nearest to a training row for what is usual there, the nearest first: where copies would show. */
  readonly closest: NeighbourPairs;
  /** Among how many samples the closest were looked for. */
  readonly among: number;
}

/** How to search. */
export interface NeighbourOptions {
  /**
   * All samples as rows of features, where a metric has looked for their nearest training rows with the same workspace: nothing is searched for
   * again then. Default: some of the samples are searched for.
   */
  readonly searched?: FeatureRows | undefined;
  readonly workspace?: Workspace;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((stage: string, share: number) => void) | undefined;
}

/** Pairs shown of each kind. */
const shownPairs = 10;
/** Samples whose neighbours are looked for. */
const mostSearched = 1000;
const stage = 'Looking for the nearest training rows';

/**
 * The nearest training rows of some samples.
 *
 * How close a sample is to its neighbour says little where rows lie close anyway, as plain images do; so distances are taken relative to
 * that of the neighbour to the training row nearest to itself.
 *
 * @param rows the training rows' values, [N, size], where they are at hand already
 * @throws the signal's reason where it is aborted
 */
export async function nearestTraining(
  samples: Samples,
  training: Dataset,
  rows: FeatureRows,
  { searched, workspace, signal, onProgress }: NeighbourOptions = {},
): Promise<Neighbours> {
  const size = exampleSize(training.exampleShape);
  const count = Math.min(mostSearched, samples.shape[0] ?? 0);
  const part = (from: number, to: number) => ({
    onProgress: (share: number) => onProgress?.(stage, from + share * (to - from)),
    ...(signal === undefined ? {} : { signal }),
    ...(workspace === undefined ? {} : { workspace }),
  });
  const looked = searched ?? { data: samples.data.subarray(0, count * size), rows: count, width: size };
  const found = await nearestRows(looked, rows, part(0, 0.5));
  const usual = await usualDistances(rows, found.indices.subarray(0, count), part(0.5, 1));
  const closeness = Array.from(
    found.distances.subarray(0, count),
    (distance, sample) => distance / Math.max(usual[sample] ?? 0, 1e-12),
  );
  const order = Array.from(closeness.keys()).sort((a, b) => (closeness[a] ?? 0) - (closeness[b] ?? 0));
  const pairs = async (chosen: readonly number[]): Promise<NeighbourPairs> => ({
    samples: chosenRows(samples, chosen),
    nearest: await samplesOf(
      training,
      chosen.map((sample) => found.indices[sample] ?? 0),
    ),
    distances: chosen.map((sample) => found.distances[sample] ?? 0),
  });
  return {
    typical: await pairs(Array.from({ length: Math.min(shownPairs, count) }, (_, index) => index)),
    closest: await pairs(order.slice(0, shownPairs)),
    among: count,
  };
}

/** How far the training rows with these numbers are from the nearest other training row. */
async function usualDistances(
  rows: FeatureRows,
  indices: Int32Array,
  options: Parameters<typeof nearestRows>[2],
): Promise<Float64Array> {
  if (rows.rows < 2) return new Float64Array(indices.length).fill(1);
  const { width } = rows;
  const data = new Float32Array(indices.length * width);
  for (const [at, index] of indices.entries())
    data.set(rows.data.subarray(index * width, (index + 1) * width), at * width);
  // The nearest is the row itself, the second the one that counts.
  const { distances } = await nearestRows({ data, rows: indices.length, width }, rows, { ...options, count: 2 });
  return Float64Array.from(indices, (_, at) => distances[2 * at + 1] ?? 0);
}

function chosenRows({ data, shape }: Samples, chosen: readonly number[]): Samples {
  const exampleShape = shape.slice(1);
  const size = exampleSize(exampleShape);
  const rows = new Float32Array(chosen.length * size);
  for (const [index, row] of chosen.entries()) rows.set(data.subarray(row * size, (row + 1) * size), index * size);
  return { data: rows, shape: [chosen.length, ...exampleShape] };
}
