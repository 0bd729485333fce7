// What looks wrong with data that Gaussians are fitted to.
import { exampleSize } from '../../data/dataset.js';
import { type ClassMoments, totalVariances } from './class-moments.js';
import { list } from './class-warnings.js';
import { type CovarianceShape, varianceFloor } from './gaussian-covariances.js';
import { robustWarnings } from './robust-warnings.js';

/** A share of the largest variance from which the floor is a regularisation that somebody chose, and does what it is meant to. */
const chosenFloor = 1e-3;

/** What of a model's options warnings depend on. */
interface WarnedOptions {
  readonly covariance: CovarianceShape;
  readonly covarianceFloor: number;
  readonly estimator: 'likelihood' | 'minimum-covariance-determinant';
}

/** Warnings, each with what to do about it. */
export function gaussianWarnings(
  moments: ClassMoments,
  { covariance, covarianceFloor, estimator }: WarnedOptions,
): string[] {
  if (covarianceFloor >= chosenFloor) return [];
  const isRobust = estimator === 'minimum-covariance-determinant';
  const { counts, classes, exampleShape } = moments;
  const size = exampleSize(exampleShape);
  const floor = varianceFloor(moments, covarianceFloor);
  const variances = totalVariances(moments);
  const columns = (is: (variance: number) => boolean): number[] =>
    Array.from(variances, (variance, column) => (is(variance) ? [column] : [])).flat();
  const constant = columns((variance) => variance === 0);
  const hidden = columns((variance) => variance > 0 && variance < floor);
  const whose = isRobust ? 'in the rows that are taken for no anomalies ' : '';
  const warnings: string[] = [];
  if (constant.length > 0)
    warnings.push(
      `${constant.length} of ${size} columns never vary ${whose}(${list(constant)}); their variance is the floor ${floor.toPrecision(3)} alone. ` +
        'Leave them out, or raise covarianceFloor where other rows may differ there.',
    );
  if (hidden.length > 0)
    warnings.push(
      `${hidden.length} of ${size} columns vary less than the floor ${floor.toPrecision(3)} (${list(hidden)}), which hides them. ` +
        'Standardise the columns, or lower covarianceFloor.',
    );
  if (isRobust) return [...warnings, ...robustWarnings(moments, covariance, covarianceFloor)];
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (covariance === 'tied' && total - counts.length < size)
    warnings.push(
      `${total} rows do not determine a covariance of ${size} columns, which rests on covarianceFloor. ` +
        "Raise covarianceFloor, add rows, or use covariance 'diagonal'.",
    );
  const few = Array.from(counts, (count, label) =>
    count > 1 && count <= size ? [classes[label] ?? 'all'] : [],
  ).flat();
  if (covariance === 'full' && few.length > 0)
    warnings.push(
      `Too few rows to determine a covariance of ${size} columns in ${few.length} of ${counts.length} classes (${list(few)}), ` +
        "which rests on covarianceFloor. Raise covarianceFloor, add rows, or use covariance 'tied' or 'diagonal'.",
    );
  return warnings;
}
