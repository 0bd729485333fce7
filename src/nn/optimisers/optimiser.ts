// Optimisers: pure functions from parameters and gradients to the parameters' next values and the optimiser's own state.
import { ConfigError } from '../../core/errors.js';
import { float32, type Value } from '../../runtime/runtime.js';
import { input } from '../../tensor/operators/source.js';
import { formatShape, sameShape, staticShape } from '../../tensor/shape.js';
import { labelled, type Tensor } from '../../tensor/tensor.js';
import type { Tensors } from '../network.js';

/** What an optimiser is asked. */
export interface UpdateRequest {
  /** What the names of the optimiser's state begin with, such as `optimiser` or `generatorOptimiser`. */
  readonly prefix: string;
  /** By full names. */
  readonly parameters: Tensors;
  /** Of the loss to be minimised, under the names of the parameters. */
  readonly gradients: Tensors;
  /** The number of this update, from 1: a float32 scalar. */
  readonly step: Tensor;
}

/** A variable of the training step that belongs to no network. */
export interface StateVariable {
  readonly current: Tensor;
  readonly next: Tensor;
  readonly initial: Value;
}

/** State by the full names of its inputs. */
export type State = Readonly<Record<string, StateVariable>>;

/** What an optimiser answers. */
export interface Update {
  /** The parameters' next values, by their full names. */
  readonly next: Tensors;
  /** What it carries from step to step, under `prefix/parameter/quantity`. */
  readonly state: State;
}

/** A rule for updating parameters. */
export interface Optimiser {
  readonly kind: string;
  /** @throws ConfigError where a parameter has no gradient of its shape */
  update(request: UpdateRequest): Update;
}

/** One parameter's part of an update. */
interface ParameterUpdate {
  readonly next: Tensor;
  /** Next values of the state variables. */
  readonly state: Readonly<Record<string, Tensor>>;
}

/**
 * Updates each parameter by itself. `rule` receives the present values of the state variables `quantities`, which start as
 * zeros of the parameter's shape, and returns their next ones.
 */
export function updateEach(
  { prefix, parameters, gradients }: UpdateRequest,
  quantities: readonly string[],
  rule: (parameter: Tensor, gradient: Tensor, state: (quantity: string) => Tensor) => ParameterUpdate,
): Update {
  const next: Record<string, Tensor> = {};
  const state: Record<string, StateVariable> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const gradient = gradients[name];
    if (gradient === undefined || !sameShape(gradient.shape, parameter.shape))
      throw new ConfigError(
        `The parameter "${name}" of shape ${formatShape(parameter.shape)} needs a gradient of that shape; ` +
          `received ${gradient === undefined ? 'none' : formatShape(gradient.shape)}.`,
      );
    const shape = staticShape(parameter.shape, `A length of ${name}`);
    const key = (quantity: string): string => `${prefix}/${name}/${quantity}`;
    const current = Object.fromEntries(quantities.map((quantity) => [quantity, input(key(quantity), shape)]));
    const result = rule(parameter, gradient, (quantity) => present(current, quantity, name));
    next[name] = labelled(`${prefix}/${name}`, result.next);
    for (const quantity of quantities)
      state[key(quantity)] = {
        current: present(current, quantity, name),
        next: labelled(`${prefix}/${name}`, present(result.state, quantity, name)),
        initial: float32(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape),
      };
  }
  return { next, state };
}

function present(values: Readonly<Record<string, Tensor>>, quantity: string, name: string): Tensor {
  const value = values[quantity];
  if (value === undefined) throw new ConfigError(`The update of "${name}" has no "${quantity}".`);
  return value;
}
