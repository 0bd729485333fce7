// Bijections: what normalising flows are composed of. A density passes through one by the change of variables,
//
//   log p(x) = log p(z) + log |det dz/dx|,   z = f(x)
import type { ParameterSpecs } from '../../nn/layer.js';
import type { Tensors } from '../../nn/network.js';
import { add } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';

/** A value and the log-determinant of how it came about. */
export interface Transformed {
  readonly value: Tensor;
  /** [N], in nats. */
  readonly logDeterminant: Tensor;
}

/** An invertible function of rows, with parameters. */
export interface Bijection {
  /** By full names. */
  readonly parameters: ParameterSpecs;
  /** f(x) of rows [N, ...]. */
  forward(x: Tensor, weights: Tensors): Transformed;
  /** The x with f(x) = z. */
  inverse(z: Tensor, weights: Tensors): Tensor;
}

/** Bijections one after the other. */
export function composition(parts: readonly Bijection[]): Bijection {
  return {
    parameters: Object.assign({}, ...parts.map(({ parameters }) => parameters)),
    forward(x, weights) {
      let value = x;
      let logDeterminant: Tensor | undefined;
      for (const part of parts) {
        const step = part.forward(value, weights);
        value = step.value;
        logDeterminant = logDeterminant === undefined ? step.logDeterminant : add(logDeterminant, step.logDeterminant);
      }
      if (logDeterminant === undefined) throw new RangeError('A composition of no bijections was made.');
      return { value, logDeterminant };
    },
    inverse: (z, weights) => parts.reduceRight((value, part) => part.inverse(value, weights), z),
  };
}
