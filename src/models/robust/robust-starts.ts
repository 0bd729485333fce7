// Subsets of rows to concentrate from.
//
// Random ones of D + 1 rows (Rousseeuw and Van Driessen 1999): one without an anomaly is enough, but with many dimensions there is hardly
// one. So also the halves of the rows nearest to the centre by covariances that anomalies pull but little (after Hubert, Rousseeuw and Verdonck
// 2012): those of hyperbolic tangents, of ranks, of directions, and of the half nearest to the median. Each gives only directions; spread and
// centre along them are medians.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Random } from '../../runtime/random.js';
import { nearestRows, type RowTable } from './concentration.js';

/** Makes the median absolute deviation consistent for normal numbers: 1 / Phi^-1(3/4). */
const madFactor = 1.482602218505602;

/** Where a column lies and how far it spreads. */
interface Spread {
  readonly median: number;
  readonly scale: number;
}

/** The median and 1.4826 times the median absolute deviation from it of every column. */
export function robustSpreads({ values, count, size }: RowTable): readonly Spread[] {
  return Array.from({ length: size }, (_, i) => {
    const column = Float64Array.from({ length: count }, (_none, row) => values[row * size + i]!);
    const middle = median(column);
    return { median: middle, scale: madFactor * median(column.map((value) => Math.abs(value - middle))) };
  });
}

/** `count` subsets of D + 1 rows. */
export function* randomStarts({ count: rows, size }: RowTable, count: number, stream: Random): Generator<Uint32Array> {
  for (let start = 0; start < count; start++)
    yield stream
      .split(start)
      .permutation(rows)
      .subarray(0, Math.min(rows, size + 1));
}

/** Halves of the rows, by robust covariances; the same ones every time. */
export function* robustStarts(table: RowTable): Generator<Uint32Array> {
  const z = standardised(table, robustSpreads(table));
  const half = Math.ceil(table.count / 2);
  const norms = lengths(z);
  yield halfAlong(z, moments(mapped(z, Math.tanh)));
  yield halfAlong(z, moments(ranks(z)));
  yield halfAlong(z, moments(directions(z, norms), false));
  yield halfAlong(z, moments(rowsOf(z, nearestRows(norms, half))));
}

/** The half of the rows that is nearest to the medians along the eigenvectors of a covariance, in units of their own spread. */
function halfAlong(z: RowTable, covariance: Matrix): Uint32Array {
  const axes = new EigenvalueDecomposition(covariance, { assumeSymmetric: true }).eigenvectorMatrix;
  const { count, size } = z;
  const projected = { values: Float64Array.from(rowMatrix(z).mmul(axes).to1DArray()), count, size };
  return nearestRows(lengths(standardised(projected, robustSpreads(projected))), Math.ceil(count / 2));
}

/** Columns about their medians in units of their spread; where most rows are equal, of their standard deviation, and constant ones 0. */
function standardised({ values, count, size }: RowTable, spreads: readonly Spread[]): RowTable {
  const scales = spreads.map(({ median: middle, scale }, i) => {
    if (scale > 0) return scale;
    let squares = 0;
    for (let row = 0; row < count; row++) squares += (values[row * size + i]! - middle) ** 2;
    return squares > 0 ? Math.sqrt(squares / count) : 1;
  });
  return { values: values.map((value, at) => (value - spreads[at % size]!.median) / scales[at % size]!), count, size };
}

/** The covariance of some rows about their mean, or about 0. */
function moments(table: RowTable, isCentred = true): Matrix {
  const rows = rowMatrix(table);
  const centred = isCentred ? rows.center('column') : rows;
  return centred.transpose().mmul(centred).div(table.count);
}

/** Every column's numbers in their order, 1 for the smallest; equal ones share the mean of theirs. */
function ranks({ values, count, size }: RowTable): RowTable {
  const result = new Float64Array(values.length);
  for (let i = 0; i < size; i++) {
    const at = (row: number): number => values[row * size + i]!;
    const order = Uint32Array.from({ length: count }, (_, row) => row).sort((a, b) => at(a) - at(b));
    for (let first = 0, end = 0; first < count; first = end) {
      while (end < count && at(order[end]!) === at(order[first]!)) end++;
      for (const row of order.subarray(first, end)) result[row * size + i] = (first + 1 + end) / 2 / count;
    }
  }
  return { values: result, count, size };
}

function directions(z: RowTable, norms: Float64Array): RowTable {
  return mapped(z, (value, row) => (norms[row] === 0 ? 0 : value / Math.sqrt(norms[row]!)));
}

function mapped({ values, count, size }: RowTable, change: (value: number, row: number) => number): RowTable {
  return { values: values.map((value, at) => change(value, Math.floor(at / size))), count, size };
}

/** The squared length of every row. */
function lengths({ values, count, size }: RowTable): Float64Array {
  return Float64Array.from({ length: count }, (_, row) =>
    values.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value * value, 0),
  );
}

/** A table of some rows. */
export function rowsOf({ values, size }: RowTable, rows: Uint32Array): RowTable {
  const chosen = new Float64Array(rows.length * size);
  for (const [place, row] of rows.entries()) chosen.set(values.subarray(row * size, (row + 1) * size), place * size);
  return { values: chosen, count: rows.length, size };
}

function rowMatrix({ values, count, size }: RowTable): Matrix {
  return Matrix.from1DArray(count, size, values);
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
