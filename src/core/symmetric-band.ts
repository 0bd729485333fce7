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

/** A band matrix of zeros. */
export function symmetricBand(size: number, width: number): SymmetricBand {
  const stride = 2 * width - 1;
  return { data: new Float64Array((size + 1) * (stride + 1)), size, width, stride };
}

/** Reduces a band matrix, which is overwritten, to a tridiagonal one with its eigenvalues; yields the share that is done. */
export function* tridiagonalOfBand({ data, size, width, stride }: SymmetricBand): Generator<number, Tridiagonal> {
  const [v, next, work] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  let [reflection, following] = [v, next];
  for (let column = 0; column < size - 2; column++) {
    let top = column + 1;
    let count = Math.min(width, size - top);
    let factor = reflector(data, top * stride + stride + column, stride, count, reflection);
    while (count > 0) {
      reflectDiagonal(data, top * stride + stride + top, stride, count, reflection, factor, work);
      const below = top + count;
      const rows = Math.min(width, size - below);
      if (rows <= 0) break;
      const block = below * stride + stride + top;
      reflectRight(data, block, stride, rows, count, reflection, factor);
      const found = reflector(data, block, stride, rows, following);
      reflectLeft(data, block, stride, rows, count, following, found, work);
      [reflection, following] = [following, reflection];
      [factor, top, count] = [found, below, rows];
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
export function reflector(a: Float64Array, start: number, stride: number, count: number, v: Float64Array): number {
  let largest = 0;
  for (let k = 1, at = start + stride; k < count; k++, at += stride) largest = Math.max(largest, Math.abs(a[at]!));
  v[0] = 1;
  if (largest === 0) {
    v.fill(0, 1, count);
    return 0;
  }
  const edge = a[start]!;
  // In units of the largest, squares neither overflow nor vanish.
  const unit = Math.max(largest, Math.abs(edge));
  let squares = (edge / unit) ** 2;
  for (let k = 1, at = start + stride; k < count; k++, at += stride) squares += (a[at]! / unit) ** 2;
  const norm = unit * Math.sqrt(squares);
  const alpha = edge > 0 ? -norm : norm;
  const scale = 1 / (edge - alpha);
  for (let k = 1, at = start + stride; k < count; k++, at += stride) {
    v[k] = a[at]! * scale;
    a[at] = 0;
  }
  a[start] = alpha;
  return (alpha - edge) / alpha;
}

/** Both sides of a diagonal block, of which the lower triangle counts: A - v q' - q v' with q = p - v (factor v'p) / 2, p = factor A v. */
function reflectDiagonal(
  a: Float64Array,
  start: number,
  stride: number,
  count: number,
  v: Float64Array,
  factor: number,
  q: Float64Array,
): void {
  for (let i = 0, row = start; i < count; i++, row += stride) {
    const vi = v[i]!;
    let sum = a[row + i]! * vi;
    for (let j = 0; j < i; j++) {
      const value = a[row + j]!;
      sum += value * v[j]!;
      q[j] = q[j]! + value * vi;
    }
    q[i] = sum;
  }
  let overlap = 0;
  for (let i = 0; i < count; i++) overlap += q[i]! * v[i]!;
  const half = (factor * overlap) / 2;
  for (let i = 0; i < count; i++) q[i] = factor * (q[i]! - half * v[i]!);
  for (let i = 0, row = start; i < count; i++, row += stride) {
    const [vi, qi] = [v[i]!, q[i]!];
    for (let j = 0; j <= i; j++) a[row + j] = a[row + j]! - (vi * q[j]! + qi * v[j]!);
  }
}

/** A block [rows, columns] times the reflection. */
function reflectRight(
  a: Float64Array,
  start: number,
  stride: number,
  rows: number,
  columns: number,
  v: Float64Array,
  factor: number,
): void {
  for (let i = 0, row = start; i < rows; i++, row += stride) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += a[row + j]! * v[j]!;
    sum *= factor;
    for (let j = 0; j < columns; j++) a[row + j] = a[row + j]! - sum * v[j]!;
  }
}

/** The reflection times a block [rows, columns], but for its first column. */
function reflectLeft(
  a: Float64Array,
  start: number,
  stride: number,
  rows: number,
  columns: number,
  v: Float64Array,
  factor: number,
  sums: Float64Array,
): void {
  sums.fill(0, 0, columns);
  for (let i = 0, row = start; i < rows; i++, row += stride) {
    const vi = v[i]!;
    for (let j = 1; j < columns; j++) sums[j] = sums[j]! + a[row + j]! * vi;
  }
  for (let i = 0, row = start; i < rows; i++, row += stride) {
    const scaled = v[i]! * factor;
    for (let j = 1; j < columns; j++) a[row + j] = a[row + j]! - scaled * sums[j]!;
  }
}
