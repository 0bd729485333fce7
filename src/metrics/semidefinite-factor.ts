// A factor of a symmetric positive semi-definite matrix, A = L L', of any rank: Cholesky's with large remaining diagonal entries as next pivots
// (Higham, Accuracy and Stability of Numerical Algorithms, section 10.3), block by block. The rows with the largest entries are factored here
// with pivots among themselves, as far as these stay large; what is below and right of them follows by products at the device, nearly all the
// work:
//
//   L11 L11' = A11,   L21 = A21 L11'^-1,   A22 <- A22 - L21 L21'
//
// Products with an inverse lose digits where L11 is near to a singular matrix; one step of refinement, L21 + (A21 - L21 L11') L11'^-1, gets them
// back (section 12.2).
import { free } from '../core/free.js';
import type { CompiledProgram, Runtime } from '../runtime/runtime.js';
import { add, input, type LoweredProgram, lowerProgram, matmul, SymbolicDim, subtract } from '../tensor/index.js';
import type { MetricOptions } from './metric.js';
import { pace } from './pace.js';
import { float64Matrix, float64Of } from './row-products.js';

/** What is left of the diagonal that counts as rounding, relative to the largest entry and for each row. */
const roundingPerRow = 2 ** -52;
/** Rows that pivots are chosen among between two calls of the device. */
const blockRows = 64;
/**
 * The least pivot of a block, relative to its first: smaller ones wait for another block. So the columns of L fall in size as with the largest
 * pivot each time, but for this factor, and products with L keep the digits of what is small.
 */
const leastShare = 2 ** -10;

/** L [size, rank], row by row, its columns in the order of pivots. */
export interface SemidefiniteFactor {
  readonly factor: Float64Array;
  readonly rank: number;
}

/** What is left of a matrix in some of its rows and columns. */
interface Remainder {
  readonly rows: Uint32Array;
  /** [rows, rows]. */
  readonly left: Float64Array;
}

/** A block on the diagonal. */
interface Block {
  /** Its places in the remainder, in the order of pivots. */
  readonly chosen: Uint32Array;
  /** L11 [chosen, chosen], row by row. */
  readonly factor: Float64Array;
}

/** The factor of `matrix` [size, size], which is not changed. @throws the signal's reason */
export async function semidefiniteFactor(
  runtime: Runtime,
  matrix: Float64Array,
  size: number,
  options: Pick<MetricOptions, 'signal' | 'onProgress'> = {},
): Promise<SemidefiniteFactor> {
  const rows = Uint32Array.from({ length: size }, (_, i) => i).filter((i) => matrix[i * size + i]! > 0);
  const least = rows.reduce((most, i) => Math.max(most, matrix[i * size + i]!), 0) * size * roundingPerRow;
  const factor = new Float64Array(size * rows.length);
  const done = pace(options);
  let program: CompiledProgram | undefined;
  let rank = 0;
  let remainder: Remainder = { rows, left: chosenSquare(matrix, size, rows) };
  try {
    for (;;) {
      const block = factorBlock(remainder, least);
      const count = block.chosen.length;
      if (count === 0) break;
      const chosen = block.chosen.map((place) => remainder.rows[place]!);
      placeRows(factor, rows.length, chosen, rank, block.factor);
      const others = placesBeside(remainder, block);
      const a21 = besideBlock(remainder, block, others);
      remainder = withoutBlock(remainder, others);
      if (others.length > 0) {
        program ??= await runtime.compile(belowBlock());
        const { below, rest } = await program.runOnce({
          block: float64Matrix(block.factor, count),
          inverse: float64Matrix(triangleInverse(block.factor, count), count),
          a21: float64Matrix(a21, count),
          a22: float64Matrix(remainder.left, others.length),
        });
        placeRows(factor, rows.length, remainder.rows, rank, float64Of(below));
        free(float64Of(below));
        remainder = { rows: remainder.rows, left: float64Of(rest) };
      }
      rank += count;
      await done(1 - (others.length / rows.length) ** 3);
    }
  } finally {
    await program?.dispose();
  }
  free(remainder.left);
  await done(1);
  return { factor: firstColumns(factor, size, rows.length, rank), rank };
}

/** Factors the rows with the largest diagonal entries, of those that are more than `least`. */
function factorBlock({ rows, left }: Remainder, least: number): Block {
  const size = rows.length;
  const diagonal = Float64Array.from(rows, (_, place) => left[place * size + place]!);
  const candidates = Uint32Array.from(rows.keys())
    .filter((place) => diagonal[place]! > least)
    .sort((a, b) => diagonal[b]! - diagonal[a]!)
    .slice(0, blockRows);
  const leastPivot = Math.max(least, leastShare * (diagonal[candidates[0] ?? 0] ?? 0));
  // Rows of L11 in the order of candidates, which are put into that of pivots as these are chosen.
  const factor = new Float64Array(blockRows * blockRows);
  let count = 0;
  for (; count < candidates.length; count++) {
    let best = count;
    for (let i = count + 1; i < candidates.length; i++)
      if (diagonal[candidates[i]!]! > diagonal[candidates[best]!]!) best = i;
    const pivot = candidates[best]!;
    if (!(diagonal[pivot]! > leastPivot)) break;
    swap(candidates, factor, count, best);
    const scale = Math.sqrt(diagonal[pivot]!);
    const row = count * blockRows;
    factor[row + count] = scale;
    for (let i = count + 1; i < candidates.length; i++) {
      const [place, at] = [candidates[i]!, i * blockRows];
      let value = left[pivot * size + place]!;
      for (let k = 0; k < count; k++) value -= factor[row + k]! * factor[at + k]!;
      value /= scale;
      factor[at + count] = value;
      diagonal[place] = diagonal[place]! - value * value;
    }
  }
  return { chosen: candidates.subarray(0, count), factor: lowerTriangle(factor, count) };
}

