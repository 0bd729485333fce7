// Gaussian components whose features vary together along a few latent dimensions, and alone by noise: a mixture of factor analysers
// (Ghahramani and Hinton 1996; McLachlan and Peel 2000, chapter 8), or of probabilistic principal components (Tipping and Bishop 1999),
// where all features have the same noise.
//
//   x = m_k + W_k z + e,  z ~ N(0, I),  e ~ N(0, diag(v_k)):   p(x | k) = N(x | m_k, S_k),  S_k = W_k W_k^T + diag(v_k)
//
// With the projection P_k of covariance-low-rank-projection.ts, a row's latent code L^T z is N(u, I), u = P_k^T (x - m_k), and
//
//   log p(x | k) = -1/2 ( D log 2 pi + log |S_k| + sum_d (x_d - m_kd)^2 / v_kd - |u|^2 )
//
// is quadratic in the row and in u. Nothing of [features, features] is ever made: covariance-low-rank-step.ts maximises with sums of x u^T.
import { ConfigError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import type { Value } from '../../runtime/runtime.js';
import { add, multiply, square, subtract } from '../../tensor/operators/arithmetic.js';
import { cast } from '../../tensor/operators/cast.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { sum } from '../../tensor/operators/reduce.js';
import { reshape } from '../../tensor/operators/reshape.js';
import { constant } from '../../tensor/operators/source.js';
import { type Projection, projectionOf } from './covariance-low-rank-projection.js';
import { improvedLoadings, responsesOf, type SeenCovariance, startingLoadings } from './covariance-low-rank-step.js';
import { at, type DataMoments, type Emission, emptyCount, meansOf, type Parameters } from './emission.js';
import { floorsOf, given, largestSum, log2Pi, subtractShift } from './gaussian.js';

/** What low-rank covariances are made of. */
export interface LowRankOptions {
  /** The least variance of the noise. */
  readonly covarianceFloor: number;
  /** Latent dimensions, fewer than features. */
  readonly rank: number;
  /** A variance of the noise for every feature, or one for all features of a component. */
  readonly noise: 'diagonal' | 'isotropic';
}

/** Latent dimensions where none are asked for, and there are more features. */
const defaultRank = 10;

/** The number of latent dimensions. @throws ConfigError where there are not more features */
export function rankFor(features: number, rank: number | null): number {
  const chosen = rank ?? Math.min(defaultRank, features - 1);
  if (chosen >= 1 && chosen < features) return chosen;
  throw new ConfigError(
    `covariance 'low-rank' takes fewer latent dimensions than features; received ${rank === null ? '' : `rank ${rank} and `}rows of ` +
      `${features} feature${features === 1 ? '' : 's'}. Ask for a rank below ${features}, or for covariance 'full' or 'diagonal'.`,
  );
}

/** Of the data's variances, what is added to those of a group of rows at the start: the covariance of few rows has too low a rank. */
const startingShare = 1e-3;

/** The parameters of a component: loadings [features, rank] and variances of the noise, [features] or [1]. */
interface Part {
  readonly loadings: Float64Array;
  readonly noise: Float64Array;
}

/** Gaussian components with loadings [components, features, rank] and variances of the noise. */
export function lowRankGaussian(
  components: number,
  features: number,
  { covarianceFloor, rank, noise }: LowRankOptions,
): Emission {
  const isDiagonal = noise === 'diagonal';
  const size = features * rank;
  const width = components * rank;
  const noises = isDiagonal ? features : 1;
  // What the latent dimensions are guessed from at the start.
  const directions = Float64Array.from(random(0).split('directions').normal(size));
  const projectionFor = ({ loadings, noiseVariances }: Parameters, k: number): Projection => {
    const variances = slice(noiseVariances, k, noises);
    return projectionOf(
      slice(loadings, k, size),
      isDiagonal ? variances : new Float64Array(features).fill(at(variances, 0)),
    );
  };
  /** The variances of the noise that are most probable where these are left, [features] or [1]. */
  const noiseOf = (left: Float64Array, floors: Float64Array): Float64Array =>
    isDiagonal
      ? left.map((variance, d) => Math.max(variance, at(floors, d)))
      : Float64Array.of(Math.max(mean(left), mean(floors)));
  /** What the first iteration starts from, given what is known of a component's covariance. */
  const started = (seen: SeenCovariance, { variances }: DataMoments, floors: Float64Array): Part => {
    const added = variances.map((variance, d) => startingShare * variance + at(floors, d));
    const { loadings, left } = startingLoadings(seen, added);
    return { loadings, noise: noiseOf(left, floors) };
  };
  const pack = (parts: readonly Part[]) => {
    const loadings = new Float64Array(components * size);
    const noiseVariances = new Float64Array(components * noises);
    for (const [k, part] of parts.entries()) {
      loadings.set(part.loadings, k * size);
      noiseVariances.set(part.noise, k * noises);
    }
    return { loadings, noiseVariances };
  };
  return {
    shapes: {
      means: [components, features],
      loadings: [components, features, rank],
      noiseVariances: isDiagonal ? [components, features] : [components],
    },
    feedShapes: {
      projections: [features, width],
      centres: [width],
      quadratic: [features, components],
      linear: [features, components],
      constant: [components],
    },
    // Rotations of the latent dimensions change nothing.
    freeParameters: components * (features + size - (rank * (rank - 1)) / 2 + (isDiagonal ? features : 1)),
    // Enough rows to outweigh adding up the products.
    chunkRows: Math.max(256, Math.ceil(2 ** 19 / Math.max(features, width))),
    feeds(parameters, shift) {
      const projections = new Float64Array(features * width);
      const centres = new Float64Array(width);
      const quadratic = new Float64Array(features * components);
      const linear = new Float64Array(features * components);
      const constants = new Float64Array(components);
      // tr(W^T v^-1 W), which the device is not fed.
      const spreads = new Float64Array(components);
      for (let k = 0; k < components; k++) {
        const { projection, precisions, logDeterminant } = projectionFor(parameters, k);
        const loadings = slice(parameters.loadings, k, size);
        let squares = 0;
        for (let d = 0; d < features; d++) {
          const moved = at(parameters.means, k * features + d) - at(shift, d);
          const precision = at(precisions, d);
          quadratic[d * components + k] = -0.5 * precision;
          linear[d * components + k] = moved * precision;
          squares += moved ** 2 * precision;
          for (let j = 0; j < rank; j++) {
            const value = at(projection, d * rank + j);
            projections[d * width + k * rank + j] = value;
            centres[k * rank + j] = at(centres, k * rank + j) + moved * value;
            spreads[k] = at(spreads, k) + at(loadings, d * rank + j) ** 2 * precision;
          }
        }
        constants[k] = -0.5 * (features * log2Pi + logDeterminant + squares);
      }
      return { projections, centres, quadratic, linear, constant: constants, spreads };
    },
    // As far as means and rows lie from the shift in the noise's own measure: the squares of both are what |u|^2 cancels.
    cancellation: ({ linear, quadratic, spreads }) => {
      const distance = largestSum(components, features, (k, d) => {
        const index = d * components + k;
        return at(linear, index) ** 2 / (-2 * at(quadratic, index));
      });
      return distance + (spreads ?? new Float64Array()).reduce((a, b) => Math.max(a, b), 0);
    },
    powers: { projections: 1, quadratic: 2, linear: 1, sums: 1, squares: 2, products: 1 },
    transform: subtractShift,
    logDensities(x, { projections, centres, quadratic, linear, constant: constants }) {
      const codes = subtract(matmul(x, given(projections)), given(centres));
      const explainedSquares = sum(reshape(square(codes), [-1, components, rank]), { axes: 2 });
      const distances = add(matmul(square(x), given(quadratic)), matmul(x, given(linear)));
      return add(add(distances, multiply(explainedSquares, 0.5)), given(constants));
    },
    statistics(x, responsibilities, feeds) {
      const codes =
        feeds === undefined
          ? reshape(matmul(x, cast(constant(directions, [features, rank], 'float64'), x.dtype)), [-1, 1, rank])
          : reshape(subtract(matmul(x, given(feeds.projections)), given(feeds.centres)), [-1, components, rank]);
      const weighted = multiply(reshape(responsibilities, [-1, components, 1]), codes);
      return {
        sums: matmul(responsibilities, x, { transposeA: true }),
        squares: matmul(responsibilities, square(x), { transposeA: true }),
        // [features, components * rank]
        [feeds === undefined ? 'sketches' : 'products']: matmul(x, reshape(weighted, [-1, width]), {
          transposeA: true,
        }),
      };
    },
    unknown(centres, moments) {
      const { variances } = moments;
      const responses = directions.map((value, i) => at(variances, Math.floor(i / rank)) * value);
      const one = started({ variances, directions, responses }, moments, floorsOf(moments, covarianceFloor));
      return { means: centres, ...pack(Array.from({ length: components }, () => one)) };
    },
    maximise(expectations) {
      const { sums, counts, moments, previous } = expectations;
      const floors = floorsOf(moments, covarianceFloor);
      const parts = Array.from(counts, (count, k): Part => {
        if (count < emptyCount)
          return { loadings: slice(previous.loadings, k, size), noise: slice(previous.noiseVariances, k, noises) };
        const centre = slice(sums.sums, k, features).map((value) => value / count);
        const variances = slice(sums.squares, k, features).map((value, d) =>
          Math.max(value / count - at(centre, d) ** 2, 0),
        );
        if (sums.sketches !== undefined) {
          const responses = responsesOf(columns(sums.sketches, k, rank, width), directions, { count, centre });
          return started({ variances, directions, responses }, moments, floors);
        }
        const { projection } = projectionFor(previous, k);
        const base = slice(previous.means, k, features).map((value, d) => value - at(moments.shift, d));
        const responses = responsesOf(columns(sums.products, k, rank, width), projection, { count, centre, base });
        const { loadings, left } = improvedLoadings({ variances, directions: projection, responses });
        return { loadings, noise: noiseOf(left, floors) };
      });
      return { means: meansOf('sums', expectations), ...pack(parts) };
    },
    sampler({ means, loadings, noiseVariances }) {
      return (component, stream) => {
        const code = stream.normal(rank);
        return Float64Array.from(stream.normal(features), (value, d) => {
          const row = component * features + d;
          let moved = at(means, row) + Math.sqrt(at(noiseVariances, isDiagonal ? row : component)) * value;
          for (let j = 0; j < rank; j++) moved += at(loadings, row * rank + j) * at(code, j);
          return moved;
        });
      };
    },
  };
}

/** W W^T + diag(v), [..., features, features], of loadings [..., features, rank] and variances [..., features] or [...]. */
export function lowRankCovariances(loadings: Value, noiseVariances: Value): Value {
  const leading = loadings.shape.slice(0, -2);
  const [features = 0, rank = 0] = loadings.shape.slice(-2);
  const data = new Float64Array((loadings.data.length / rank) * features);
  const isDiagonal = noiseVariances.shape.length > leading.length;
  for (let row = 0; row < loadings.data.length / rank; row++) {
    const [k, d] = [Math.floor(row / features), row % features];
    for (let e = 0; e < features; e++) {
      let value = d === e ? Number(noiseVariances.data[isDiagonal ? row : k]) : 0;
      for (let j = 0; j < rank; j++)
        value += Number(loadings.data[row * rank + j]) * Number(loadings.data[(k * features + e) * rank + j]);
      data[row * features + e] = value;
    }
  }
  return { dtype: 'float64', shape: [...leading, features, features], data };
}

function slice(values: Float64Array | undefined, part: number, size: number): Float64Array {
  return values?.subarray(part * size, (part + 1) * size) ?? new Float64Array(size);
}

/** The columns of component `part` of a matrix [rows, width]. */
function columns(values: Float64Array | undefined, part: number, count: number, width: number): Float64Array {
  const rows = (values?.length ?? 0) / width;
  const chosen = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const start = row * width + part * count;
    chosen.set(values?.subarray(start, start + count) ?? [], row * count);
  }
  return chosen;
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
