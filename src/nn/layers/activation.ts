// Activations: functions of single values between layers, looked up by name.
import { ConfigError } from '../../core/errors.js';
import { lookUp } from '../../core/nearest.js';
import { elu, gelu, leakyRelu, relu, sigmoid, silu, softplus, tanh } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Layer } from '../layer.js';

/** Parameters of activations that have some. */
export interface ActivationOptions {
  /** The slope of `leakyRelu` below 0. Default 0.01; GANs use 0.2 (Radford et al. 2016). */
  readonly slope?: number;
}

/** All activations. */
export const activations = {
  identity: (x) => x,
  relu,
  leakyRelu: (x, { slope = 0.01 }) => leakyRelu(x, slope),
  elu: (x) => elu(x),
  gelu,
  silu,
  tanh,
  sigmoid,
  softplus,
} as const satisfies Readonly<Record<string, (x: Tensor, options: ActivationOptions) => Tensor>>;

/** The name of an activation. */
export type ActivationName = keyof typeof activations;

/**
 * Applies a function to every value; the shape stays.
 *
 * @throws UnknownNameError for a name not in {@link activations}, ConfigError for a slope that nothing uses
 * @example activation('leakyRelu', { slope: 0.2 })
 */
export function activation(name: ActivationName, options: ActivationOptions = {}): Layer {
  const apply: (x: Tensor, options: ActivationOptions) => Tensor = lookUp('activation', activations, name);
  if (options.slope !== undefined && name !== 'leakyRelu')
    throw new ConfigError(`activation: ${name} has no slope; leave it out or use "leakyRelu".`);
  return {
    kind: 'activation',
    outputShape: (inputShape) => inputShape,
    parameters: () => ({}),
    apply: (x) => apply(x, options),
  };
}