/** Exchanges two candidates and their rows of L11. */
function swap(candidates: Uint32Array, factor: Float64Array, i: number, j: number): void {
  [candidates[i], candidates[j]] = [candidates[j]!, candidates[i]!];
  const row = factor.slice(i * blockRows, (i + 1) * blockRows);
  factor.copyWithin(i * blockRows, j * blockRows, (j + 1) * blockRows);
  factor.set(row, j * blockRows);
}

/** The first `size` rows and columns of a block, with nothing above the diagonal. */
function lowerTriangle(block: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) result.set(block.subarray(i * blockRows, i * blockRows + i + 1), i * size);
  return result;
}

/** The places of a remainder that are not in a block, in order. */
function placesBeside({ rows }: Remainder, { chosen }: Block): Uint32Array {
  const isChosen = new Uint8Array(rows.length);
  for (const place of chosen) isChosen[place] = 1;
  return Uint32Array.from(rows.keys()).filter((place) => isChosen[place] === 0);
}

/** A21: what is left in other rows, in the columns of the block. */
function besideBlock({ rows, left }: Remainder, { chosen }: Block, others: Uint32Array): Float64Array {
  const count = chosen.length;
  const a21 = new Float64Array(others.length * count);
  // The matrix is symmetric, and read along its rows.
  for (const [k, place] of chosen.entries())
    for (let i = 0; i < others.length; i++) a21[i * count + k] = left[place * rows.length + others[i]!]!;
  return a21;
}

/** What is left in some rows and columns, in order, moved together in the same memory. */
function withoutBlock({ rows, left }: Remainder, places: Uint32Array): Remainder {
  for (let i = 0, at = 0; i < places.length; i++) {
    const from = places[i]! * rows.length;
    for (let j = 0; j < places.length; j++, at++) left[at] = left[from + places[j]!]!;
  }
  return { rows: places.map((place) => rows[place]!), left: left.subarray(0, places.length ** 2) };
}

/** The inverse of a lower triangular matrix, row by row: row i of it is (e_i - sum over k < i of L_ik times row k) / L_ii. */
function triangleInverse(triangle: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let k = 0; k < i; k++) {
      const value = triangle[row + k]!;
      for (let j = 0; j <= k; j++) inverse[row + j] = inverse[row + j]! - value * inverse[k * size + j]!;
    }
    const diagonal = triangle[row + i]!;
    for (let j = 0; j < i; j++) inverse[row + j] = inverse[row + j]! / diagonal;
    inverse[row + i] = 1 / diagonal;
  }
  return inverse;
}

/** The program that takes L11, its inverse, A21 and A22 to L21 and what is left of A22. */
function belowBlock(): LoweredProgram {
  const [rows, columns] = [new SymbolicDim('rows'), new SymbolicDim('columns')];
  const block = input('block', [columns, columns], 'float64');
  const inverse = input('inverse', [columns, columns], 'float64');
  const a21 = input('a21', [rows, columns], 'float64');
  const rough = matmul(a21, inverse, { transposeB: true });
  const missing = subtract(a21, matmul(rough, block, { transposeB: true }));
  const below = add(rough, matmul(missing, inverse, { transposeB: true }));
  const rest = subtract(input('a22', [rows, rows], 'float64'), matmul(below, below, { transposeB: true }));
  return lowerProgram({ name: 'below-block', results: { below, rest } });
}

/** Some rows and the same columns of a square matrix. */
function chosenSquare(matrix: Float64Array, size: number, chosen: Uint32Array): Float64Array {
  const result = new Float64Array(chosen.length ** 2);
  for (let i = 0, at = 0; i < chosen.length; i++)
    for (let j = 0; j < chosen.length; j++, at++) result[at] = matrix[chosen[i]! * size + chosen[j]!]!;
  return result;
}

/** Writes rows of equal length into those of a matrix of so many `columns`, from `first` on. */
function placeRows(matrix: Float64Array, columns: number, rows: Uint32Array, first: number, part: Float64Array): void {
  const length = part.length / rows.length;
  for (const [i, row] of rows.entries()) matrix.set(part.subarray(i * length, (i + 1) * length), row * columns + first);
}

/** The first columns of a matrix, whose memory is given back. */
function firstColumns(matrix: Float64Array, rows: number, columns: number, count: number): Float64Array {
  if (count === columns) return matrix;
  const result = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) result.set(matrix.subarray(row * columns, row * columns + count), row * count);
  free(matrix);
  return result;
}
