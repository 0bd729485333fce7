// Symmetric band matrices, and their reduction to tridiagonal ones without eigenvectors, in float64.
//
// Each column is cleared below its subdiagonal by a Householder reflection of `width` rows, which fills a block further down; a reflection that
// clears the first column of that block moves the rest on, until it leaves the matrix (Murata and Horikoshi 1975; Bischof, Lang and Sun 2000):
// 6 n^2 width operations on small blocks.
import type { Tridiagonal } from './tridiagonal-eigenvalues.js';

/** Entry (i, j), 0 <= i - j < 2 width, of the lower triangle is data[i * stride + stride + j]: rows of a dense matrix, pushed into each other. */
export interface SymmetricBand {
  readonly data: Float64Array;
  readonly size: number;
  /** Subdiagonals that are not 0; the others in `data` are room for what reflections fill in. */
  readonly width: number;
  readonly stride: number;
}

/** A band matrix of zeros, with rows of 0 below it so that all blocks are whole. Widths are multiples of 4. */
export function symmetricBand(size: number, least: number): SymmetricBand {
  const width = 4 * Math.ceil(least / 4);
  const stride = 2 * width - 1;
  return { data: new Float64Array((size + 2 * width) * (stride + 1)), size, width, stride };
}

/** Reduces a band matrix, which is overwritten, to a tridiagonal one with its eigenvalues; yields the share that is done. */
export function* tridiagonalOfBand({ data, size, width, stride }: SymmetricBand): Generator<number, Tridiagonal> {
  let [reflection, following] = [new Float64Array(width), new Float64Array(width)];
  const [sums, work] = [new Float64Array(width), new Float64Array(width)];
  for (let column = 0; column < size - 2; column++) {
    let top = column + 1;
    let factor = reflector(data, top * stride + stride + column, stride, width, reflection);
    for (;;) {
      reflectDiagonal(data, top * stride + stride + top, stride, width, reflection, factor, work);
      const below = top + width;
      if (below >= size) break;
      const block = below * stride + stride + top;
      factor = reflectBlock(data, block, stride, width, reflection, factor, following, sums, work);
      [reflection, following] = [following, reflection];
      top = below;
    }
    if (column % 16 === 0) yield 1 - (1 - column / size) ** 2;
  }
  const diagonal = Float64Array.from({ length: size }, (_, i) => data[i * stride + stride + i]!);
  const beside = Float64Array.from({ length: size }, (_, i) => (i + 1 < size ? data[(i + 2) * stride + i]! : 0));
  return { diagonal, beside };
}

/**
 * The reflection 1 - factor v v', v[0] = 1, that makes a column (alpha, 0, ..., 0), which is written over it.
 *
 * @param start where the column begins; the next of its `count` numbers are `stride` further each
 */
function reflector(a: Float64Array, start: number, stride: number, count: number, v: Float64Array): number {
  let largest = 0;
  for (let k = 1, at = start + stride; k < count; k++, at += stride) largest = Math.max(largest, Math.abs(a[at]!));
  v[0] = 1;
  if (largest === 0) {
    v.fill(0, 1, count);
    return 0;
  }
  // In units of the largest, squares neither overflow nor vanish, and what is smaller than all normal numbers is reflected as well as others.
  const unit = Math.max(largest, Math.abs(a[start]!));
  const edge = a[start]! / unit;
  let squares = edge ** 2;
  for (let k = 1, at = start + stride; k < count; k++, at += stride) squares += (a[at]! / unit) ** 2;
  const alpha = edge > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  const scale = 1 / (edge - alpha);
  for (let k = 1, at = start + stride; k < count; k++, at += stride) {
    v[k] = (a[at]! / unit) * scale;
    a[at] = 0;
  }
  a[start] = alpha * unit;
  return (alpha - edge) / alpha;
}

