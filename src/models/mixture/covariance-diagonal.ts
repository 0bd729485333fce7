// Gaussian components with independent features: a variance for every feature ('diagonal'), or one for all of them ('spherical').
//
//   log p(x | k) = -1/2 sum_d ( log 2 pi v_kd + (x_d - m_kd)^2 / v_kd ),  computed as two matrix products, with x^2 and with x.
import { add, multiply, square } from '../../tensor/operators/arithmetic.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { sum } from '../../tensor/operators/reduce.js';
import { at, type Emission, emptyCount, meansOf } from './emission.js';
import { floorsOf, given, largestSum, log2Pi, subtractShift } from './gaussian.js';

/** Gaussian components of `features` independent features. */
export function diagonalGaussian(components: number, features: number, covarianceFloor: number): Emission {
  return {
    shapes: { means: [components, features], covariances: [components, features] },
    feedShapes: { quadratic: [features, components], linear: [features, components], constant: [components] },
    freeParameters: 2 * components * features,
    feeds({ means, covariances }, shift) {
      const quadratic = new Float64Array(features * components);
      const linear = new Float64Array(features * components);
      const constant = new Float64Array(components);
      for (let k = 0; k < components; k++) {
        let exponent = 0;
        for (let d = 0; d < features; d++) {
          const mean = at(means, k * features + d) - at(shift, d);
          const variance = at(covariances, k * features + d);
          quadratic[d * components + k] = -0.5 / variance;
          linear[d * components + k] = mean / variance;
          exponent += log2Pi + Math.log(variance) + mean ** 2 / variance;
        }
        constant[k] = -0.5 * exponent;
      }
      return { quadratic, linear, constant };
    },
    centre: (weights, { means, covariances }) =>
      Float64Array.from({ length: features }, (_, d) => {
        let [sum, total] = [0, 0];
        for (let k = 0; k < components; k++) {
          // The least sum of weighted distances: what spreads least counts most.
          const precision = at(weights, k) / at(covariances, k * features + d);
          sum += precision * at(means, k * features + d);
          total += precision;
        }
        return sum / total;
      }),
    // (m - s)^2 / v = linear^2 / (1 / v)
    cancellation: ({ linear, quadratic }) =>
      largestSum(components, features, (k, d) => {
        const index = d * components + k;
        return at(linear, index) ** 2 / (-2 * at(quadratic, index));
      }),
    powers: { quadratic: 2, linear: 1, sums: 1, squares: 2 },
    transform: subtractShift,
    logDensities(x, { quadratic, linear, constant }) {
      return add(add(matmul(square(x), given(quadratic)), matmul(x, given(linear))), given(constant));
    },
    statistics: (x, responsibilities) => ({
      sums: matmul(responsibilities, x, { transposeA: true }),
      squares: matmul(responsibilities, square(x), { transposeA: true }),
    }),
    unknown(centres, moments) {
      const floors = floorsOf(moments, covarianceFloor);
      const variances = moments.variances.map((variance, d) => variance + at(floors, d));
      return { means: centres, covariances: centres.map((_, index) => at(variances, index % features)) };
    },
    maximise(expectations) {
      const { sums, counts, moments, previous } = expectations;
      const floors = floorsOf(moments, covarianceFloor);
      const covariances = Float64Array.from(sums.squares ?? [], (squares, index) => {
        const count = at(counts, Math.floor(index / features));
        if (count < emptyCount) return at(previous.covariances, index);
        const mean = at(sums.sums, index) / count;
        return Math.max(squares / count - mean ** 2, 0) + at(floors, index % features);
      });
      return { means: meansOf('sums', expectations), covariances };
    },
    sampler:
      ({ means, covariances }) =>
      (component, stream) =>
        Float64Array.from(stream.normal(features), (noise, d) => {
          const index = component * features + d;
          return at(means, index) + Math.sqrt(at(covariances, index)) * noise;
        }),
  };
}

/** Gaussian components with one variance each. */
export function sphericalGaussian(components: number, features: number, covarianceFloor: number): Emission {
  const meanOf = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / features;
  return {
    shapes: { means: [components, features], covariances: [components] },
    feedShapes: { quadratic: [1, components], linear: [features, components], constant: [components] },
    freeParameters: components * features + components,
    feeds({ means, covariances }, shift) {
      const linear = new Float64Array(features * components);
      const constant = new Float64Array(components);
      for (let k = 0; k < components; k++) {
        const variance = at(covariances, k);
        let squares = 0;
        for (let d = 0; d < features; d++) {
          const mean = at(means, k * features + d) - at(shift, d);
          linear[d * components + k] = mean / variance;
          squares += mean ** 2;
        }
        constant[k] = -0.5 * (features * (log2Pi + Math.log(variance)) + squares / variance);
      }
      return {
        quadratic: Float64Array.from({ length: components }, (_, k) => -0.5 / at(covariances, k)),
        linear,
        constant,
      };
    },
    centre: (weights, { means, covariances }) =>
      Float64Array.from({ length: features }, (_, d) => {
        let [sum, total] = [0, 0];
        for (let k = 0; k < components; k++) {
          const precision = at(weights, k) / at(covariances, k);
          sum += precision * at(means, k * features + d);
          total += precision;
        }
        return sum / total;
      }),
    cancellation: ({ linear, quadratic }) =>
      largestSum(components, features, (k, d) => at(linear, d * components + k) ** 2 / (-2 * at(quadratic, k))),
    powers: { quadratic: 2, linear: 1, sums: 1, squares: 2 },
    transform: subtractShift,
    logDensities(x, { quadratic, linear, constant }) {
      const squares = sum(square(x), { axes: 1, keepAxes: true });
      return add(add(multiply(squares, given(quadratic)), matmul(x, given(linear))), given(constant));
    },
    statistics: (x, responsibilities) => ({
      sums: matmul(responsibilities, x, { transposeA: true }),
      squares: matmul(responsibilities, sum(square(x), { axes: 1, keepAxes: true }), { transposeA: true }),
    }),
    unknown: (centres, moments) => ({
      means: centres,
      covariances: new Float64Array(components).fill(
        meanOf(moments.variances) + meanOf(floorsOf(moments, covarianceFloor)),
      ),
    }),
    maximise(expectations) {
      const { sums, counts, moments, previous } = expectations;
      const floor = meanOf(floorsOf(moments, covarianceFloor));
      const covariances = Float64Array.from(counts, (count, k) => {
        if (count < emptyCount) return at(previous.covariances, k);
        let squares = at(sums.squares, k) / count;
        for (let d = 0; d < features; d++) squares -= (at(sums.sums, k * features + d) / count) ** 2;
        return Math.max(squares / features, 0) + floor;
      });
      return { means: meansOf('sums', expectations), covariances };
    },
    sampler:
      ({ means, covariances }) =>
      (component, stream) =>
        Float64Array.from(
          stream.normal(features),
          (noise, d) => at(means, component * features + d) + Math.sqrt(at(covariances, component)) * noise,
        ),
  };
}
