// Spectral normalisation (Miyato et al. 2018): weights are divided by their largest singular value, so that a layer stretches no
// vector by more than one. The value is found by power iteration, one step per training step, from the last step's vector:
//
//   v = W^T u / |W^T u|,  u = W v / |W v|,  sigma(W) = u^T W v,  W_SN = W / sigma(W)              (equations 8 and Algorithm 1)
//
// As in the paper u and v are constants to the gradient, which passes through the product in sigma: with u and v the singular vectors
// that is the exact gradient, since sigma does not change with them to first order.
import { ConfigError } from '../../core/errors.js';
import { divide, greater, maximum, multiply, sqrt, square, stopGradient, where } from '../../tensor/index.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { sum } from '../../tensor/operators/reduce.js';
import { reshape } from '../../tensor/operators/reshape.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkNumber } from '../check.js';
import type { Initialiser } from '../initialisers.js';
import { type Layer, type LayerScope, type ParameterSpecs, statistic } from '../layer.js';

/** Options of spectral normalisation. */
export interface SpectralNormOptions {
  /** Steps of the power iteration in an application for training. Default 1, which is enough because weights change slowly. */
  readonly iterations?: number;
}

/** The name of the running statistic that stands beside each normalised `weight`: a function of the weights, not of any batch. */
export const singularVectorName = 'singularVector';

/** Below this a matrix counts as zeros, which have no direction. */
const tiny = 1e-12;

/**
 * A layer whose weights have spectral norm 1: of a dense, convolution or embedding layer its own, of a sequential, residual or other
 * container those of all layers inside. Biases and norms stay as they are. Shapes and parameters: those of the layer, under their
 * names, and a running statistic `singularVector` [units] beside each `weight` [..., units].
 *
 * A weight of any layer counts as the matrix [product of the other axes, last axis]. For a convolution these are the paper's patches
 * times filters. A transposed convolution's weight is kept as that of the convolution it is the adjoint of, and an operator and its
 * adjoint stretch equally, so its patches are those of its result.
 *
 * @throws ConfigError for iterations that are no whole number from 1, and for layers without a weight
 * @example spectralNorm(conv({ filters: 64, kernel: 4, stride: 2 }))
 * @example network('discriminator', spectralNorm(sequential([dense({ units: 64 }), activation('relu'), dense({ units: 1 })])), [2])
 */
export function spectralNorm(layer: Layer, { iterations = 1 }: SpectralNormOptions = {}): Layer {
  checkNumber('spectralNorm', 'iterations', iterations, 'positiveInteger');
  return {
    kind: layer.kind,
    outputShape: (inputShape) => layer.outputShape(inputShape),
    parameters: (inputShape) => withVectors(layer, inputShape),
    apply: (x, scope) => layer.apply(x, normalised(scope, iterations)),
  };
}

const weightName = /^(.*\/)?weight$/;

/** The layer's parameters and a vector for each weight. */
function withVectors(layer: Layer, inputShape: readonly number[]): ParameterSpecs {
  const own = layer.parameters(inputShape);
  const vectors = Object.entries(own).flatMap(([name, { shape }]) => {
    const place = weightName.exec(name);
    if (place === null) return [];
    if (shape.length < 2)
      throw new ConfigError(
        `spectralNorm: the ${layer.kind}'s ${name} is ${formatShape(shape)}; only weights of two axes or more have singular values.`,
      );
    return [[`${place[1] ?? ''}${singularVectorName}`, statistic([shape.at(-1) ?? 1], unitVector)] as const];
  });
  if (vectors.length === 0)
    throw new ConfigError(
      `spectralNorm: the layer ${layer.kind} has no weight (parameters: ${Object.keys(own).join(', ') || 'none'}). Wrap a dense, ` +
        'convolution or embedding layer, or a container of such.',
    );
  return { ...own, ...Object.fromEntries(vectors) };
}

/** Uniform over all directions. */
const unitVector: Initialiser = ([length = 1], stream) => {
  const direction = stream.normal(length);
  const size = Math.hypot(...direction);
  return direction.map((value) => value / size);
};

/** The scope of a layer that sees each weight divided by its largest singular value. */
function normalised(scope: LayerScope, iterations: number): LayerScope {
  return {
    ...scope,
    parameter: (name) => {
      const value = scope.parameter(name);
      if (name !== 'weight') return value;
      const before = scope.parameter(singularVectorName);
      const { sigma, vector } = largestSingularValue(value, before, scope.training ? iterations : 0);
      if (scope.training) scope.update(singularVectorName, vector);
      return divide(value, where(greater(sigma, tiny), sigma, 1));
    },
    child: (name) => normalised(scope.child(name), iterations),
  };
}

/**
 * The power iteration for a weight [..., units] from a vector u [units]; without steps, v and sigma follow from u alone.
 *
 * @returns sigma, a scalar through which gradients flow into the weight, and the last u [units], through which none do
 */
export function largestSingularValue(
  value: Tensor,
  before: Tensor,
  iterations: number,
): { readonly sigma: Tensor; readonly vector: Tensor } {
  // W^T in the paper's terms: rows are places of a patch, columns are units.
  const matrix = reshape(value, [-1, value.dim(-1)]);
  const fixed = stopGradient(matrix);
  let u = stopGradient(reshape(before, [value.dim(-1), 1]));
  // The mean of several unit vectors, as averages over training steps keep it, is shorter than one.
  if (iterations === 0) u = direction(u, u);
  const follow = (): Tensor => direction(matmul(fixed, u));
  let v = follow();
  for (let turn = 0; turn < iterations; turn++) {
    if (turn > 0) v = follow();
    u = direction(matmul(fixed, v, { transposeA: true }), u);
  }
  const sigma = sum(multiply(matmul(matrix, v, { transposeA: true }), u));
  return { sigma, vector: reshape(u, before.shape) };
}

/** x / |x|; where x counts as zeros it is `otherwise`, or by default a vector shorter than one. */
function direction(x: Tensor, otherwise?: Tensor): Tensor {
  const squares = sum(square(x));
  const unit = divide(x, sqrt(maximum(squares, tiny ** 2)));
  return otherwise === undefined ? unit : where(greater(squares, tiny ** 2), unit, otherwise);
}
