// The sliced Wasserstein distance: both sets are projected on random directions, where optimal transport is sorting.
//
//   SW = ( mean over directions of W_2^2 )^1/2,   W_2^2 = integral over u in [0, 1] of ( F^-1(u) - G^-1(u) )^2
//
// Rabin, Peyre, Delon and Bernot (2011); Bonneel, Rabin, Peyre and Pfister (2015). A shift by d of rows with n features gives |d| / sqrt(n)
// on average. Like all transport distances of finite sets it is above 0 for equal distributions. The interval is as wide as the values of
// resampled rows spread.
import { type Random, random } from '../runtime/random.js';
import type { Runtime } from '../runtime/runtime.js';
import { input, lowerProgram, matmul } from '../tensor/index.js';
import { checkResamplings } from './bootstrap.js';
import { checkFeatures } from './check-inputs.js';
import type { FeatureRows, Metric, MetricOptions } from './metric.js';
import { pace, stage } from './pace.js';
import { normalQuantile } from './quantiles.js';
import { visitChunks } from './row-chunks.js';
import { float64Of } from './row-products.js';
import { inWorkspace } from './workspace.js';

const directions = 100;
const defaultResamplings = 20;
const chunkRows = 1024;

/** The sliced Wasserstein distance of samples from real rows. */
export const slicedWasserstein: Metric<'real' | 'samples'> = {
  name: 'sliced-wasserstein',
  title: 'Sliced Wasserstein distance',
  topic: 'samples',
  measures: 'How far samples would have to be moved, along random directions of the features, to lie as real rows do.',
  better: 'lower',
  range: [0, Number.POSITIVE_INFINITY],
  unit: 'feature units',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: 2,
  source: 'Bonneel et al. 2015, Sliced and Radon Wasserstein barycenters of measures',
  estimateSeconds: ({ real, samples }) =>
    0.2 + (real.rows + samples.rows) * (directions * (3e-7 + defaultResamplings * 1e-8) + real.width * 4e-9),
  async compute({ real, samples }, options = {}) {
    checkFeatures(this, { real, samples });
    const { seed = 0, resamplings = defaultResamplings } = options;
    checkResamplings(resamplings, defaultResamplings);
    const stream = random(seed).split('sliced-wasserstein');
    const vectors = unitVectors(stream.split('directions').normal(directions * real.width), real.width);
    const drawn = Array.from({ length: resamplings }, (_, i) => ({
      real: drawCounts(stream.split('real').split(i), real.rows),
      samples: drawCounts(stream.split('samples').split(i), samples.rows),
    }));
    return inWorkspace(options, async (workspace) => {
      const runtime = await workspace.runtime();
      const ofReal = await project(runtime, real, vectors, stage(options, 0, 0.05));
      const ofSamples = await project(runtime, samples, vectors, stage(options, 0.05, 0.1));
      const done = pace(stage(options, 0.1, 1));
      let total = 0;
      const resampled = new Float64Array(resamplings);
      for (let direction = 0; direction < directions; direction++) {
        const [a, b] = [sortedColumn(ofReal, direction), sortedColumn(ofSamples, direction)];
        total += transportCost(a.values, b.values) / directions;
        for (const [i, counts] of drawn.entries())
          resampled[i]! +=
            transportCost(a.values, b.values, inOrder(counts.real, a.order), inOrder(counts.samples, b.order)) /
            directions;
        await done((direction + 1) / directions);
      }
      const value = Math.sqrt(total);
      const roots = resampled.map(Math.sqrt);
      const mean = roots.reduce((sum, root) => sum + root, 0) / resamplings;
      const deviation = Math.sqrt(roots.reduce((sum, root) => sum + (root - mean) ** 2, 0) / (resamplings - 1));
      const half = normalQuantile * deviation;
      return {
        value,
        interval: [Math.max(0, value - half), value + half],
        details: { directions },
      };
    });
  },
  read: ({ value }) =>
    `Along a random direction, samples would have to be moved by ${value.toPrecision(2)} to lie as real rows do, where 0 is no difference.`,
};

/**
 * The squared 2-Wasserstein distance of two sets of sorted numbers, each with a weight: by default all alike.
 *
 * @example transportCost([0, 1], [1, 2])   // 1
 */
export function transportCost(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  weightsA: ArrayLike<number> = onesOf(a.length),
  weightsB: ArrayLike<number> = onesOf(b.length),
): number {
  const [totalA, totalB] = [sumOf(weightsA), sumOf(weightsB)];
  let [i, j, cost] = [0, 0, 0];
  // In parts of 1 / (totalA totalB), so that whole weights stay whole.
  let leftA = weightsA[0]! * totalB;
  let leftB = weightsB[0]! * totalA;
  while (true) {
    while (leftA === 0 && ++i < a.length) leftA = weightsA[i]! * totalB;
    while (leftB === 0 && ++j < b.length) leftB = weightsB[j]! * totalA;
    if (i >= a.length || j >= b.length) return cost / totalA / totalB;
    const moved = Math.min(leftA, leftB);
    const distance = a[i]! - b[j]!;
    cost += moved * distance * distance;
    leftA -= moved;
    leftB -= moved;
  }
}

function onesOf(count: number): Float64Array {
  return new Float64Array(count).fill(1);
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** How often each of `count` rows comes in a sample of as many with replacement. */
function drawCounts(stream: Random, count: number): Float64Array {
  const counts = new Float64Array(count);
  for (let i = 0; i < count; i++) counts[Math.floor(stream.next() * count)]!++;
  return counts;
}

/** A column of projections [rows, directions], from low to high. */
function sortedColumn(projections: Float64Array, direction: number): { values: Float64Array; order: Uint32Array } {
  const rows = projections.length / directions;
  const column = Float64Array.from({ length: rows }, (_, row) => projections[row * directions + direction]!);
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((i, j) => column[i]! - column[j]!);
  return { values: inOrder(column, order), order };
}

function inOrder(values: Float64Array, order: Uint32Array): Float64Array {
  const result = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) result[i] = values[order[i]!]!;
  return result;
}

/** Rows of length 1. */
function unitVectors(normals: Float32Array, width: number): Float64Array {
  const vectors = Float64Array.from(normals);
  for (let from = 0; from < vectors.length; from += width) {
    const vector = vectors.subarray(from, from + width);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    for (let k = 0; k < width; k++) vector[k] = vector[k]! / length;
  }
  return vectors;
}

/** [rows, directions] */
async function project(
  runtime: Runtime,
  rows: FeatureRows,
  vectors: Float64Array,
  options: MetricOptions,
): Promise<Float64Array> {
  const { width } = rows;
  const [x, v] = [input('x', [chunkRows, width], 'float64'), input('v', [directions, width], 'float64')];
  const program = await runtime.compile(
    lowerProgram({ name: 'project', results: { projected: matmul(x, v, { transposeB: true }) } }),
  );
  const held = await runtime.hold({
    v: { dtype: 'float64', shape: [directions, width], data: Float64Array.from(vectors) },
  });
  const result = new Float64Array(rows.rows * directions);
  try {
    await visitChunks(
      rows,
      (x) => program.runOnce({ x }, held),
      ({ projected }, first, count) =>
        result.set(float64Of(projected).subarray(0, count * directions), first * directions),
      { ...options, chunkRows },
    );
    return result;
  } finally {
    await held.dispose();
    await program.dispose();
  }
}