/** Both sides of a diagonal block, of which the lower triangle counts: A - v q' - q v' with q = p - v (factor v'p) / 2, p = factor A v. */
function reflectDiagonal(
  a: Float64Array,
  start: number,
  stride: number,
  width: number,
  v: Float64Array,
  factor: number,
  q: Float64Array,
): void {
  // Two rows at a time: what is read of v and q serves both, and their sums need not wait for each other.
  for (let i = 0, first = start; i < width; i += 2, first += 2 * stride) {
    const second = first + stride;
    const v0 = v[i]!;
    const v1 = v[i + 1]!;
    let sum0 = 0;
    let sum1 = 0;
    for (let j = 0; j < i; j++) {
      const value0 = a[first + j]!;
      const value1 = a[second + j]!;
      const vj = v[j]!;
      sum0 += value0 * vj;
      sum1 += value1 * vj;
      q[j] = q[j]! + (value0 * v0 + value1 * v1);
    }
    const beside = a[second + i]!;
    q[i] = sum0 + a[first + i]! * v0 + beside * v1;
    q[i + 1] = sum1 + beside * v0 + a[second + i + 1]! * v1;
  }
  let overlap = 0;
  for (let i = 0; i < width; i++) overlap += q[i]! * v[i]!;
  const half = (factor * overlap) / 2;
  for (let i = 0; i < width; i++) q[i] = factor * (q[i]! - half * v[i]!);
  for (let i = 0, first = start; i < width; i += 2, first += 2 * stride) {
    const second = first + stride;
    const v0 = v[i]!;
    const v1 = v[i + 1]!;
    const q0 = q[i]!;
    const q1 = q[i + 1]!;
    for (let j = 0; j <= i; j++) {
      const vj = v[j]!;
      const qj = q[j]!;
      a[first + j] = a[first + j]! - (v0 * qj + q0 * vj);
      a[second + j] = a[second + j]! - (v1 * qj + q1 * vj);
    }
    a[second + i + 1] = a[second + i + 1]! - 2 * v1 * q1;
  }
}

/**
 * A block B times the reflection 1 - factor v v', and from the left the reflection that clears its first column: its vector u goes to `next`,
 * its factor is given.
 *
 *   B - s v' - u t',   s = factor B v,   t = found (B'u - v s'u)
 */
function reflectBlock(
  a: Float64Array,
  start: number,
  stride: number,
  width: number,
  v: Float64Array,
  factor: number,
  next: Float64Array,
  s: Float64Array,
  t: Float64Array,
): number {
  for (let i = 0, row = start; i < width; i += 4, row += 4 * stride) {
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let j = 0, at = row; j < width; j++, at++) {
      const vj = v[j]!;
      sum0 += a[at]! * vj;
      sum1 += a[at + stride]! * vj;
      sum2 += a[at + 2 * stride]! * vj;
      sum3 += a[at + 3 * stride]! * vj;
    }
    s[i] = factor * sum0;
    s[i + 1] = factor * sum1;
    s[i + 2] = factor * sum2;
    s[i + 3] = factor * sum3;
  }
  // v begins with 1.
  for (let i = 0, at = start; i < width; i++, at += stride) a[at] = a[at]! - s[i]!;
  const found = reflector(a, start, stride, width, next);
  t.fill(0);
  let overlap = 0;
  for (let i = 0, row = start; i < width; i += 4, row += 4 * stride) {
    const u0 = next[i]!;
    const u1 = next[i + 1]!;
    const u2 = next[i + 2]!;
    const u3 = next[i + 3]!;
    overlap += u0 * s[i]! + u1 * s[i + 1]! + (u2 * s[i + 2]! + u3 * s[i + 3]!);
    for (let j = 1, at = row + 1; j < width; j++, at++)
      t[j] = t[j]! + (a[at]! * u0 + a[at + stride]! * u1 + (a[at + 2 * stride]! * u2 + a[at + 3 * stride]! * u3));
  }
  for (let j = 1; j < width; j++) t[j] = found * (t[j]! - overlap * v[j]!);
  for (let i = 0, first = start; i < width; i += 2, first += 2 * stride) {
    const second = first + stride;
    const s0 = s[i]!;
    const s1 = s[i + 1]!;
    const u0 = next[i]!;
    const u1 = next[i + 1]!;
    for (let j = 1; j < width; j++) {
      const vj = v[j]!;
      const tj = t[j]!;
      a[first + j] = a[first + j]! - (s0 * vj + u0 * tj);
      a[second + j] = a[second + j]! - (s1 * vj + u1 * tj);
    }
  }
  return found;
}
