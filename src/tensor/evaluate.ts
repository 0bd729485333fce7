// Computing expressions in plain TypeScript and float64: slow, exact, dependent on nothing. It is what constants are folded with
// and the reference that compiled programs are tested against.
import { ShapeError } from '../core/errors.js';
import { inputName } from './operators/source.js';
import { type Dim, formatShape } from './shape.js';
import { inTopologicalOrder, type NdArray, type Tensor } from './tensor.js';

/**
 * The values of `tensors`, given those of their inputs by name; symbolic lengths are read from the fed arrays.
 *
 * @example evaluate([add(x, 1)], { x: { shape: [2], data: Float64Array.of(1, 2) } })
 * @throws ShapeError where an input is not fed or does not fit
 */
export function evaluate(tensors: readonly Tensor[], feeds: Readonly<Record<string, NdArray>> = {}): NdArray[] {
  const values = new Map<Tensor, NdArray>();
  const lengths = new Map<string, number>();
  const order = inTopologicalOrder(tensors);
  for (const tensor of order) {
    const name = inputName(tensor);
    if (name === undefined) continue;
    const fed = feeds[name];
    if (fed === undefined)
      throw new ShapeError(`evaluate: the input "${name}" ${formatShape(tensor.shape)} is not fed.`);
    checkFed(tensor, fed, lengths);
    values.set(tensor, fed);
  }
  for (const tensor of order) {
    if (values.has(tensor)) continue;
    const inputs = tensor.operation.inputs.map((input) => computed(values, input));
    const shape = tensor.shape.map((dim) => lengthOf(dim, lengths));
    values.set(tensor, { shape, data: tensor.operation.evaluate(inputs, shape) });
  }
  return tensors.map((tensor) => computed(values, tensor));
}

/** Checks a fed array against its input and notes what its symbolic lengths are. */
function checkFed(tensor: Tensor, fed: NdArray, lengths: Map<string, number>): void {
  for (const [axis, dim] of tensor.shape.entries())
    if (typeof dim !== 'number' && !lengths.has(dim.symbol))
      lengths.set(dim.symbol, (fed.shape[axis] ?? 0) / dim.factor);
  const size = fed.shape.reduce((product, length) => product * length, 1);
  const fits = tensor.shape.every((dim, axis) => lengthOf(dim, lengths) === fed.shape[axis]);
  if (!fits || fed.shape.length !== tensor.rank || size !== fed.data.length)
    throw new ShapeError(
      `evaluate: the input "${inputName(tensor)}" has shape ${formatShape(tensor.shape)}; fed were ${fed.data.length} numbers ` +
        `as ${formatShape(fed.shape)}.`,
    );
}

function lengthOf(dim: Dim, lengths: ReadonlyMap<string, number>): number {
  if (typeof dim === 'number') return dim;
  const length = lengths.get(dim.symbol);
  if (length === undefined) throw new ShapeError(`evaluate: no fed input tells the length ${dim.symbol}.`);
  return length * dim.factor;
}

function computed(values: ReadonlyMap<Tensor, NdArray>, tensor: Tensor): NdArray {
  const value = values.get(tensor);
  if (value === undefined) throw new ShapeError(`${tensor} has no value yet.`);
  return value;
}
