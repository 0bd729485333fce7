// Averaging importance weights in batches that bound memory: log 1/k sum_i w_i of every row, the sum in float64.
import { float32, type Value } from '../../runtime/runtime.js';
import { RowNoise } from './row-noise.js';

/** What is to be estimated. */
export interface BoundTask {
  /** Rows [N, ...exampleShape]. */
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly latentSize: number;
  /** Codes per row. */
  readonly samples: number;
  readonly seed: number;
  /** Numbers that a code takes at the widest place of the networks. */
  readonly widest: number;
  /** The logarithms of the weights of rows x [n, ...] with noise [n, codes, latentSize]: [codes, n]. */
  readonly logWeights: (x: Value, noise: Value) => Promise<Float64Array>;
}

/** Numbers at the widest place of the networks that are computed at a time: 16 MiB. */
const mostValues = 2 ** 22;

interface Part {
  readonly first: number;
  readonly rows: number;
  readonly codes: number;
}

/** log 1/k sum_i w_i of every row. */
export async function estimateBound(task: BoundTask): Promise<Float64Array> {
  const { data, shape, latentSize, samples, seed, widest, logWeights } = task;
  const [count = 0, ...exampleShape] = shape;
  const rowSize = data.length / count;
  const parts = partsOf(count, samples, Math.max(2, Math.floor(mostValues / widest)));
  const noise = new RowNoise(seed, latentSize);
  const largest = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const sums = new Float64Array(count);
  let drawnFirst = -1;
  const feedsOf = ({ first, rows, codes }: Part): readonly [Value, Value] => {
    if (first !== drawnFirst) noise.rows(first, rows);
    drawnFirst = first;
    const x = float32(data.slice(first * rowSize, (first + rows) * rowSize), [rows, ...exampleShape]);
    return [x, float32(noise.next(codes), [rows, codes, latentSize])];
  };
  let feeds = parts[0] === undefined ? undefined : feedsOf(parts[0]);
  for (const [index, { first, rows, codes }] of parts.entries()) {
    if (feeds === undefined) break;
    // The next part's noise is drawn while this one computes.
    const following = parts[index + 1];
    const [weights, next] = await Promise.all([
      logWeights(...feeds),
      following === undefined ? undefined : soon(() => feedsOf(following)),
    ]);
    for (let row = 0; row < rows; row++)
      for (let code = 0; code < codes; code++) {
        const weight = weights[code * rows + row] ?? Number.NaN;
        const highest = largest[first + row] ?? 0;
        if (weight > highest) {
          sums[first + row] = (sums[first + row] ?? 0) * Math.exp(highest - weight) + 1;
          largest[first + row] = weight;
        } else sums[first + row] = (sums[first + row] ?? 0) + Math.exp(weight - highest);
      }
    feeds = next;
  }
  return sums.map((sum, row) => Math.log(sum / samples) + (largest[row] ?? 0));
}

/** Rows and codes cut so that `most` codes are computed at a time; all codes of a row one after the other. */
function partsOf(count: number, samples: number, most: number): Part[] {
  // Even, since normal numbers come in pairs.
  const codes = samples <= most ? samples : most - (most % 2);
  const rows = Math.max(1, Math.floor(most / codes));
  const parts: Part[] = [];
  for (let first = 0; first < count; first += rows)
    for (let done = 0; done < samples; done += codes)
      parts.push({ first, rows: Math.min(rows, count - first), codes: Math.min(codes, samples - done) });
  return parts;
}

/** Calls `make` once what runs elsewhere has been started. */
async function soon<T>(make: () => T): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  return make();
}
