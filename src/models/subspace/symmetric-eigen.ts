// The largest eigenvalues of a symmetric positive semi-definite matrix, and their eigenvectors, in float64.
//
// All of them, or of a small matrix: Householder reduction and implicit QL (ml-matrix). A few of a large one: subspace iteration with
// Chebyshev filters (Zhou, Saad, Tiago and Chelikowsky 2006) and Rayleigh-Ritz, its products on the device. The spectrum's lower end is
// known to be 0, so the filter damps [0, b], b the smallest Ritz value, and magnifies what lies above. What does not
// converge, which takes a spectrum without gaps, is computed in full.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { random } from '../../runtime/random.js';
import type { CompiledProgram, Runtime, Value } from '../../runtime/runtime.js';
import {
  divide,
  input,
  matmul,
  multiply,
  norm,
  reshape,
  square,
  subtract,
  sum,
  type Tensor,
} from '../../tensor/index.js';
import { lowerProgram } from '../../tensor/program.js';
import { rayleighRitz } from './rayleigh-ritz.js';
import { numbers } from './scatter.js';

/** Eigenvalues in descending order, none below 0, and their eigenvectors as rows [count, size]. */
export interface Eigenpairs {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Below this size everything is computed in full, which takes a tenth of a second. */
const leastIterativeSize = 200;
/** Share of the eigenvectors up to which iterating is faster. */
const iterativeShare = 1 / 5;

const maxRounds = 40;
/** Residuals |C v - t v| that count as none: relative to t, and to the largest eigenvalue, where rounding ends it. */
const relativeResidual = 1e-11;
const roundingResidual = 2e-14;
/**
 * How much larger than a wanted direction the share of a more magnified one may become in a filtered vector. Its Gram matrix holds the
 * square, which has to stay well below 2^53.
 */
const mostForeign = 1e5;
/** That share before the filter at least: rounding. */
const leastForeign = 1e-14;
const leastDegree = 2;
const degrees = [12, 10, 8, 6, 4, leastDegree] as const;

/** How many of the largest eigenpairs are found faster than all. */
export function mostIterative(size: number): number {
  return size < leastIterativeSize ? 0 : Math.floor(size * iterativeShare);
}

/** The `count` largest eigenvalues of `matrix` [size, size] and their eigenvectors. */
export async function largestEigenpairs(
  runtime: Runtime,
  matrix: Float64Array,
  size: number,
  count: number,
): Promise<Eigenpairs> {
  if (count > mostIterative(size)) return allEigenpairs(matrix, size, count);
  return (await filteredSubspace(runtime, matrix, size, count)) ?? allEigenpairs(matrix, size, count);
}

/** Every eigenvalue at once, of which the largest `count` are returned. */
export function allEigenpairs(matrix: Float64Array, size: number, count: number = size): Eigenpairs {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
  const chosen = order.slice(0, count);
  const vectors = new Float64Array(count * size);
  for (const [row, column] of chosen.entries())
    for (let i = 0; i < size; i++) vectors[row * size + i] = eigenvectorMatrix.get(i, column);
  return { values: Float64Array.from(chosen, (i) => Math.max(0, realEigenvalues[i] ?? 0)), vectors };
}

/** The iteration; undefined where it does not converge. */
async function filteredSubspace(
  runtime: Runtime,
  matrix: Float64Array,
  size: number,
  count: number,
): Promise<Eigenpairs | undefined> {
  const width = Math.min(size, count + Math.max(10, Math.ceil(count / 2)));
  const programs = new Map<number, CompiledProgram>();
  const scale = trace(matrix, size);
  if (!(scale > 0)) return undefined;
  const scaled = new Float64Array(matrix.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = matrix[i]! / scale;
  const held = await runtime.hold({ c: float64(scaled, [size, size]) });
  // The first round orthonormalises a random block, which counts as Ritz vectors of an unknown spectrum. Eigenvalues add up to 1 here,
  // and most are below their mean.
  let filter: Filter = { degree: leastDegree, bound: 1 / size };
  let block = Float64Array.from(
    random(0)
      .split('subspace')
      .normal(width * size),
  );
  let mixing = new Float64Array(width * width);
  for (let i = 0; i < width; i++) mixing[i * width + i] = 1 / Math.sqrt(size);
  let ritz = new Float64Array(width).fill(1);
  const tolerance = (i: number) => Math.max(relativeResidual * ritz[i]!, roundingResidual * ritz[0]!);
  try {
    for (let round = 0; round < maxRounds; round++) {
      const { degree, bound } = filter;
      let program = programs.get(degree);
      if (program === undefined) {
        program = await runtime.compile(lowerProgram({ name: 'subspace', results: roundOf(size, width, degree) }));
        programs.set(degree, program);
      }
      const feeds = {
        block: float64(block, [width, size]),
        mixing: float64(mixing, [width, width]),
        ritz: float64(ritz, [width, 1]),
        scale: float64(Float64Array.of(2 / bound), [1, 1]),
      };
      const result = await program.run(feeds, held);
      const residuals = numbers(result.residuals);
      if (round > 0 && residuals.subarray(0, count).every((residual, i) => residual <= tolerance(i)))
        return {
          values: numbers(result.quotients)
            .slice(0, count)
            .map((value) => Math.max(0, value * scale)),
          vectors: numbers(result.vectors).slice(0, count * size),
        };
      const next = rayleighRitz(numbers(result.gram), numbers(result.projected), width);
      if (next === undefined) {
        // A lower degree magnifies less.
        const lower = degrees.find((other) => other < degree);
        if (lower === undefined) return undefined;
        filter = { bound, degree: lower };
        continue;
      }
      // How far each Ritz vector is from its eigenvector now, which the filter has brought closer.
      const shares = residuals.map((residual, i) =>
        round === 0 ? 1 : shareOf(residual, ritz[i]! * growth(ritz[i]!, filter)),
      );
      const foreign = shares.map((share) => Math.max(next.rounding, share));
      ({ mixing, ritz } = next);
      block = Float64Array.from(numbers(result.filtered));
      // The bound on rounding is seldom reached; where it is, one short round was for nothing.
      const isNearlyDone =
        degree > leastDegree && shares.subarray(0, count).every((share) => share <= relativeResidual / 10);
      const nextBound = Math.max(ritz[width - 1]!, 1e-7 * ritz[0]!);
      const safe = isNearlyDone ? leastDegree : degreeFor(ritz, foreign, nextBound);
      // A program that is there already, for a degree nearly as large, saves compiling one.
      filter = { bound: nextBound, degree: programs.has(safe - 2) ? safe - 2 : safe };
    }
    return undefined;
  } finally {
    for (const program of programs.values()) await program.dispose();
    await held.dispose();
  }
}

/** What of a vector lies elsewhere, given its residual: at least rounding, and at most all of it. */
function shareOf(residual: number, value: number): number {
  return value > residual ? Math.max(leastForeign, residual / value) : 1;
}

/** A Chebyshev polynomial of a degree, which stays within [-1, 1] on [0, bound]. */
interface Filter {
  readonly degree: number;
  readonly bound: number;
}

/** What a filter multiplies an eigenvector of eigenvalue `value` by: T_m(2 value / bound - 1). */
function growth(value: number, { degree, bound }: Filter): number {
  return Math.cosh(degree * Math.acosh(Math.max(1, (2 * value) / bound - 1)));
}

/**
 * The largest degree that keeps the block's last direction above what the others have left in it, in shares of `foreign` that grow
 * with their eigenvalues.
 */
function degreeFor(ritz: Float64Array, foreign: Float64Array, bound: number): number {
  const isSafe = (degree: number) =>
    foreign.every((share, i) => share * growth(ritz[i]!, { degree, bound }) <= mostForeign);
  return degrees.find(isSafe) ?? leastDegree;
}

/**
 * One round: Ritz vectors V = mixing block with their residuals and Rayleigh quotients, whose errors are squares of theirs; then the
 * Chebyshev polynomial of C applied to them, each scaled to length 1, with the matrices of the Rayleigh-Ritz problem.
 */
function roundOf(size: number, width: number, degree: number): Readonly<Record<string, Tensor>> {
  const [c, ritz, scale] = [
    input('c', [size, size], 'float64'),
    input('ritz', [width, 1], 'float64'),
    input('scale', [1, 1], 'float64'),
  ];
  const vectors = matmul(input('mixing', [width, width], 'float64'), input('block', [width, size], 'float64'));
  const product = matmul(vectors, c);
  // T_0 = 1, T_1 = t, T_{m+1} = 2 t T_m - T_{m-1} with t = 2 C / b - 1.
  const mapped = (x: Tensor, cx: Tensor): Tensor => subtract(multiply(cx, scale), x);
  let [previous, current] = [vectors, mapped(vectors, product)];
  for (let m = 1; m < degree; m++)
    [previous, current] = [current, subtract(multiply(mapped(current, matmul(current, c)), 2), previous)];
  const filtered = divide(current, lengths(current, width));
  return {
    vectors,
    quotients: divide(sum(multiply(product, vectors), { axes: 1 }), sum(square(vectors), { axes: 1 })),
    residuals: norm(subtract(product, multiply(vectors, ritz)), { axes: 1 }),
    filtered,
    gram: matmul(filtered, filtered, { transposeB: true }),
    projected: matmul(matmul(filtered, c), filtered, { transposeB: true }),
  };
}

function lengths(rows: Tensor, width: number): Tensor {
  return reshape(norm(rows, { axes: 1 }), [width, 1]);
}

function trace(matrix: Float64Array, size: number): number {
  let total = 0;
  for (let i = 0; i < size; i++) total += matrix[i * size + i] ?? 0;
  return total;
}

function float64(data: Float64Array, shape: readonly number[]): Value {
  return { dtype: 'float64', shape, data };
}
