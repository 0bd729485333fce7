// Replacing inputs of expressions by other expressions: how one step's description is applied to another step's results.
import { inputName } from './operators/source.js';
import { inTopologicalOrder, type Tensor } from './tensor.js';

/**
 * The tensors with their inputs replaced by name. The replacements themselves are left as they are.
 *
 * @example const [after] = substitute([next], { momentum: previousMomentum });
 */
export function substitute(tensors: readonly Tensor[], replacements: Readonly<Record<string, Tensor>>): Tensor[] {
  const results = new Map<Tensor, Tensor>();
  const replaced = (tensor: Tensor): Tensor => results.get(tensor) ?? tensor;
  for (const tensor of inTopologicalOrder(tensors)) {
    const name = inputName(tensor);
    const inputs = tensor.operation.inputs.map(replaced);
    const isUnchanged = inputs.every((input, index) => input === tensor.operation.inputs[index]);
    if (name !== undefined) results.set(tensor, replacements[name] ?? tensor);
    else if (!isUnchanged) {
      const rebuilt = tensor.operation.rebuild(inputs);
      rebuilt.scope ??= tensor.scope;
      results.set(tensor, rebuilt);
    }
  }
  return tensors.map(replaced);
}
