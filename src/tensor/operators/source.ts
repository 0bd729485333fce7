// Where values come from: inputs fed when a program runs, and constants.
import { ShapeError } from '../../core/errors.js';
import { formatShape, type Shape, sizeOf } from '../shape.js';
import { type ConstantData, type DType, type Operation, Tensor, type TensorLike } from '../tensor.js';

/** The attributes of an input. */
export interface InputAttributes {
  readonly name: string;
}

/** The attributes of a constant. */
export interface ConstantAttributes {
  readonly data: ConstantData;
}

/**
 * A value given when the program runs: data, noise, a weight.
 *
 * @throws ShapeError for a length that is no whole number from 0
 * @example input('x', [batch, 28, 28, 1])
 */
export function input(name: string, shape: Shape, dtype: DType = 'float32'): Tensor {
  for (const dim of shape)
    if (typeof dim === 'number' && !(Number.isInteger(dim) && dim >= 0))
      throw new ShapeError(
        `The input "${name}" has shape ${formatShape(shape)}; lengths are whole numbers, or \`batch\` where any number of rows may be fed.`,
      );
  return new Tensor(leaf('input', { name } satisfies InputAttributes), shape, dtype);
}

/**
 * A fixed array, in row-major order. Typed arrays are kept, not copied: do not change them afterwards.
 *
 * @example constant([1, 2, 3, 4], [2, 2])
 * @throws ShapeError where data and shape differ in size, or something is no number, as in nested arrays
 */
export function constant(
  data: ConstantData | readonly number[],
  shape: readonly number[] = [data.length],
  dtype: DType = 'float32',
): Tensor {
  if (sizeOf(shape) !== data.length)
    throw new ShapeError(
      `A constant of shape ${formatShape(shape)} needs ${sizeOf(shape)} numbers; ${data.length} were given.`,
    );
  const typed = ArrayBuffer.isView(data) ? data : Float64Array.from(data, checkedNumber);
  if (dtype === 'int64' && !typed.every((value) => Number.isSafeInteger(value)))
    throw new ShapeError(
      `An int64 constant of shape ${formatShape(shape)} holds a number that is not whole; use float32 or round it.`,
    );
  return new Tensor(leaf('constant', { data: typed } satisfies ConstantAttributes), shape, dtype);
}

/** Programs without types come this far; Float64Array.from would make NaN of a nested row. */
function checkedNumber(value: unknown, index: number): number {
  if (typeof value === 'number') return value;
  throw new ShapeError(
    `A constant takes its numbers in one flat array and its shape, such as constant([1, 2, 3, 4], [2, 2]); ` +
      `received ${Array.isArray(value) ? 'an array' : `a ${typeof value}`} at position ${index}.`,
  );
}

/** A constant of no axes. @example scalar(0.5) */
export function scalar(value: number, dtype: DType = 'float32'): Tensor {
  return constant([value], [], dtype);
}

/** A tensor of equal values. Kept as a scalar that is broadcast where it is used. */
export function toTensor(value: TensorLike, dtype: DType = 'float32'): Tensor {
  return typeof value === 'number' ? scalar(value, dtype) : value;
}

/** The name of an input, or undefined for any other tensor. */
export function inputName(tensor: Tensor): string | undefined {
  const { operator, attributes } = tensor.operation;
  return operator === 'input' && 'name' in attributes ? String(attributes.name) : undefined;
}

/** The numbers of a constant, or undefined for any other tensor. */
export function constantData(tensor: Tensor): ConstantData | undefined {
  const { attributes } = tensor.operation;
  return isConstant(attributes) ? attributes.data : undefined;
}

/** The value of a constant of one element, or undefined. */
export function scalarValue(tensor: Tensor): number | undefined {
  const data = constantData(tensor);
  return data?.length === 1 ? data[0] : undefined;
}

function isConstant(attributes: object): attributes is ConstantAttributes {
  return 'data' in attributes && ArrayBuffer.isView(attributes.data);
}

/** Sources have no inputs; the compiler feeds inputs and writes constants, so neither is ever lowered or evaluated as an operator. */
function leaf(operator: string, attributes: InputAttributes | ConstantAttributes): Operation {
  const refuse = (): never => {
    throw new ShapeError(
      `The ${operator} ${'name' in attributes ? `"${attributes.name}" ` : ''}has no value here: it has to be fed.`,
    );
  };
  return {
    operator,
    inputs: [],
    attributes,
    rebuild: refuse,
    gradient: () => [],
    lower: refuse,
    evaluate: () => ('data' in attributes ? Float64Array.from(attributes.data) : refuse()),
    flops: () => 0,
  };
}
