// Several updates within one step, each starting from the state that the one before left.
import { input } from '../../tensor/operators/source.js';
import { substitute } from '../../tensor/substitute.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Optimiser, State, StateVariable, Update, UpdateRequest } from './optimiser.js';

/**
 * An update that continues `before`, the state after earlier updates of the same step; the state's inputs stay those of the first.
 *
 * @example const second = repeatedUpdate(optimiser, request, first.state);
 */
export function repeatedUpdate(optimiser: Optimiser, request: UpdateRequest, before: State | undefined): Update {
  if (before === undefined) return optimiser.update(request);
  // The rule is written down for stand-ins first: parameters and gradients may themselves contain the state's inputs, which
  // there still mean the values at the beginning of the step.
  const standIns: Record<string, Tensor> = {};
  const standIn = (kind: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => {
        const key = `stand-in/${kind}/${name}`;
        standIns[key] = tensor;
        return [name, input(key, tensor.shape, tensor.dtype)];
      }),
    );
  const rule = optimiser.update({
    ...request,
    parameters: standIn('parameter', request.parameters),
    gradients: standIn('gradient', request.gradients),
  });
  const present = Object.fromEntries(Object.entries(before).map(([key, variable]) => [key, variable.next]));
  const replaced = (tensors: readonly Tensor[]): Tensor[] => substitute(tensors, { ...standIns, ...present });
  const next = Object.entries(rule.next).flatMap(([name, tensor]) =>
    replaced([tensor]).map((value) => [name, value] as const),
  );
  const state = Object.entries(rule.state).flatMap(([key, variable]) =>
    replaced([variable.next]).map((value): [string, StateVariable] => [key, { ...variable, next: value }]),
  );
  return { next: Object.fromEntries(next), state: Object.fromEntries(state) };
}
