// All eigenvalues of a symmetric matrix, without its eigenvectors, in float64.
//
// Householder reflections reduce the matrix to a tridiagonal one; QL steps with implicit shifts by Wilkinson solve that (Golub and Van Loan,
// Matrix Computations, sections 8.3.1 and 8.3.5). Without vectors the reduction is all the work, 4 n^3 / 3 operations, and only the lower
// triangle is read and written.
import { ShapeError, VerisimError } from './errors.js';

/** QL steps for one eigenvalue; two or three are usual. */
const maxSteps = 60;

/**
 * The eigenvalues of `matrix` [size, size], of which the lower triangle counts, in descending order.
 *
 * @throws ShapeError for a matrix of another size, VerisimError for one with entries that are no finite numbers
 * @example symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2)   // [3, 1]
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  if (matrix.length !== size * size)
    throw new ShapeError(`A matrix of ${size} rows and columns has ${size * size} numbers; received ${matrix.length}.`);
  if (!matrix.every(Number.isFinite))
    throw new VerisimError('The matrix has entries that are no finite numbers; it has no eigenvalues.');
  const { diagonal, beside } = tridiagonal(Float64Array.from(matrix), size);
  return solveTridiagonal(diagonal, beside).sort().reverse();
}

/** The diagonal of the tridiagonal matrix and what stands beside it: beside[i] joins i and i + 1. */
interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
}

/** Reduces the lower triangle of `a`, which is overwritten, row by row from the last. */
function tridiagonal(a: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const v = new Float64Array(size);
  const p = new Float64Array(size);
  for (let last = size - 1; last > 0; last--) {
    // The row left of the diagonal, [0, last), becomes (0, ..., 0, alpha) by a reflection 1 - v v' / h.
    const row = last * size;
    diagonal[last] = a[row + last]!;
    let largest = 0;
    for (let k = 0; k < last; k++) largest = Math.max(largest, Math.abs(a[row + k]!));
    if (largest === 0) continue;
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
    reflect(a, size, last, v, p, h);
  }
  diagonal[0] = a[0] ?? 0;
  return { diagonal, beside };
}

/** A <- (1 - v v' / h) A (1 - v v' / h) for the leading `count` rows and columns: A - v q' - q v' with q = p - v (v'p) / 2h, p = A v / h. */
function reflect(a: Float64Array, size: number, count: number, v: Float64Array, p: Float64Array, h: number): void {
  p.fill(0, 0, count);
  for (let i = 0; i < count; i++) {
    const row = i * size;
    const vi = v[i]!;
    // Four sums at once: one would wait for its own last addition.
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let j = 0;
    for (; j + 3 < i; j += 4) {
      const [a0, a1, a2, a3] = [a[row + j]!, a[row + j + 1]!, a[row + j + 2]!, a[row + j + 3]!];
      s0 += a0 * v[j]!;
      s1 += a1 * v[j + 1]!;
      s2 += a2 * v[j + 2]!;
      s3 += a3 * v[j + 3]!;
      p[j] = p[j]! + a0 * vi;
      p[j + 1] = p[j + 1]! + a1 * vi;
      p[j + 2] = p[j + 2]! + a2 * vi;
      p[j + 3] = p[j + 3]! + a3 * vi;
    }
    for (; j < i; j++) {
      s0 += a[row + j]! * v[j]!;
      p[j] = p[j]! + a[row + j]! * vi;
    }
    p[i] = p[i]! + s0 + s1 + (s2 + s3) + a[row + i]! * vi;
  }
  let overlap = 0;
  for (let i = 0; i < count; i++) {
    p[i] = p[i]! / h;
    overlap += p[i]! * v[i]!;
  }
  const half = overlap / (2 * h);
  for (let i = 0; i < count; i++) p[i] = p[i]! - half * v[i]!;
  for (let i = 0; i < count; i++) {
    const row = i * size;
    const [vi, qi] = [v[i]!, p[i]!];
    for (let j = 0; j <= i; j++) a[row + j] = a[row + j]! - (vi * p[j]! + qi * v[j]!);
  }
}

function solveTridiagonal(diagonal: Float64Array, beside: Float64Array): Float64Array {
  const [d, e] = [diagonal, beside];
  const size = d.length;
  for (let first = 0; first < size; first++)
    for (let step = 0; ; step++) {
      let last = first;
      while (last < size - 1 && Math.abs(e[last]!) > Number.EPSILON * (Math.abs(d[last]!) + Math.abs(d[last + 1]!)))
        last++;
      if (last === first) break;
      if (step === maxSteps)
        throw new VerisimError(`Eigenvalue ${first} of ${size} did not converge in ${maxSteps} steps.`);
      implicitStep(d, e, first, last);
    }
  return d;
}

/** One QL step on the unreduced block from `first` to `last`. */
function implicitStep(d: Float64Array, e: Float64Array, first: number, last: number): void {
  // Wilkinson's shift: the eigenvalue of the block's first two rows that is nearer to the first of them.
  let g = (d[first + 1]! - d[first]!) / (2 * e[first]!);
  let r = Math.hypot(g, 1);
  g = d[last]! - d[first]! + e[first]! / (g + (g < 0 ? -r : r));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    r = Math.hypot(f, g);
    if (i < last - 1 || r === 0) e[i + 1] = r;
    if (r === 0) {
      // The block falls apart here.
      d[i + 1] = d[i + 1]! - shift;
      e[last] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1]! - shift;
    r = (d[i]! - g) * sine + 2 * cosine * b;
    shift = sine * r;
    d[i + 1] = g + shift;
    g = cosine * r - b;
  }
  d[first] = d[first]! - shift;
  e[first] = g;
  e[last] = 0;
}
