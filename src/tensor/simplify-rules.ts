// The algebraic identities that simplification applies, by operator: each looks at one application, whose inputs are simple already,
// and returns something cheaper or nothing.
import { add, multiply, negative, reciprocal, sqrt, subtract } from './operators/arithmetic.js';
import { broadcastTo } from './operators/broadcast.js';
import { sum } from './operators/reduce.js';
import { reshape } from './operators/reshape.js';
import { concat, pad } from './operators/slice.js';
import { constant, constantData, scalarValue } from './operators/source.js';
import { transpose } from './operators/transpose.js';
import { sameDim, sameShape } from './shape.js';
import type { DType, Tensor } from './tensor.js';

/** One identity: the application and its inputs to something cheaper, or undefined. */
export type Rule = (tensor: Tensor, inputs: readonly Tensor[]) => Tensor | undefined;

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

const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

/** Whether a constant can stand in a program of the type without becoming infinite or 0. */
const isRepresentable = (value: number, dtype: DType): boolean =>
  dtype !== 'float32' || (Number.isFinite(Math.fround(value)) && (Math.fround(value) !== 0 || value === 0));

/**
 * Element-wise operators broadcast by themselves, so an explicit broadcast before one is left out; where all operands were
 * broadcast, the result is instead.
 */
const withoutBroadcast: Rule = (tensor, inputs) => {
  const slim = inputs.map((input) => {
    const [inner] = input.operation.inputs;
    return input.operation.operator === 'broadcast' && inner !== undefined ? inner : input;
  });
  return slim.every((input, index) => input === inputs[index])
    ? undefined
    : shaped(tensor.operation.rebuild(slim), tensor);
};

/**
 * The same where what was broadcast was given another shape after it, as pixels repeated by an enlargement are: the other operand is given the
 * shape of the broadcast. Only where enough numbers side by side are repeated together: ONNX Runtime goes run by run.
 */
const withoutReshapedBroadcast: Rule = (tensor, inputs) => {
  for (const [index, input] of inputs.entries()) {
    const [wide] = input.operation.operator === 'reshape' ? input.operation.inputs : [];
    const [inner] = wide?.operation.operator === 'broadcast' ? wide.operation.inputs : [];
    const other = inputs[1 - index];
    if (wide === undefined || inner === undefined || other === undefined || inputs.length !== 2) continue;
    if (![input, other].every(({ shape }) => sameShape(shape, tensor.shape))) continue;
    if (repeatedRun(inner, wide) < leastRun) continue;
    const operands = index === 0 ? [inner, reshape(other, wide.shape)] : [reshape(other, wide.shape), inner];
    return reshape(tensor.operation.rebuild(operands), tensor.shape);
  }
  return undefined;
};

/** Numbers side by side from which on a broadcast by the operator itself is no slower than one before it. */
const leastRun = 32;

/** How many numbers side by side are repeated together where `inner` is broadcast to `wide`. */
function repeatedRun(inner: Tensor, wide: Tensor): number {
  let run = 1;
  for (let axis = 1; axis <= inner.rank; axis++) {
    const length = inner.dim(-axis);
    if (typeof length !== 'number' || !sameDim(length, wide.dim(-axis))) break;
    run *= length;
  }
  return run;
}

const elementwiseRule =
  (rule: Rule): Rule =>
  (tensor, inputs) =>
    rule(tensor, inputs) ?? withoutBroadcast(tensor, inputs) ?? withoutReshapedBroadcast(tensor, inputs);

const binaryRule = (rule: (tensor: Tensor, a: Tensor, b: Tensor) => Tensor | undefined): Rule =>
  elementwiseRule((tensor, [a, b]) => (a === undefined || b === undefined ? undefined : rule(tensor, a, b)));

/** x as factor * inner where it is a product with a number. */
function scaledBy(x: Tensor): { factor: number; inner: Tensor } | undefined {
  const [a, b] = x.operation.inputs;
  if (x.operation.operator !== 'multiply' || a === undefined || b === undefined) return undefined;
  const left = scalarValue(a);
  if (left !== undefined) return { factor: left, inner: b };
  const right = scalarValue(b);
  return right === undefined ? undefined : { factor: right, inner: a };
}

function timesNumber(tensor: Tensor, value: number, x: Tensor): Tensor | undefined {
  if (value === 1) return shaped(x, tensor);
  // A symbolic length could be known from x alone.
  if (value === 0 && tensor.shape.every((dim) => typeof dim === 'number'))
    return shaped(constant([0], [], tensor.dtype), tensor);
  if (value === -1) return shaped(negative(x), tensor);
  // c1 (c2 x) = (c1 c2) x
  const scaled = scaledBy(x);
  const product = value * (scaled?.factor ?? Number.NaN);
  if (scaled === undefined || !isRepresentable(product, tensor.dtype)) return undefined;
  return shaped(multiply(scaled.inner, product), tensor);
}

/** A pad with zeros along a single axis. */
function zeroPadding(x: Tensor): { inner: Tensor; axis: number; before: number; after: number } | undefined {
  const { attributes, inputs, operator } = x.operation;
  const [inner] = inputs;
  if (operator !== 'pad' || inner === undefined) return undefined;
  if (!('before' in attributes && 'after' in attributes && 'value' in attributes)) return undefined;
  const { before, after, value } = attributes;
  if (!Array.isArray(before) || !Array.isArray(after) || value !== 0) return undefined;
  const padded = x.shape.flatMap((_, axis) => (before[axis] !== 0 || after[axis] !== 0 ? [axis] : []));
  const [axis] = padded;
  if (axis === undefined || padded.length !== 1) return undefined;
  return { inner, axis, before: Number(before[axis]), after: Number(after[axis]) };
}

