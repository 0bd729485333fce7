// Computing expressions in plain TypeScript and float64: slow, exact, dependent on nothing. It is what constants are folded with
// and the reference that compiled programs are tested against.
import { ShapeError } from '../core/errors.js';
import { inputName } from './operators/source.js';
import { inTopologicalOrder, type NdArray, type Tensor } from './tensor.js';

/** The values of `tensors`, given those of their inputs by name. */
export function evaluate(tensors: readonly Tensor[], feeds: Readonly<Record<string, NdArray>> = {}): NdArray[] {
  const values = new Map<Tensor, NdArray>();
  for (const tensor of inTopologicalOrder(tensors)) {
    const name = inputName(tensor);
    const fed = name === undefined ? undefined : feeds[name];
    if (fed !== undefined) values.set(tensor, fed);
    else {
      const inputs = tensor.operation.inputs.map((input) => computed(values, input));
      const shape = tensor.shape.map((dim) => (typeof dim === 'number' ? dim : -1));
      const data = tensor.operation.evaluate(inputs, tensor);
      const unknown = shape.indexOf(-1);
      if (unknown >= 0) shape[unknown] = data.length / shape.reduce((a, b) => (b < 0 ? a : a * b), 1);
      values.set(tensor, { shape, data });
    }
  }
  return tensors.map((tensor) => computed(values, tensor));
}

function computed(values: ReadonlyMap<Tensor, NdArray>, tensor: Tensor): NdArray {
  const value = values.get(tensor);
  if (value === undefined) throw new ShapeError(`${tensor} has no value yet.`);
  return value;
}
