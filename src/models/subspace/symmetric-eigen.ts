// The largest eigenvalues of a symmetric positive semi-definite matrix, and their eigenvectors, in float64.
//
// All of them, or of a small matrix: Householder reduction and implicit QL (ml-matrix). A few of a large one: subspace iteration with
// Chebyshev filters (Zhou, Saad, Tiago and Chelikowsky 2006) and Rayleigh-Ritz, its products on the device. The spectrum's lower end is
// known to be 0, so the filter damps [0, b], b the smallest Ritz value, and magnifies what lies above. What does not
// converge, which takes a spectrum without gaps, is computed in full.
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { random } from '../../runtime/random.js';
import type { CompiledProgram, Runtime, Value } from '../../runtime/runtime.js';
import { divide, input, matmul, multiply, norm, reshape, subtract, type Tensor } from '../../tensor/index.js';
import { lowerProgram } from '../../tensor/program.js';
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
const leastForeign = 1e-9;
const degrees = [12, 8, 6, 4, 3, 2] as const;

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
  const c = float64(
    matrix.map((value) => value / scale),
    [size, size],
  );
  // The first round orthonormalises a random block, which counts as Ritz vectors of an unknown spectrum.
  let block = Float64Array.from(
    random(0)
      .split('subspace')
      .normal(width * size),
  );
  let mixing = Matrix.eye(width).mul(1 / Math.sqrt(size));
  let ritz = new Float64Array(width).fill(1);
  let foreign = 1;
  try {
    for (let round = 0; round < maxRounds; round++) {
      // Eigenvalues add up to 1 here, and most are below their mean.
      const bound = round === 0 ? 1 / size : Math.max(ritz[width - 1] ?? 0, 1e-7 * (ritz[0] ?? 0));
      const degree = round === 0 ? 2 : degreeFor((2 * (ritz[0] ?? 0)) / bound - 1, foreign);
      let program = programs.get(degree);
      if (program === undefined) {
        program = await runtime.compile(lowerProgram({ name: 'subspace', results: roundOf(size, width, degree) }));
        programs.set(degree, program);
      }
      const result = await program.run({
        c,
        block: float64(block, [width, size]),
        mixing: float64(Float64Array.from(mixing.to1DArray()), [width, width]),
        ritz: float64(ritz, [width, 1]),
        scale: float64(Float64Array.of(2 / bound), [1, 1]),
      });
      const residuals = numbers(result.residuals).subarray(0, count);
      const tolerance = (i: number) => Math.max(relativeResidual * (ritz[i] ?? 0), roundingResidual * (ritz[0] ?? 0));
      if (round > 0 && residuals.every((residual, i) => residual <= tolerance(i)))
        return {
          values: ritz.slice(0, count).map((value) => Math.max(0, value * scale)),
          vectors: numbers(result.vectors).slice(0, count * size),
        };
      const next = rayleighRitz(numbers(result.gram), numbers(result.projected), width);
      if (next === undefined) return undefined;
      ({ mixing, ritz } = next);
      block = Float64Array.from(numbers(result.filtered));
      if (round > 0) foreign = Math.max(...residuals) / (ritz[0] ?? 1);
    }
    return undefined;
  } finally {
    for (const program of programs.values()) await program.dispose();
  }
}

/**
 * One round: Ritz vectors V = mixing block with their residuals, then the Chebyshev polynomial of C applied to them, each scaled to
 * length 1, with the matrices of the Rayleigh-Ritz problem.
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
    residuals: norm(subtract(product, multiply(vectors, ritz)), { axes: 1 }),
    filtered,
    gram: matmul(filtered, filtered, { transposeB: true }),
    projected: matmul(matmul(filtered, c), filtered, { transposeB: true }),
  };
}

function lengths(rows: Tensor, width: number): Tensor {
  return reshape(norm(rows, { axes: 1 }), [width, 1]);
}

/** Solves projected s = t gram s. The rows of `mixing` are the solutions; undefined where the block has become dependent. */
function rayleighRitz(
  gram: Float64Array,
  projected: Float64Array,
  width: number,
): { mixing: Matrix; ritz: Float64Array<ArrayBuffer> } | undefined {
  const cholesky = new CholeskyDecomposition(Matrix.from1DArray(width, width, gram));
  if (!cholesky.isPositiveDefinite()) return undefined;
  const inverse = inverseLower(cholesky.lowerTriangularMatrix, width);
  const reduced = inverse.mmul(Matrix.from1DArray(width, width, projected)).mmul(inverse.transpose());
  const symmetric = Matrix.add(reduced, reduced.transpose()).mul(0.5);
  const { values, vectors } = allEigenpairs(Float64Array.from(symmetric.to1DArray()), width);
  return { mixing: Matrix.from1DArray(width, width, vectors).mmul(inverse), ritz: Float64Array.from(values) };
}

function inverseLower(lower: Matrix, size: number): Matrix {
  const inverse = Matrix.zeros(size, size);
  for (let column = 0; column < size; column++)
    for (let row = column; row < size; row++) {
      let value = row === column ? 1 : 0;
      for (let k = column; k < row; k++) value -= lower.get(row, k) * inverse.get(k, column);
      inverse.set(row, column, value / lower.get(row, row));
    }
  return inverse;
}

/** The largest degree that keeps the block's last direction above the rounding of the first, at `top` on the filter's scale. */
function degreeFor(top: number, foreign: number): number {
  const growth = top + Math.sqrt(top * top - 1);
  return degrees.find((degree) => growth ** degree * Math.max(foreign, leastForeign) <= mostForeign) ?? 2;
}

function trace(matrix: Float64Array, size: number): number {
  let total = 0;
  for (let i = 0; i < size; i++) total += matrix[i * size + i] ?? 0;
  return total;
}

function float64(data: Float64Array, shape: readonly number[]): Value {
  return { dtype: 'float64', shape, data };
}
