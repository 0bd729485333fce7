// Gaussian components with covariances between features: a matrix for every component ('full'), or one for all of them ('tied').
//
//   log p(x | k) = -1/2 ( D log 2 pi + log |S_k| + |(x - m_k) W_k|^2 ),  W_k W_k^T = S_k^-1
//
// W_k, the transposed inverse of the Cholesky factor of S_k, whitens the rows of component k.
import { add, multiply, square, subtract } from '../../tensor/operators/arithmetic.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { sum } from '../../tensor/operators/reduce.js';
import { reshape } from '../../tensor/operators/reshape.js';
import { choleskyFactor, isPositiveDefinite, multiplyByFactor, whitening } from './cholesky.js';
import { at, type Emission, emptyCount, meansOf } from './emission.js';
import { floorsOf, given, largestSum, log2Pi, subtractShift } from './gaussian.js';

/** Gaussian components with a covariance matrix each. */
export function fullGaussian(components: number, features: number, covarianceFloor: number): Emission {
  const size = features * features;
  return {
    shapes: { means: [components, features], covariances: [components, features, features] },
    feedShapes: {
      whitening: [features, components * features],
      centres: [components * features],
      constant: [components],
    },
    freeParameters: components * (features + (features * (features + 1)) / 2),
    // Enough rows to outweigh adding up the products, few enough for the whitened rows to stay in the caches.
    chunkRows: Math.max(features, Math.ceil(2 ** 18 / (components * features))),
    feeds({ means, covariances }, shift) {
      const allWhitening = new Float64Array(features * components * features);
      const centres = new Float64Array(components * features);
      const constant = new Float64Array(components);
      for (let k = 0; k < components; k++) {
        const { factor, logDeterminant } = whitening(slice(covariances, k, size), features);
        const mean = shiftedMean(means, k, shift);
        for (let i = 0; i < features; i++)
          for (let j = 0; j < features; j++) {
            const value = at(factor, i * features + j);
            allWhitening[(i * components + k) * features + j] = value;
            centres[k * features + j] = at(centres, k * features + j) + at(mean, i) * value;
          }
        constant[k] = -0.5 * (features * log2Pi + logDeterminant);
      }
      return { whitening: allWhitening, centres, constant };
    },
    cancellation: ({ centres }) => largestSum(components, features, (k, j) => at(centres, k * features + j) ** 2),
    powers: { whitening: 1, sums: 1, products: 2 },
    transform: subtractShift,
    logDensities(x, { whitening: factors, centres, constant }) {
      // One product for all components.
      const white = subtract(matmul(x, given(factors)), given(centres));
      const distances = sum(reshape(square(white), [-1, components, features]), { axes: 2 });
      return add(multiply(distances, -0.5), given(constant));
    },
    statistics(x, responsibilities) {
      const weighted = multiply(reshape(responsibilities, [-1, components, 1]), reshape(x, [-1, 1, features]));
      return {
        sums: matmul(responsibilities, x, { transposeA: true }),
        // [features, components * features]
        products: matmul(x, reshape(weighted, [-1, components * features]), { transposeA: true }),
      };
    },
    unknown(centres, moments) {
      const floors = floorsOf(moments, covarianceFloor);
      const covariances = new Float64Array(components * size);
      for (let i = 0; i < components * features; i++) {
        const d = i % features;
        covariances[i * features + d] = at(moments.variances, d) + at(floors, d);
      }
      return { means: centres, covariances };
    },
    maximise(expectations) {
      const { sums, counts, moments, previous } = expectations;
      const floors = floorsOf(moments, covarianceFloor);
      const covariances = new Float64Array(components * size);
      for (let k = 0; k < components; k++) {
        const count = at(counts, k);
        if (count < emptyCount) {
          covariances.set(slice(previous.covariances, k, size), k * size);
          continue;
        }
        const mean = slice(sums.sums, k, features).map((value) => value / count);
        for (let i = 0; i < features; i++)
          for (let j = 0; j <= i; j++) {
            const product = at(sums.products, (i * components + k) * features + j) / count;
            const value = product - at(mean, i) * at(mean, j);
            covariances[k * size + i * features + j] = value;
            covariances[k * size + j * features + i] = value;
          }
        raiseDiagonal(covariances.subarray(k * size, (k + 1) * size), floors);
      }
      return { means: meansOf('sums', expectations), covariances };
    },
    sampler({ means, covariances }) {
      const factors = Array.from({ length: components }, (_, k) =>
        choleskyFactor(slice(covariances, k, size), features),
      );
      return (component, stream) =>
        multiplyByFactor(factors[component], stream.normal(features), slice(means, component, features));
    },
  };
}

