// Samples beside the training rows that are nearest to them: the picture that tells learning from copying at a glance. Distances are
// Euclidean, between the rows as they are: pixels of images.
import { type Dataset, exampleSize } from '../../data/index.js';
import type { Samples } from '../../models/contract.js';
import { parts, samplesOf } from '../../models/tools/rows.js';

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
  /** Those nearest to a training row, the nearest first: where copies would show. */
  readonly closest: NeighbourPairs;
  /** Among how many samples the closest were looked for. */
  readonly among: number;
}

/** How to search. */
export interface NeighbourOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((stage: string, share: number) => void) | undefined;
}

/** Pairs shown of each kind. */
const shownPairs = 10;
/** Samples whose neighbours are looked for. */
const searched = 250;
const stage = 'Looking for the nearest training rows';

/** The nearest training rows of some samples. @throws the signal's reason where it is aborted */
export async function nearestTraining(
  samples: Samples,
  training: Dataset,
  { signal, onProgress }: NeighbourOptions = {},
): Promise<Neighbours> {
  const size = exampleSize(training.exampleShape);
  const count = Math.min(searched, samples.shape[0] ?? 0);
  const best = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const rows = new Int32Array(count);
  let first = 0;
  for await (const { data } of parts(training, signal === undefined ? {} : { signal })) {
    const partRows = data.length / size;
    for (let sample = 0; sample < count; sample++)
      for (let row = 0; row < partRows; row++) {
        const distance = squaredDistance(samples.data, sample * size, data, row * size, size, best[sample] ?? 0);
        if (distance < (best[sample] ?? 0)) {
          best[sample] = distance;
          rows[sample] = first + row;
        }
      }
    first += partRows;
    onProgress?.(stage, first / training.length);
    // Ctrl-C is heard between parts.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const order = Array.from(best.keys()).sort((a, b) => (best[a] ?? 0) - (best[b] ?? 0));
  const pairs = async (chosen: readonly number[]): Promise<NeighbourPairs> => ({
    samples: chosenRows(samples, chosen),
    nearest: await samplesOf(
      training,
      chosen.map((sample) => rows[sample] ?? 0),
    ),
    distances: chosen.map((sample) => Math.sqrt(best[sample] ?? 0)),
  });
  return {
    typical: await pairs(Array.from({ length: Math.min(shownPairs, count) }, (_, index) => index)),
    closest: await pairs(order.slice(0, shownPairs)),
    among: count,
  };
}

/** Stops where it exceeds `most`. */
function squaredDistance(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  bAt: number,
  size: number,
  most: number,
): number {
  let sum = 0;
  for (let i = 0; i < size; ) {
    const end = Math.min(size, i + 64);
    for (; i < end; i++) {
      const difference = (a[aAt + i] ?? 0) - (b[bAt + i] ?? 0);
      sum += difference * difference;
    }
    if (sum >= most) return sum;
  }
  return sum;
}

function chosenRows({ data, shape }: Samples, chosen: readonly number[]): Samples {
  const exampleShape = shape.slice(1);
  const size = exampleSize(exampleShape);
  const rows = new Float32Array(chosen.length * size);
  for (const [index, row] of chosen.entries()) rows.set(data.subarray(row * size, (row + 1) * size), index * size);
  return { data: rows, shape: [chosen.length, ...exampleShape] };
}
