// All eigenvalues of a symmetric matrix, without its eigenvectors, in float64.
//
// Householder reflections reduce the matrix to a tridiagonal one; QL steps with implicit shifts by Wilkinson solve that (Golub and Van Loan,
// Matrix Computations, sections 8.3.1 and 8.3.5). Without vectors the reduction is all the work, 4 n^3 / 3 operations, and only the lower
// triangle is read and written.
import { ShapeError, VerisimError } from './errors.js';
import { type Tridiagonal, tridiagonalEigenvalues } from './tridiagonal-eigenvalues.js';

/**
 * The eigenvalues of `matrix` [size, size], of which the lower triangle counts, in descending order.
 *
 * @throws ShapeError for a matrix of another size, VerisimError for one with entries that are no finite numbers
 * @example symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2)   // [3, 1]
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  const work = eigenvaluesInTurns(matrix, size);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/**
 * The same in turns, for a large matrix in a program that has other things to do: yields the share that is done, in [0, 1].
 *
 * @throws as symmetricEigenvalues
 */
export function* eigenvaluesInTurns(matrix: Float64Array, size: number): Generator<number, Float64Array> {
  checkSquare(matrix, size);
  // In units of the largest entry squares neither overflow nor vanish.
  const unit = largestEntry(matrix) || 1;
  // Reduction begins with the last row: with the largest, where entries fall from one end to the other, so that small eigenvalues keep their digits.
  const isFalling = Math.abs(matrix[0] ?? 0) > Math.abs(matrix.at(-1) ?? 0);
  const ordered = isFalling ? turned(matrix, size) : matrix;
  const reduced = yield* tridiagonal(
    ordered.map((value) => value / unit),
    size,
  );
  return tridiagonalEigenvalues(reduced)
    .map((value) => value * unit)
    .sort()
    .reverse();
}

/** @throws ShapeError for a matrix of another size, VerisimError for one with entries that are no finite numbers */
export function checkSquare(matrix: Float64Array, size: number): void {
  if (matrix.length !== size * size)
    throw new ShapeError(`A matrix of ${size} rows and columns has ${size * size} numbers; received ${matrix.length}.`);
  // Only what is finite leaves 0 of itself; a loop is many times as fast as a call for each entry.
  let nothing = 0;
  for (let i = 0; i < matrix.length; i++) nothing += matrix[i]! - matrix[i]!;
  if (nothing !== 0)
    throw new VerisimError('The matrix has entries that are no finite numbers; it has no eigenvalues.');
}

/** The largest magnitude of all entries. */
export function largestEntry(matrix: Float64Array): number {
  let most = 0;
  for (let i = 0; i < matrix.length; i++) most = Math.max(most, Math.abs(matrix[i]!));
  return most;
}

/** The matrix with the last row and column first; its lower triangle comes from the lower triangle. */
function turned(matrix: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) result[i * size + j] = matrix[(size - 1 - j) * size + (size - 1 - i)]!;
  return result;
}

/** A reflection that the matrix waits for: A - v q' - q v'. */
interface Reflection {
  readonly v: Float64Array;
  readonly q: Float64Array;
}

/**
 * Reduces the lower triangle of `a`, which is overwritten, row by row from the last: each row left of the diagonal becomes (0, ..., 0, alpha)
 * by a reflection 1 - v v' / h on both sides,
 *
 *   A <- A - v q' - q v',   q = p - v (v'p) / 2h,   p = A v / h
 *
 * A reflection is carried out while the next one's product A v is computed, in one pass over the matrix: moving it takes the time.
 */
function* tridiagonal(a: Float64Array, size: number): Generator<number, Tridiagonal> {
  const [diagonal, beside] = [new Float64Array(size), new Float64Array(size)];
  const empty = (): Reflection => ({ v: new Float64Array(size), q: new Float64Array(size) });
  let [waiting, next] = [empty(), empty()];
  for (let last = size - 1; last > 0; last--) {
    const row = last * size;
    reflectRow(a, row, last, waiting);
    diagonal[last] = a[row + last]!;
    let largest = 0;
    for (let k = 0; k < last; k++) largest = Math.max(largest, Math.abs(a[row + k]!));
    if (largest === 0) continue;
    const { v, q } = next;
    let squares = 0;
    for (let k = 0; k < last; k++) {
      const value = a[row + k]! / largest;
      v[k] = value;
      squares += value * value;
    }
    const edge = v[last - 1]!;
    const alpha = edge > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    beside[last - 1] = alpha * largest;
    const h = squares - edge * alpha;
    if (last === 1 || h === 0) continue;
    v[last - 1] = edge - alpha;
    reflectAndMultiply(a, size, last, waiting, v, q);
    let overlap = 0;
    for (let i = 0; i < last; i++) {
      q[i] = q[i]! / h;
      overlap += q[i]! * v[i]!;
    }
    const half = overlap / (2 * h);
    for (let i = 0; i < last; i++) q[i] = q[i]! - half * v[i]!;
    [waiting, next] = [next, waiting];
    yield 1 - (last / size) ** 3;
  }
  if (size > 0) reflectRow(a, 0, 0, waiting);
  diagonal[0] = a[0] ?? 0;
  return { diagonal, beside };
}

/** Carries out a reflection on the row that begins at `row`, up to its diagonal. */
function reflectRow(a: Float64Array, row: number, last: number, { v, q }: Reflection): void {
  const [vi, qi] = [v[last]!, q[last]!];
  for (let j = 0; j <= last; j++) a[row + j] = a[row + j]! - (vi * q[j]! + qi * v[j]!);
}

/** Carries out a reflection on the leading `count` rows, and gives their product with `x`: two rows at a time, which share what stands in columns. */
function reflectAndMultiply(
  a: Float64Array,
  size: number,
  count: number,
  { v, q }: Reflection,
  x: Float64Array,
  product: Float64Array,
): void {
  product.fill(0, 0, count);
  for (let i = count % 2; i < count; i += 2) {
    const [upper, lower] = [i * size, (i + 1) * size];
    const [v0, q0, x0, v1, q1, x1] = [v[i]!, q[i]!, x[i]!, v[i + 1]!, q[i + 1]!, x[i + 1]!];
    let [s0, s1] = [0, 0];
    for (let j = 0; j < i; j++) {
      const [vj, qj, xj] = [v[j]!, q[j]!, x[j]!];
      const a0 = a[upper + j]! - (v0 * qj + q0 * vj);
      const a1 = a[lower + j]! - (v1 * qj + q1 * vj);
      a[upper + j] = a0;
      a[lower + j] = a1;
      s0 += a0 * xj;
      s1 += a1 * xj;
      product[j] = product[j]! + (a0 * x0 + a1 * x1);
    }
    const corner = a[upper + i]! - 2 * v0 * q0;
    const below = a[lower + i]! - (v1 * q0 + q1 * v0);
    const opposite = a[lower + i + 1]! - 2 * v1 * q1;
    a[upper + i] = corner;
    a[lower + i] = below;
    a[lower + i + 1] = opposite;
    product[i] = product[i]! + s0 + (corner * x0 + below * x1);
    product[i + 1] = product[i + 1]! + s1 + (below * x0 + opposite * x1);
  }
  if (count % 2 === 0) return;
  // The first row stands alone where their number is odd; the others have added to its product already.
  const corner = a[0]! - 2 * v[0]! * q[0]!;
  a[0] = corner;
  product[0] = product[0]! + corner * x[0]!;
}