/** Gaussian components that share one covariance matrix. */
export function tiedGaussian(components: number, features: number, covarianceFloor: number): Emission {
  return {
    shapes: { means: [components, features], covariances: [features, features] },
    feedShapes: { whitening: [features, features], linear: [features, components], constant: [components] },
    freeParameters: components * features + (features * (features + 1)) / 2,
    feeds({ means, covariances }, shift) {
      const { factor, logDeterminant } = whitening(covariances ?? new Float64Array(), features);
      const linear = new Float64Array(features * components);
      const constant = new Float64Array(components);
      for (let k = 0; k < components; k++) {
        const mean = shiftedMean(means, k, shift);
        let squares = 0;
        for (let j = 0; j < features; j++) {
          let white = 0;
          for (let i = 0; i <= j; i++) white += at(mean, i) * at(factor, i * features + j);
          linear[j * components + k] = white;
          squares += white ** 2;
        }
        constant[k] = -0.5 * (features * log2Pi + logDeterminant + squares);
      }
      return { whitening: factor, linear, constant };
    },
    cancellation: ({ linear }) => largestSum(components, features, (k, j) => at(linear, j * components + k) ** 2),
    // The linear part is of whitened rows.
    powers: { whitening: 1, sums: 1 },
    transform: subtractShift,
    logDensities(x, { whitening: factor, linear, constant }) {
      const white = matmul(x, given(factor));
      const squares = multiply(sum(square(white), { axes: 1, keepAxes: true }), -0.5);
      return add(add(matmul(white, given(linear)), squares), given(constant));
    },
    statistics: (x, responsibilities) => ({ sums: matmul(responsibilities, x, { transposeA: true }) }),
    // Responsibilities add up to one in every row, so the products of all rows do not change from iteration to iteration.
    totals: (x, weight) => ({ products: matmul(multiply(x, weight), x, { transposeA: true }) }),
    unknown(centres, moments) {
      const covariances = new Float64Array(features * features);
      for (let d = 0; d < features; d++) covariances[d * features + d] = at(moments.variances, d);
      raiseDiagonal(covariances, floorsOf(moments, covarianceFloor));
      return { means: centres, covariances };
    },
    maximise(expectations) {
      const { moments, counts, sums } = expectations;
      const covariances = Float64Array.from(moments.totals.products ?? []);
      for (const [k, count] of counts.entries()) {
        if (count < emptyCount) continue;
        const sumsOfOne = slice(sums.sums, k, features);
        for (let i = 0; i < features; i++)
          for (let j = 0; j <= i; j++)
            covariances[i * features + j] =
              at(covariances, i * features + j) - (at(sumsOfOne, i) * at(sumsOfOne, j)) / count;
      }
      for (let i = 0; i < features; i++)
        for (let j = 0; j <= i; j++) {
          const value = at(covariances, i * features + j) / moments.rows;
          covariances[i * features + j] = value;
          covariances[j * features + i] = value;
        }
      raiseDiagonal(covariances, floorsOf(moments, covarianceFloor));
      return { means: meansOf('sums', expectations), covariances };
    },
    sampler({ means, covariances }) {
      const factor = choleskyFactor(covariances ?? new Float64Array(), features);
      return (component, stream) =>
        multiplyByFactor(factor, stream.normal(features), slice(means, component, features));
    },
  };
}

function slice(values: Float64Array | undefined, part: number, size: number): Float64Array {
  return values?.subarray(part * size, (part + 1) * size) ?? new Float64Array(size);
}

function shiftedMean(means: Float64Array | undefined, component: number, shift: Float64Array): Float64Array {
  return slice(means, component, shift.length).map((value, d) => value - at(shift, d));
}

/** Adds the floors to a covariance's diagonal, and more where rounding has left a matrix that is none. */
function raiseDiagonal(covariance: Float64Array, floors: Float64Array): void {
  const features = floors.length;
  for (let d = 0; d < features; d++) {
    const index = d * features + d;
    covariance[index] = Math.max(at(covariance, index), 0) + at(floors, d);
  }
  for (let share = 1e-12; !isPositiveDefinite(covariance, features); share *= 10)
    for (let d = 0; d < features; d++) {
      const index = d * features + d;
      covariance[index] = at(covariance, index) * (1 + share);
    }
}
