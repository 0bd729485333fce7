// The exponential moving average of weights (Polyak and Juditsky 1992): samples from averaged weights are better than from the
// last ones.  e' = decay e + (1 - decay) p
import { ConfigError } from '../core/errors.js';
import type { Values } from '../runtime/runtime.js';
import { add, divide, minimum, multiply, subtract } from '../tensor/index.js';
import { input } from '../tensor/operators/source.js';
import { labelled, type Tensor } from '../tensor/tensor.js';
import { checkNumber } from './check.js';
import type { Tensors } from './network.js';
import type { State, StateVariable } from './optimisers/optimiser.js';

/** What to average. */
export interface EmaOptions {
  /** The values after this step, by full names: learnt parameters, and running statistics if they are to be averaged too. */
  readonly parameters: Tensors;
  /** The initial values of the same parameters, at which the average starts. */
  readonly initial: Values;
  /** How much of the average is kept in a step. Default 0.999. */
  readonly decay?: number;
  /**
   * The number of this step, from 1. With it the decay is at most (1 + step) / (10 + step), so that the average follows the
   * weights in the beginning.
   */
  readonly step?: Tensor;
  /** What the state's names begin with. Default `ema`. */
  readonly prefix?: string;
}

/**
 * Averages of weights as state of the training step, named `ema/generator/up1/weight` after the weights.
 *
 * @throws ConfigError where a parameter has no initial value, or decay is not below 1
 * @example const averages = ema({ parameters: next, initial: network.initialise(stream), decay: 0.999 });
 */
export function ema({ parameters, initial, decay = 0.999, step, prefix = 'ema' }: EmaOptions): State {
  checkNumber('ema', 'decay', decay, 'belowOne');
  const kept = step === undefined ? decay : minimum(divide(add(step, 1), add(step, 10)), decay);
  const taken = subtract(1, kept);
  const state: Record<string, StateVariable> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const start = initial[name];
    if (start === undefined)
      throw new ConfigError(
        `ema: the parameter "${name}" has no initial value; pass what the network was started with.`,
      );
    const key = `${prefix}/${name}`;
    const current = input(key, parameter.shape, parameter.dtype);
    const next = labelled(key, add(multiply(current, kept), multiply(parameter, taken)));
    state[key] = { current, next, initial: start };
  }
  return state;
}
