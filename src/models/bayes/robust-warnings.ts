// What looks wrong with data whose anomalies are to be withstood.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { exampleSize } from '../../data/dataset.js';
import type { ClassMoments } from './class-moments.js';
import { list } from './class-warnings.js';
import { type CovarianceShape, covariancesOf } from './gaussian-covariances.js';

/** Rows per column that a minimum covariance determinant should have (Rousseeuw and Van Driessen 1999, section 5). */
const enoughRows = 5;

/** Warnings of Gaussians by the minimum covariance determinant, each with what to do about it. */
export function robustWarnings(moments: ClassMoments, covariance: CovarianceShape, covarianceFloor: number): string[] {
  const { counts, classes, exampleShape, form } = moments;
  const size = exampleSize(exampleShape);
  const { data, floor } = covariancesOf(moments, covariance, covarianceFloor);
  const named = (is: (count: number, label: number) => boolean): string[] =>
    Array.from(counts, (count, label) => (is(count, label) ? [classes[label] ?? 'all'] : [])).flat();
  const few = named((count) => count > 1 && count < enoughRows * size);
  const dependent = (matrix: number): number =>
    dependentColumns(data.subarray(matrix * size ** 2, (matrix + 1) * size ** 2), size, floor);
  const exact = form === 'tied' ? [] : named((count, label) => count >= enoughRows * size && dependent(label) > 0);
  if (form === 'tied' && dependent(0) > 0) exact.push('all');
  return [
    ...(few.length === 0
      ? []
      : [
          `Fewer than ${enoughRows} rows per column in ${few.length} of ${counts.length} classes (${list(few)}): of so few, a subset may ` +
            'have a small determinant by chance. Raise covarianceFloor, add rows, or leave columns out, as principal components do.',
        ]),
    ...(exact.length === 0
      ? []
      : [
          `In the rows that are taken for no anomalies, some columns follow from others (${list(exact)}), so that every row that departs ` +
            'from that is very far away. Where that is not what sets anomalies apart, raise covarianceFloor or leave columns out.',
        ]),
  ];
}

/** Directions in which rows vary by no more than the floor, other than columns of which that is known. */
function dependentColumns(covariance: Float64Array, size: number, floor: number): number {
  const matrix = Matrix.from1DArray(size, size, covariance);
  const { realEigenvalues } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const below = (variances: readonly number[]): number => variances.filter((variance) => variance < 2 * floor).length;
  return below(realEigenvalues) - below(matrix.diagonal());
}
