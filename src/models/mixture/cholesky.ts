// The Cholesky factor of a covariance matrix, S = L L^T, and what follows from it.
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { ConfigError } from '../../core/errors.js';
import { at } from './emission.js';

/** Whether a symmetric matrix [features, features] is a covariance matrix that has an inverse. */
export function isPositiveDefinite(covariance: Float64Array, features: number): boolean {
  return decompose(covariance, features)?.isPositiveDefinite() === true;
}

/** The lower factor L [features, features]. @throws ConfigError for a matrix that is not positive definite */
export function choleskyFactor(covariance: Float64Array, features: number): Float64Array {
  const decomposition = decompose(covariance, features);
  if (decomposition?.isPositiveDefinite() !== true)
    throw new ConfigError(
      `A covariance matrix of ${features} features is not positive definite. Give a start with symmetric, positive definite ` +
        'covariances, or raise covarianceFloor.',
    );
  return Float64Array.from(decomposition.lowerTriangularMatrix.to1DArray());
}

/** W = L^-T, upper triangular, with W W^T = S^-1, and log |S|. @throws ConfigError for a matrix that is not positive definite */
export function whitening(
  covariance: Float64Array,
  features: number,
): { readonly factor: Float64Array; readonly logDeterminant: number } {
  const lower = choleskyFactor(covariance, features);
  const factor = new Float64Array(features * features);
  let logDeterminant = 0;
  for (let column = 0; column < features; column++) {
    logDeterminant += 2 * Math.log(at(lower, column * features + column));
    // Forward substitution: column `column` of L^-1 is row `column` of W.
    for (let row = column; row < features; row++) {
      let value = row === column ? 1 : 0;
      for (let i = column; i < row; i++) value -= at(lower, row * features + i) * at(factor, column * features + i);
      factor[column * features + row] = value / at(lower, row * features + row);
    }
  }
  return { factor, logDeterminant };
}

/** mean + L noise. */
export function multiplyByFactor(
  lower: Float64Array | undefined,
  noise: ArrayLike<number>,
  mean: Float64Array,
): Float64Array {
  const features = mean.length;
  return mean.map((value, row) => {
    let moved = value;
    for (let i = 0; i <= row; i++) moved += at(lower, row * features + i) * at(noise, i);
    return moved;
  });
}

function decompose(covariance: Float64Array, features: number): CholeskyDecomposition | undefined {
  const matrix = Matrix.from1DArray(features, features, covariance);
  return matrix.isSymmetric() ? new CholeskyDecomposition(matrix) : undefined;
}
