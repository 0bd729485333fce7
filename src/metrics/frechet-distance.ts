// The squared 2-Wasserstein (Fréchet) distance of two Gaussians (Dowson and Landau 1982):
//
//   d = |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1^1/2 S2 S1^1/2)^1/2
//
// The last trace is the sum of the square roots of the eigenvalues of L' S2 L for any L L' = S1: a symmetric matrix, whose eigenvalues are
// real and not negative, unlike those that a square root of the product S1 S2 has with rounding. L is Cholesky's, also of singular S1: it has
// as many columns as S1 has rank.
import type { Runtime } from '../runtime/runtime.js';
import { input, lowerProgram, matmul } from '../tensor/index.js';
import { eigenvaluesOn } from './device-eigenvalues.js';
import type { MetricOptions } from './metric.js';
import type { Moments } from './moments.js';
import { stage } from './pace.js';
import { float64Matrix, float64Of } from './row-products.js';
import { type SemidefiniteFactor, semidefiniteFactor } from './semidefinite-factor.js';

/** A distance, and what the parts of it are. */
export interface FrechetDistance {
  readonly value: number;
  /** |m1 - m2|^2. */
  readonly ofMeans: number;
  /** The distance of the covariances. */
  readonly ofCovariances: number;
}

/** The distance of Gaussians with these moments. Stored moments of real rows do as well as fresh ones. @throws the signal's reason */
export async function frechetDistance(
  runtime: Runtime,
  first: Moments,
  second: Moments,
  options: Pick<MetricOptions, 'signal' | 'onProgress'> = {},
): Promise<FrechetDistance> {
  const factor = await semidefiniteFactor(runtime, first.covariance, first.mean.length, stage(options, 0, 0.3));
  const inner = await innerMatrix(runtime, factor, second.covariance);
  return distanceOf(runtime, first, second, inner, stage(options, 0.3, 1));
}

/** L' S2 L [rank, rank] of a factor of S1. */
export interface InnerMatrix {
  readonly data: Float64Array;
  readonly rank: number;
}

/** The distance, given L' S2 L. */
export async function distanceOf(
  runtime: Runtime,
  first: Moments,
  second: Moments,
  { data, rank }: InnerMatrix,
  options: Pick<MetricOptions, 'signal' | 'onProgress'> = {},
): Promise<FrechetDistance> {
  const size = first.mean.length;
  const ofMeans = first.mean.reduce((sum, value, i) => sum + (value - second.mean[i]!) ** 2, 0);
  const eigenvalues = await eigenvaluesOn(runtime, data, rank, options);
  const trace = eigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  const total = traceOf(first.covariance, size) + traceOf(second.covariance, size);
  // Equal covariances leave rounding of either sign.
  const ofCovariances = Math.max(0, total - 2 * trace);
  return { value: ofMeans + ofCovariances, ofMeans, ofCovariances };
}

/** L' S L, on the device. */
export async function innerMatrix(
  runtime: Runtime,
  { factor, rank }: SemidefiniteFactor,
  covariance: Float64Array,
): Promise<InnerMatrix> {
  if (rank === 0) return { data: new Float64Array(), rank };
  const size = factor.length / rank;
  const [l, s] = [input('l', [size, rank], 'float64'), input('s', [size, size], 'float64')];
  const program = await runtime.compile(
    lowerProgram({ name: 'inner', results: { inner: matmul(l, matmul(s, l), { transposeA: true }) } }),
  );
  try {
    const { inner } = await program.runOnce({
      l: float64Matrix(factor.slice(), rank),
      s: float64Matrix(covariance.slice(), size),
    });
    return { data: float64Of(inner), rank };
  } finally {
    await program.dispose();
  }
}

function traceOf(matrix: Float64Array, size: number): number {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i]!;
  return trace;
}