/** The sum of neighbours in zeros is their concatenation: what the gradient of a split is. */
function joined(a: Tensor, b: Tensor): Tensor | undefined {
  const [first, second] = [zeroPadding(a), zeroPadding(b)];
  if (first === undefined || second === undefined || first.axis !== second.axis) return undefined;
  const { axis } = first;
  const length = Number(a.dim(axis));
  if (first.before > second.before) return joined(b, a);
  if (length - first.after !== second.before) return undefined;
  return pad(concat([first.inner, second.inner], axis), axis, first.before, second.after);
}

/** The sum of repeated values is a multiple of the sum of what was repeated. */
const sumOfBroadcast: Rule = (tensor, [x]) => {
  const [inner] = x?.operation.operator === 'broadcast' ? x.operation.inputs : [];
  const axes = 'axes' in tensor.operation.attributes ? tensor.operation.attributes.axes : undefined;
  if (x === undefined || inner === undefined || !Array.isArray(axes)) return undefined;
  const aligned = reshape(inner, [...new Array<number>(x.rank - inner.rank).fill(1), ...inner.shape]);
  const rest = axes.filter((axis) => sameDim(aligned.dim(axis), x.dim(axis)));
  const counts = axes.filter((axis) => !rest.includes(axis)).map((axis) => x.dim(axis));
  if (counts.length === 0 || counts.some((count) => typeof count !== 'number')) return undefined;
  const count = counts.reduce<number>((product, length) => product * Number(length), 1);
  return shaped(multiply(sum(aligned, { axes: rest, keepAxes: true }), count), tensor);
};

/** Two transpositions are one; one that only moves axes of length 1 is a change of shape. */
const transposition: Rule = (tensor, [x]) => {
  const order = orderOf(tensor);
  if (x === undefined || order === undefined) return undefined;
  const moved = order.filter((axis) => !sameDim(x.dim(axis), 1));
  if (moved.every((axis, index) => index === 0 || axis > (moved[index - 1] ?? 0))) return reshape(x, tensor.shape);
  const [inner] = x.operation.inputs;
  const first = orderOf(x);
  if (inner === undefined || first === undefined) return undefined;
  return transpose(
    inner,
    order.map((axis) => first[axis] ?? 0),
  );
};

function orderOf({ operation: { operator, attributes } }: Tensor): readonly number[] | undefined {
  return operator === 'transpose' && 'order' in attributes && Array.isArray(attributes.order)
    ? attributes.order
    : undefined;
}

/** The identities by operator name. */
export const rules: Readonly<Record<string, Rule>> = {
  add: binaryRule((tensor, a, b) => {
    if (uniformValue(a) === 0) return shaped(b, tensor);
    if (uniformValue(b) === 0) return shaped(a, tensor);
    if (a === b) return multiply(a, 2);
    if (b.operation.operator === 'negative') return subtract(a, b.operation.inputs[0] ?? b);
    if (a.operation.operator === 'negative') return subtract(b, a.operation.inputs[0] ?? a);
    return joined(a, b);
  }),
  subtract: binaryRule((tensor, a, b) => {
    if (uniformValue(b) === 0) return shaped(a, tensor);
    if (uniformValue(a) === 0) return shaped(negative(b), tensor);
    return b.operation.operator === 'negative' ? add(a, b.operation.inputs[0] ?? b) : undefined;
  }),
  multiply: binaryRule((tensor, a, b) => {
    const [left, right] = [uniformValue(a), uniformValue(b)];
    if (left !== undefined) return timesNumber(tensor, left, b);
    return right === undefined ? undefined : timesNumber(tensor, right, a);
  }),
  divide: binaryRule((tensor, a, b) => {
    const value = uniformValue(b);
    if (value === 1) return shaped(a, tensor);
    // Powers of two have exact reciprocals, and multiplying is faster.
    if (value === undefined || !isFloat(tensor.dtype) || !Number.isInteger(Math.log2(Math.abs(value))))
      return undefined;
    return isRepresentable(1 / value, tensor.dtype) ? shaped(multiply(a, 1 / value), tensor) : undefined;
  }),
  power: binaryRule((tensor, a, b) => {
    if (!isFloat(tensor.dtype)) return undefined;
    switch (uniformValue(b)) {
      case 1:
        return shaped(a, tensor);
      case 2:
        return shaped(multiply(a, a), tensor);
      case 0.5:
        return shaped(sqrt(a), tensor);
      case -1:
        return shaped(reciprocal(a), tensor);
      default:
        return undefined;
    }
  }),
  negative: elementwiseRule((tensor, [x]) => {
    if (x?.operation.operator === 'negative') return x.operation.inputs[0];
    const scaled = x === undefined ? undefined : scaledBy(x);
    return scaled === undefined ? undefined : shaped(multiply(scaled.inner, -scaled.factor), tensor);
  }),
  maximum: withoutBroadcast,
  minimum: withoutBroadcast,
  where: withoutBroadcast,
  greater: withoutBroadcast,
  greaterEqual: withoutBroadcast,
  less: withoutBroadcast,
  lessEqual: withoutBroadcast,
  equal: withoutBroadcast,
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
  transpose: transposition,
  sum: sumOfBroadcast,
  broadcast: (tensor, [x]) => {
    if (x === undefined) return undefined;
    if (sameShape(x.shape, tensor.shape)) return x;
    return x.operation.operator === 'broadcast' && x.operation.inputs[0] !== undefined
      ? broadcastTo(x.operation.inputs[0], tensor.shape)
      : undefined;
  },
};
