// Rows of several numbers as points: what is left of them in the two directions in which real rows vary most, columns in units of their own
// deviation (principal components; Pearson 1901). Samples are seen from the same side, so that both clouds compare.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Samples } from '../models/contract.js';

/** Rows of more numbers are not drawn: two directions would say little about them. */
const mostColumns = 256;

/** Makes points [N, 2] of rows [N, columns]. */
export type PointView = (rows: Samples) => Samples;

/** How to see such rows; undefined where there are too many columns, or too few rows or columns that vary. */
export function mainDirections(real: Samples): PointView | undefined {
  const [rows = 0, columns = 0] = real.shape;
  if (real.shape.length !== 2 || columns < 3 || columns > mostColumns || rows < 3) return undefined;
  const mean = new Float64Array(columns);
  const scale = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    const column = Float64Array.from({ length: rows }, (_, row) => real.data[row * columns + k] ?? 0);
    const centre = column.reduce((sum, value) => sum + value, 0) / rows;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - centre) ** 2, 0) / rows);
    mean[k] = centre;
    scale[k] = deviation > 1e-6 * Math.abs(centre) ? 1 / deviation : 0;
  }
  if (scale.filter((value) => value > 0).length < 2) return undefined;
  const standard = (value: number, k: number): number => (value - (mean[k] ?? 0)) * (scale[k] ?? 0);
  const x = new Matrix(rows, columns);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < columns; k++) x.set(row, k, standard(real.data[row * columns + k] ?? 0, k));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(x.transpose().mmul(x), {
    assumeSymmetric: true,
  });
  const order = Array.from(realEigenvalues.keys()).sort(
    (a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0),
  );
  // Of a direction and its opposite the one is meant in which the largest number is positive.
  const directions = order.slice(0, 2).map((column) => {
    const vector = eigenvectorMatrix.getColumn(column);
    const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    return largest < 0 ? vector.map((value) => -value) : vector;
  });
  return ({ data, shape: [count = 0] }) => {
    const points = new Float32Array(2 * count);
    for (let row = 0; row < count; row++)
      for (const [axis, direction] of directions.entries())
        points[2 * row + axis] = direction.reduce(
          (sum, weight, k) => sum + weight * standard(data[row * columns + k] ?? 0, k),
          0,
        );
    return { data: points, shape: [count, 2] };
  };
}
