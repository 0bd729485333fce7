// Limiting gradients before an update.
import { ConfigError } from '../core/errors.js';
import { add, clip, divide, minimum, multiply, sqrt, square } from '../tensor/index.js';
import { sum } from '../tensor/operators/reduce.js';
import type { Tensor } from '../tensor/tensor.js';
import { checkNumber } from './check.js';
import type { Tensors } from './network.js';

/** The Euclidean norm of all gradients taken as one vector: sqrt(sum g^2). @throws ConfigError where there is none */
export function globalNorm(gradients: Tensors): Tensor {
  const squares = Object.values(gradients).map((gradient) => sum(square(gradient)));
  if (squares.length === 0) throw new ConfigError('globalNorm: there are no gradients.');
  return sqrt(squares.reduce(add));
}

/** Gradients limited in their common norm, and the norm that they had. */
export interface ClippedGradients {
  readonly gradients: Record<string, Tensor>;
  /** The norm before clipping, a scalar: worth reporting. */
  readonly norm: Tensor;
}

/**
 * Scales all gradients by min(1, maxNorm / (norm + 1e-6)), where norm is their common one (Pascanu et al. 2013): the direction
 * stays.
 *
 * @throws ConfigError for a norm that is not above 0
 */
export function clipByGlobalNorm(gradients: Tensors, maxNorm: number): ClippedGradients {
  checkNumber('clipByGlobalNorm', 'maxNorm', maxNorm, 'positive');
  const norm = globalNorm(gradients);
  const factor = minimum(divide(maxNorm, add(norm, 1e-6)), 1);
  return { gradients: mapValues(gradients, (gradient) => multiply(gradient, factor)), norm };
}

/** Limits every number of the gradients to [-limit, limit]. @throws ConfigError for a limit that is not above 0 */
export function clipByValue(gradients: Tensors, limit: number): Record<string, Tensor> {
  checkNumber('clipByValue', 'limit', limit, 'positive');
  return mapValues(gradients, (gradient) => clip(gradient, -limit, limit));
}

function mapValues(tensors: Tensors, change: (tensor: Tensor) => Tensor): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));
}
