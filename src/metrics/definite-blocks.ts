// Cholesky's factor of a symmetric positive semi-definite matrix as far as it goes without choosing pivots, block by block: a block on the
// diagonal is factored here, and what is below and right of it follows by products at the device, nearly all the work (Golub and Van Loan,
// Matrix Computations, section 4.2.9):
//
//   L11 L11' = A11,   L21 = A21 L11'^-1,   A22 <- A22 - L21 L21'
//
// Rows of whose diagonal entry little is left when their turn comes are put off: they nearly depend on those before. Products with an inverse
// lose digits where L11 is near to a singular matrix; one step of refinement, L21 + (A21 - L21 L11') L11'^-1, gets them back (Higham, Accuracy
// and Stability of Numerical Algorithms, section 12.2).
import { free } from '../core/free.js';
import type { CompiledProgram, Runtime, Value } from '../runtime/runtime.js';
import { add, input, type LoweredProgram, lowerProgram, matmul, SymbolicDim, subtract } from '../tensor/index.js';
import type { MetricOptions } from './metric.js';
import { pace } from './pace.js';
import { float64Of } from './row-products.js';

/** Rows that are looked at between two calls of the device. */
const blockRows = 64;
/** What is left of a diagonal entry is little below this share: rounding, 2^-52 of the entry, has six digits less than what is more. */
const leastShare = 2 ** -32;

/** What was found of a factor, and what is left of the matrix. */
export interface DefinitePart {
  /** L [size, columns] so far, row by row. */
  readonly factor: Float64Array;
  readonly columns: number;
  /** The rows that were put off. */
  readonly rows: Uint32Array;
  /** What is left of the matrix in these rows and columns. */
  readonly left: Float64Array;
}

/** What is left of a matrix in some of its rows and columns, the first `fresh` of which were not looked at yet. */
interface Remainder {
  readonly rows: Uint32Array;
  readonly fresh: number;
  /** [rows, rows]. */
  readonly left: Float64Array;
}

/** A block on the diagonal. */
interface Block {
  /** Its places in the remainder, in order. */
  readonly chosen: readonly number[];
  /** Places that were looked at with them and put off. */
  readonly putOff: readonly number[];
  /** L11 [chosen, chosen], row by row. */
  readonly factor: Float64Array;
}

/**
 * The factor of `matrix` [size, size], which is overwritten, but for rows that nearly depend on others.
 *
 * @throws the signal's reason
 */
export async function definiteBlocks(
  runtime: Runtime,
  matrix: Float64Array,
  size: number,
  options: Pick<MetricOptions, 'signal' | 'onProgress'> = {},
): Promise<DefinitePart> {
  const factor = new Float64Array(size * size);
  const least = Float64Array.from({ length: size }, (_, i) => leastShare * matrix[i * size + i]!);
  const done = pace(options);
  let program: CompiledProgram | undefined;
  let columns = 0;
  let remainder: Remainder = { rows: Uint32Array.from({ length: size }, (_, i) => i), fresh: size, left: matrix };
  try {
    while (remainder.fresh > 0) {
      const block = factorBlock(remainder, least);
      const chosen = Uint32Array.from(block.chosen, (place) => remainder.rows[place]!);
      placeRows(factor, size, columns, chosen, block.factor);
      const a21 = besideBlock(remainder, block);
      remainder = afterBlock(remainder, block);
      const rows = remainder.rows.length;
      if (chosen.length > 0 && rows > 0) {
        program ??= await runtime.compile(belowBlock());
        const { below, rest } = await program.runOnce({
          block: float64(block.factor, chosen.length),
          inverse: float64(triangleInverse(block.factor, chosen.length), chosen.length),
          a21: float64(a21, chosen.length),
          a22: float64(remainder.left, rows),
        });
        placeRows(factor, size, columns, remainder.rows, float64Of(below));
        free(float64Of(below));
        remainder = { ...remainder, left: float64Of(rest) };
      }
      columns += chosen.length;
      await done(1 - (remainder.fresh / size) ** 3);
    }
  } finally {
    await program?.dispose();
  }
  return { factor, columns, rows: remainder.rows, left: remainder.left };
}

/** Factors what is not put off of the next rows. */
function factorBlock({ rows, fresh, left }: Remainder, least: Float64Array): Block {
  const [chosen, putOff]: [number[], number[]] = [[], []];
  const factor = new Float64Array(blockRows * blockRows);
  for (let place = 0; place < Math.min(fresh, blockRows); place++) {
    const count = chosen.length;
    const at = count * blockRows;
    const row = place * rows.length;
    let value = left[row + place]!;
    for (let j = 0; j < count; j++) {
      let entry = left[row + chosen[j]!]!;
      for (let k = 0; k < j; k++) entry -= factor[at + k]! * factor[j * blockRows + k]!;
      entry /= factor[j * blockRows + j]!;
      factor[at + j] = entry;
      value -= entry * entry;
    }
    if (value > least[rows[place]!]!) {
      factor[at + count] = Math.sqrt(value);
      chosen.push(place);
    } else putOff.push(place);
  }
  const size = chosen.length;
  for (let i = 0; i < size; i++) {
    factor.copyWithin(i * size, i * blockRows, i * blockRows + i + 1);
    factor.fill(0, i * size + i + 1, (i + 1) * size);
  }
  return { chosen, putOff, factor: factor.slice(0, size * size) };
}

/** A21: what is left in the rows after the block, in its columns. */
function besideBlock({ rows, left }: Remainder, { chosen, putOff }: Block): Float64Array {
  const first = chosen.length + putOff.length;
  const order = [...rows.keys()].slice(first).concat(putOff);
  const a21 = new Float64Array(order.length * chosen.length);
  // The matrix is symmetric, and read along its rows.
  for (const [k, place] of chosen.entries())
    for (let i = 0; i < order.length; i++) a21[i * chosen.length + k] = left[place * rows.length + order[i]!]!;
  return a21;
}

/** The remainder without the block, in the same memory: what comes after it, then what is put off. */
function afterBlock({ rows, fresh, left }: Remainder, { chosen, putOff }: Block): Remainder {
  const before = rows.length;
  const first = chosen.length + putOff.length;
  const size = before - chosen.length;
  const last = putOff.map((place) => left.slice(place * before, (place + 1) * before));
  const move = (row: Float64Array, from: number, to: number) => {
    // What is put off stands before what comes after, so that it is read before it is overwritten.
    for (const [k, place] of putOff.entries()) left[to + before - first + k] = row[from + place]!;
    left.set(row.subarray(from + first, from + before), to);
  };
  for (let i = first; i < before; i++) move(left, i * before, (i - first) * size);
  for (const [k, row] of last.entries()) move(row, 0, (before - first + k) * size);
  const order = Uint32Array.of(...rows.subarray(first), ...putOff.map((place) => rows[place]!));
  return { rows: order, fresh: fresh - first, left: left.subarray(0, size * size) };
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

function float64(data: Float64Array, columns: number): Value {
  return { dtype: 'float64', shape: [data.length / columns, columns], data };
}

/** Writes rows of equal length into those of a square matrix, from `column` on. */
function placeRows(square: Float64Array, size: number, column: number, rows: Uint32Array, part: Float64Array): void {
  const length = part.length / rows.length;
  for (const [i, row] of rows.entries()) square.set(part.subarray(i * length, (i + 1) * length), row * size + column);
}
