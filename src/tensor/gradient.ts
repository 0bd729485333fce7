// Reverse-mode differentiation. Gradients are expressions like any others, so they can be differentiated again.
import { ShapeError } from '../core/errors.js';
import { add } from './operators/arithmetic.js';
import { full } from './operators/gather.js';
import { formatShape } from './shape.js';
import { inTopologicalOrder, type Tensor } from './tensor.js';

/**
 * The gradients of a scalar `loss` with respect to `variables`: d loss / d variable, each of its variable's shape.
 *
 * @throws ShapeError where the loss is no scalar
 * @example const [dw] = gradients(mean(square(subtract(matmul(x, w), y))), [w]);
 */
export function gradients(loss: Tensor, variables: readonly Tensor[]): Tensor[] {
  if (loss.rank !== 0)
    throw new ShapeError(
      `gradients: the loss has shape ${formatShape(loss.shape)}; a scalar is needed, such as its mean.`,
    );
  return vectorJacobianProduct([loss], [full([], 1, loss.dtype)], variables);
}

/**
 * The gradients of sum_i <cotangents_i, results_i> with respect to `variables`, zero where a variable is not used.
 */
export function vectorJacobianProduct(
  results: readonly Tensor[],
  cotangents: readonly Tensor[],
  variables: readonly Tensor[],
): Tensor[] {
  const order = inTopologicalOrder(results);
  const forward = new Set(order);
  const relevant = dependents(order, variables);
  const total = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, gradient: Tensor): void => {
    const sofar = total.get(tensor);
    total.set(tensor, sofar === undefined ? gradient : add(sofar, gradient));
  };
  for (const [index, result] of results.entries()) {
    const cotangent = cotangents[index];
    if (cotangent !== undefined && relevant.has(result)) accumulate(result, cotangent);
  }
  for (const tensor of order.reverse()) {
    const gradient = total.get(tensor);
    if (gradient === undefined) continue;
    const scope = `${tensor.scope ?? ''}/gradient`.replace(/^\//, '').replace(/(\/gradient)+$/, '/gradient');
    for (const [index, part] of tensor.operation.gradient(tensor, gradient).entries()) {
      const input = tensor.operation.inputs[index];
      if (part === undefined || input === undefined || !relevant.has(input)) continue;
      // The forward pass keeps its own names, also where it has none.
      for (const fresh of inTopologicalOrder([part], (other) => forward.has(other) || other.scope !== undefined))
        if (!forward.has(fresh)) fresh.scope ??= scope;
      accumulate(input, part);
    }
  }
  return variables.map((variable) => total.get(variable) ?? full(variable.shape, 0, variable.dtype));
}

/** The tensors among `order` that depend on one of the variables: no gradient needs to flow anywhere else. */
function dependents(order: readonly Tensor[], variables: readonly Tensor[]): Set<Tensor> {
  const result = new Set(variables);
  for (const tensor of order) if (tensor.operation.inputs.some((input) => result.has(input))) result.add(tensor);
  return result;
}
