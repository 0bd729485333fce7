// How much each row moves the Fréchet distance between Gaussians: its influence function (Hampel 1974), whose variance over the rows is
// what a bootstrap over rows finds to first order (Efron 1982, the infinitesimal jackknife), without a resample.
//
//   distance(m2 + dm, S2 + dS) = distance + 2 (m2 - m1)'dm + tr (1 - T) dS,   T = L (L' S2 L)^-1/2 L',   S1 = L L'
//   influence(x) = 2 (m2 - m1)'(x - m2) + (x - m2)'(1 - T)(x - m2)            up to a constant
//
// T is the linear part of the optimal map from the second Gaussian to the first (Dowson and Landau 1982). The inverse root comes from the
// coupled iteration of Newton and Schulz, scaled as by Chen and Chow (2014); singular directions are lifted a little, since an interval needs
// two digits.
import type { CompiledProgram, Runtime } from '../runtime/runtime.js';
import { input, lowerProgram, matmul, multiply, SymbolicDim, subtract, sum, type Tensor } from '../tensor/index.js';
import type { InnerMatrix } from './frechet-distance.js';
import type { FeatureRows, MetricOptions } from './metric.js';
import type { Moments } from './moments.js';
import { visitChunks } from './row-chunks.js';
import { float64Matrix, float64Of } from './row-products.js';
import type { SemidefiniteFactor } from './semidefinite-factor.js';

/** What is added to the eigenvalues, relative to the largest. */
const lift = 1e-6;
/** Numbers of a chunk of rows at most. */
const chunkValues = 2 ** 20;

/** The variance over `rows`, which have the moments `own`, of what each of them does to the distance from `other`, given T [width, width]. */
export async function influenceVariance(
  runtime: Runtime,
  rows: FeatureRows,
  own: Moments,
  other: Moments,
  map: Float64Array,
  options: Pick<MetricOptions, 'signal' | 'onProgress'>,
): Promise<number> {
  const { width } = rows;
  const chunkRows = Math.min(rows.rows, Math.ceil(chunkValues / width));
  const x = input('x', [chunkRows, width], 'float64');
  const [slope, mapInput] = [input('slope', [1, width], 'float64'), input('map', [width, width], 'float64')];
  // 2 (m2 - m1) + (1 - T)(x - m2), times x - m2.
  const influence = sum(multiply(subtract(x, subtract(matmul(x, mapInput), slope)), x), { axes: 1 });
  const program = await runtime.compile(lowerProgram({ name: 'influence', results: { influence } }));
  const held = await runtime.hold({
    map: float64Matrix(map, width),
    slope: {
      dtype: 'float64',
      shape: [1, width],
      data: own.mean.map((value, i) => 2 * (value - other.mean[i]!)),
    },
  });
  const influences = new Float64Array(rows.rows);
  try {
    await visitChunks(
      rows,
      (chunk) => program.runOnce({ x: chunk }, held),
      (results, first, count) => influences.set(float64Of(results.influence).subarray(0, count), first),
      { ...options, chunkRows, centre: own.mean },
    );
  } finally {
    await held.dispose();
    await program.dispose();
  }
  const mean = influences.reduce((total, value) => total + value, 0) / rows.rows;
  return influences.reduce((total, value) => total + (value - mean) ** 2, 0) / (rows.rows - 1);
}

/** Optimal maps between Gaussians of one width, compiled once. */
export class TransportMaps {
  readonly #program: CompiledProgram;
  readonly #size: number;

  private constructor(program: CompiledProgram, size: number) {
    this.#program = program;
    this.#size = size;
  }

  static async open(runtime: Runtime, size: number): Promise<TransportMaps> {
    const rank = new SymbolicDim('rank');
    const l = input('l', [size, rank], 'float64');
    const [start, step] = ['start', 'step'].map((name) => input(name, [rank, rank], 'float64'));
    const map = matmul(l, matmul(inverseRoot(start!, step!, scalings().slice(1)), l, { transposeB: true }));
    return new TransportMaps(await runtime.compile(lowerProgram({ name: 'transport', results: { map } })), size);
  }

  /** T = L (L' S2 L)^-1/2 L' of the factor L and the inner matrix L' S2 L. The device has begun when this returns. */
  async map({ factor, rank }: SemidefiniteFactor, inner: InnerMatrix): Promise<Float64Array> {
    // No eigenvalue is larger than the Frobenius norm.
    const scale = Math.sqrt(inner.data.reduce((total, value) => total + value * value, 0));
    if (scale === 0) return new Float64Array(this.#size ** 2);
    const start = inner.data.map((value) => value / scale / (1 + lift));
    for (let i = 0; i < rank; i++) start[i * rank + i] = start[i * rank + i]! + lift / (1 + lift);
    const { map } = await this.#program.run({
      start: float64Matrix(start, rank),
      step: float64Matrix(firstStep(start, rank, scalings()[0]!), rank),
      l: float64Matrix(factor, rank),
    });
    const norm = 1 / Math.sqrt(scale * (1 + lift));
    return float64Of(map).map((value) => value * norm);
  }

  dispose(): Promise<void> {
    return this.#program.dispose();
  }
}

/** The scalings m of all iterations: the square roots of the eigenvalues lie in [least, 1], and an iteration takes x to m x (3 - m^2 x^2) / 2. */
function scalings(): number[] {
  const result: number[] = [];
  for (let least = Math.sqrt(lift / (1 + lift)); 1 - least > 1e-9; ) {
    const m2 = 3 / (1 + least + least * least);
    const m = Math.sqrt(m2);
    result.push(m);
    least = m * least * (1.5 - 0.5 * m2 * least * least);
  }
  return result;
}

/** m (3 - m^2 A) / 2: here, since the device would have to be given the identity. */
function firstStep(start: Float64Array, size: number, m: number): Float64Array {
  const step = start.map((value) => -0.5 * m ** 3 * value);
  for (let i = 0; i < size; i++) step[i * size + i] = step[i * size + i]! + 1.5 * m;
  return step;
}

/** The inverse square root of a symmetric matrix with eigenvalues in [lift / (1 + lift), 1], from the first step on. */
function inverseRoot(start: Tensor, step: Tensor, others: readonly number[]): Tensor {
  let [y, z] = [matmul(start, step), step];
  for (const m of others) {
    const zy = multiply(matmul(z, y), 0.5 * m ** 3);
    [y, z] = [subtract(multiply(y, 1.5 * m), matmul(y, zy)), subtract(multiply(z, 1.5 * m), matmul(zy, z))];
  }
  return z;
}
