// Makes expressions cheaper without changing what they compute: equal subexpressions merged, constants folded, algebraic
// identities applied. What no result needs is never visited, which removes dead code.
import { evaluate } from './evaluate.js';
import { constant, constantData } from './operators/source.js';
import { elementCount, formatShape } from './shape.js';
import { rules } from './simplify-rules.js';
import { type ConstantData, inTopologicalOrder, type Tensor } from './tensor.js';

/** Constants up to this many elements are folded; larger ones would only swell the program. */
const foldingLimit = 1024;

/** Operators whose operands may change places: a + b and b + a are one. */
const commutative = new Set(['add', 'multiply', 'maximum', 'minimum', 'equal', 'and', 'or']);

/**
 * Equivalent tensors that share all they can, in the same order. 0 x counts as 0 also where x may be infinite or NaN.
 *
 * @example const [smaller] = simplify([gradient]);
 */
export function simplify(tensors: readonly Tensor[]): Tensor[] {
  const replacement = new Map<Tensor, Tensor>();
  const known = new Map<string, Tensor>();
  const numbers = new Map<Tensor, number>();
  const arrays: ConstantData[] = [];

  const canonical = (tensor: Tensor): Tensor => {
    const { operator, inputs } = tensor.operation;
    const operands = inputs.map(numberOf);
    if (commutative.has(operator)) operands.sort((a, b) => a - b);
    const key = `${operator} ${tensor.dtype}${formatShape(tensor.shape)} ${attributesKey(tensor)} ${operands.join()}`;
    const first = known.get(key);
    if (first !== undefined) return first;
    known.set(key, tensor);
    return tensor;
  };
  const numberOf = (tensor: Tensor): number => {
    const number = numbers.get(tensor) ?? numbers.size;
    numbers.set(tensor, number);
    return number;
  };
  const attributesKey = (tensor: Tensor): string => {
    const data = constantData(tensor);
    if (data === undefined) return JSON.stringify(tensor.operation.attributes, exactNumbers);
    const values = tensor.dtype === 'float32' ? Float32Array.from(data) : data;
    const number = arrays.findIndex((other) => sameNumbers(other, values));
    return `constant ${number >= 0 ? number : arrays.push(values) - 1}`;
  };
  /** Simplifies a tensor whose inputs are already simple; rules may build new tensors, which are simplified in turn. */
  const settle = (tensor: Tensor): Tensor => {
    const done = replacement.get(tensor);
    if (done !== undefined) return done;
    const inputs = tensor.operation.inputs.map(settle);
    const unchanged = inputs.every((input, index) => input === tensor.operation.inputs[index]);
    let current = unchanged ? tensor : tensor.operation.rebuild(inputs);
    current.scope ??= tensor.scope;
    const better = improve(current);
    if (better !== undefined) {
      for (const part of inTopologicalOrder([better], (part) => replacement.has(part))) part.scope ??= tensor.scope;
      current = settle(better);
    } else current = canonical(current);
    replacement.set(tensor, current);
    replacement.set(current, current);
    return current;
  };
  // Topological order first, so that the recursion above never runs deep.
  for (const tensor of inTopologicalOrder(tensors)) settle(tensor);
  return tensors.map(settle);
}

function sameNumbers(a: ConstantData, b: ConstantData): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}

/** JSON has neither infinities nor NaN nor -0, which tell operations apart. */
function exactNumbers(_: string, value: unknown): unknown {
  return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
    ? { number: `${1 / value} ${value}` }
    : value;
}

function improve(tensor: Tensor): Tensor | undefined {
  const { inputs, operator } = tensor.operation;
  if (inputs.length === 0) return undefined;
  return fold(tensor) ?? rules[operator]?.(tensor, inputs);
}

function fold(tensor: Tensor): Tensor | undefined {
  const { inputs, operator } = tensor.operation;
  const isStatic = tensor.shape.every((dim) => typeof dim === 'number');
  if (operator === 'broadcast' || !isStatic || elementCount(tensor.shape) > foldingLimit) return undefined;
  if (!inputs.every((input) => constantData(input) !== undefined)) return undefined;
  const [value] = evaluate([tensor]);
  if (value === undefined) return undefined;
  const data = tensor.dtype === 'float32' ? Float32Array.from(value.data) : value.data;
  if (tensor.dtype === 'int64' && !data.every(Number.isSafeInteger)) return undefined;
  return constant(data, value.shape, tensor.dtype);
}
