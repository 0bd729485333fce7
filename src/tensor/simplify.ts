// Makes expressions cheaper without changing what they compute: equal subexpressions merged, constants folded, algebraic
// identities applied. What no result needs is never visited, which removes dead code.
import { evaluate } from './evaluate.js';
import { add, multiply, negative, subtract } from './operators/arithmetic.js';
import { broadcastTo } from './operators/broadcast.js';
import { reshape } from './operators/reshape.js';
import { constant, constantData, inputName, scalarValue } from './operators/source.js';
import { formatShape, sameShape, sizeOf } from './shape.js';
import { inTopologicalOrder, type Tensor } from './tensor.js';

/** Constants up to this many elements are folded; larger ones would only swell the program. */
const foldingLimit = 1024;

/** Equivalent tensors that share all they can, in the same order. */
export function simplify(tensors: readonly Tensor[]): Tensor[] {
  const replacement = new Map<Tensor, Tensor>();
  const known = new Map<string, Tensor>();
  const numbers = new Map<Tensor, number>();

  const canonical = (tensor: Tensor): Tensor => {
    const key = `${tensor.operation.operator} ${tensor.dtype}${formatShape(tensor.shape)} ${attributesKey(tensor, numbers)} ${tensor.operation.inputs.map((input) => numberOf(input)).join()}`;
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

function attributesKey(tensor: Tensor, numbers: ReadonlyMap<Tensor, number>): string {
  const data = constantData(tensor);
  if (data === undefined) return JSON.stringify(tensor.operation.attributes);
  return data.length <= 64 ? `[${data.join()}]` : `constant ${numbers.size} ${data.length}`;
}

type Rule = (tensor: Tensor, inputs: readonly Tensor[]) => Tensor | undefined;

function improve(tensor: Tensor): Tensor | undefined {
  const { inputs, operator } = tensor.operation;
  if (inputs.length === 0) return undefined;
  return fold(tensor) ?? rules[operator]?.(tensor, inputs);
}

function fold(tensor: Tensor): Tensor | undefined {
  const { inputs, operator } = tensor.operation;
  const size = sizeOf(tensor.shape);
  if (operator === 'broadcast' || typeof size !== 'number' || size > foldingLimit) return undefined;
  if (!inputs.every((input) => constantData(input) !== undefined)) return undefined;
  const [value] = evaluate([tensor]);
  if (value === undefined) return undefined;
  const data =
    tensor.dtype === 'float64'
      ? value.data
      : tensor.dtype === 'float32'
        ? Float32Array.from(value.data)
        : Int32Array.from(value.data);
  return constant(data, value.shape, tensor.dtype);
}

/** The single number that a constant, broadcast or not, consists of. */
function uniformValue(tensor: Tensor): number | undefined {
  const { operator, inputs } = tensor.operation;
  const [inner] = inputs;
  if ((operator === 'broadcast' || operator === 'reshape') && inner !== undefined) return uniformValue(inner);
  const data = constantData(tensor);
  if (data === undefined || data.length === 0) return undefined;
  return data.length === 1 || (data.length <= 64 && data.every((value) => value === data[0])) ? data[0] : undefined;
}

/** A tensor of the given shape instead of the result: needed where the other operand was the larger one. */
const shaped = (x: Tensor, result: Tensor): Tensor => broadcastTo(x, result.shape);

/** Element-wise operators broadcast by themselves, so an explicit broadcast before one is left out. */
function withoutBroadcast(tensor: Tensor): Tensor | undefined {
  const { inputs } = tensor.operation;
  const slim = inputs.map((input) => {
    const [inner] = input.operation.inputs;
    return input.operation.operator === 'broadcast' && inner !== undefined ? inner : input;
  });
  if (slim.every((input, index) => input === inputs[index])) return undefined;
  const candidate = tensor.operation.rebuild(slim);
  return sameShape(candidate.shape, tensor.shape) ? candidate : undefined;
}

const elementwiseRule =
  (rule: Rule): Rule =>
  (tensor, inputs) =>
    rule(tensor, inputs) ?? withoutBroadcast(tensor);

const rules: Readonly<Record<string, Rule>> = {
  add: elementwiseRule((tensor, [a, b]) => {
    if (a === undefined || b === undefined) return undefined;
    if (uniformValue(a) === 0) return shaped(b, tensor);
    if (uniformValue(b) === 0) return shaped(a, tensor);
    if (b.operation.operator === 'negative') return subtract(a, b.operation.inputs[0] ?? b);
    return undefined;
  }),
  subtract: elementwiseRule((tensor, [a, b]) => {
    if (a === undefined || b === undefined) return undefined;
    if (uniformValue(b) === 0) return shaped(a, tensor);
    if (uniformValue(a) === 0) return shaped(negative(b), tensor);
    if (b.operation.operator === 'negative') return add(a, b.operation.inputs[0] ?? b);
    return undefined;
  }),
  multiply: elementwiseRule((tensor, [a, b]) => {
    if (a === undefined || b === undefined) return undefined;
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const value = uniformValue(one);
      if (value === 1) return shaped(other, tensor);
      if (value === 0) return shaped(constant([0], [], tensor.dtype), tensor);
      if (value === -1) return shaped(negative(other), tensor);
      // c1 (c2 x) = (c1 c2) x
      const scaled = scaledBy(other);
      if (value !== undefined && scaled !== undefined)
        return shaped(multiply(constant([value * scaled.factor], [], tensor.dtype), scaled.inner), tensor);
    }
    return undefined;
  }),
  divide: elementwiseRule((tensor, [a, b]) => {
    if (a === undefined || b === undefined) return undefined;
    const value = uniformValue(b);
    if (value === 1) return shaped(a, tensor);
    if (value !== undefined && value !== 0 && Number.isInteger(Math.log2(Math.abs(value))))
      return multiply(a, 1 / value);
    return undefined;
  }),
  negative: (_, [x]) => {
    if (x?.operation.operator === 'negative') return x.operation.inputs[0];
    const scaled = x === undefined ? undefined : scaledBy(x);
    return x === undefined || scaled === undefined
      ? undefined
      : broadcastTo(multiply(constant([-scaled.factor], [], x.dtype), scaled.inner), x.shape);
  },
  where: elementwiseRule(() => undefined),
  maximum: elementwiseRule(() => undefined),
  minimum: elementwiseRule(() => undefined),
  stopGradient: (_, [x]) => x,
  customGradient: (_, [value]) => value,
  cast: (tensor, [x]) => (x?.dtype === tensor.dtype ? x : undefined),
  reshape: (tensor, [x]) => {
    if (x === undefined) return undefined;
    if (sameShape(x.shape, tensor.shape)) return x;
    if (x.operation.operator === 'reshape' && x.operation.inputs[0] !== undefined)
      return reshape(x.operation.inputs[0], tensor.shape);
    return undefined;
  },
  transpose: (tensor, [x]) => {
    if (x?.operation.operator !== 'transpose') return undefined;
    const [inner] = x.operation.inputs;
    if (inner === undefined || !('order' in x.operation.attributes) || !('order' in tensor.operation.attributes))
      return undefined;
    const [first, second] = [x.operation.attributes.order, tensor.operation.attributes.order];
    if (!Array.isArray(first) || !Array.isArray(second)) return undefined;
    return second.every((axis, index) => first[axis] === index) ? inner : undefined;
  },
  broadcast: (tensor, [x]) => {
    if (x === undefined) return undefined;
    if (sameShape(x.shape, tensor.shape)) return x;
    return x.operation.operator === 'broadcast' && x.operation.inputs[0] !== undefined
      ? broadcastTo(x.operation.inputs[0], tensor.shape)
      : undefined;
  },
};

/** x as factor * inner where it is a product with a constant. */
function scaledBy(x: Tensor): { factor: number; inner: Tensor } | undefined {
  const [a, b] = x.operation.inputs;
  if (x.operation.operator !== 'multiply' || a === undefined || b === undefined) return undefined;
  const left = scalarValue(a);
  if (left !== undefined && inputName(b) === undefined) return { factor: left, inner: b };
  const right = scalarValue(b);
  return right === undefined ? undefined : { factor: right, inner: a };
}
