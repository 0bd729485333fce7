// Element-wise operators, one table entry each: the value, the gradient and the ONNX lowering side by side. Operands of different
// shapes broadcast by NumPy's rule; plain numbers may stand for tensors.
import { ShapeError } from '../../core/errors.js';
import type { Attributes, GraphBuilder } from '../onnx/graph-builder.js';
import { float } from '../onnx/graph-builder.js';
import { defineOperator } from '../operator.js';
import { broadcastShapes, sizeOf } from '../shape.js';
import type { DType, Tensor, TensorLike } from '../tensor.js';
import { broadcastArray, broadcastTo, sumTo } from './broadcast.js';
import { toTensor } from './source.js';

type NoAttributes = Record<never, never>;

interface Unary {
  readonly value: (x: number) => number;
  /** The gradient of x given x, the result y and the gradient of y; left out where it is zero everywhere. */
  readonly gradient?: (x: Tensor, y: Tensor, dy: Tensor) => Tensor;
  /** The ONNX operator, or the nodes to emit. */
  readonly onnx: string | ((graph: GraphBuilder, x: string, dtype: DType) => string);
  readonly attributes?: Attributes;
  readonly dtype?: DType;
}

function defineUnary(name: string, { value, gradient, onnx, attributes, dtype }: Unary): (x: Tensor) => Tensor {
  const operator = defineOperator<readonly [Tensor], NoAttributes>({
    name,
    infer: ([x]) => ({ shape: x.shape, dtype: dtype ?? x.dtype }),
    gradient: ({ inputs: [x], result }, dy) => [gradient?.(x, result, dy)],
    lower: (graph, [x], { inputs }) =>
      typeof onnx === 'string' ? graph.node(onnx, [x], attributes) : onnx(graph, x, inputs[0].dtype),
    evaluate: ([x]) => x.data.map(value),
    flops: ({ result }) => Number(sizeOf(result.shape)),
  });
  return (x) => operator([x], {});
}

interface Binary {
  readonly value: (a: number, b: number) => number;
  readonly gradient?: (
    a: Tensor,
    b: Tensor,
    y: Tensor,
    dy: Tensor,
  ) => readonly [Tensor | undefined, Tensor | undefined];
  readonly onnx: string;
  readonly attributes?: Attributes;
  readonly dtype?: DType;
}

function defineBinary(name: string, { value, gradient, onnx, attributes, dtype }: Binary) {
  const operator = defineOperator<readonly [Tensor, Tensor], NoAttributes>({
    name,
    infer: ([a, b]) => {
      if (a.dtype !== b.dtype)
        throw new ShapeError(`${name}: the types ${a.dtype} and ${b.dtype} differ; cast one of them.`);
      return { shape: broadcastShapes(name, a.shape, b.shape), dtype: dtype ?? a.dtype };
    },
    gradient: ({ inputs: [a, b], result }, dy) => {
      const [da, db] = gradient?.(a, b, result, dy) ?? [];
      return [da && sumTo(broadcastTo(da, result.shape), a.shape), db && sumTo(broadcastTo(db, result.shape), b.shape)];
    },
    lower: (graph, [a, b]) => graph.node(onnx, [a, b], attributes),
    evaluate: ([a, b], _, shape) => {
      const left = broadcastArray(a, shape);
      const right = broadcastArray(b, shape);
      return left.map((x, index) => value(x, right[index] ?? Number.NaN));
    },
    flops: ({ result }) => Number(sizeOf(result.shape)),
  });
  return (a: TensorLike, b: TensorLike): Tensor => {
    const type = typeof a === 'number' ? (typeof b === 'number' ? 'float32' : b.dtype) : a.dtype;
    return operator([toTensor(a, type), toTensor(b, type)], {});
  };
}

// Arithmetic --------------------------------------------------------------------------------------------------------------------

/** a + b */
export const add = defineBinary('add', { value: (a, b) => a + b, gradient: (_a, _b, _y, dy) => [dy, dy], onnx: 'Add' });

/** a - b */
export const subtract = defineBinary('subtract', {
  value: (a, b) => a - b,
  gradient: (_a, _b, _y, dy) => [dy, negative(dy)],
  onnx: 'Sub',
});

/** a * b */
export const multiply = defineBinary('multiply', {
  value: (a, b) => a * b,
  gradient: (a, b, _, dy) => [multiply(dy, b), multiply(dy, a)],
  onnx: 'Mul',
});

/** a / b */
export const divide = defineBinary('divide', {
  value: (a, b) => a / b,
  gradient: (_, b, y, dy) => [divide(dy, b), negative(multiply(dy, divide(y, b)))],
  onnx: 'Div',
});

/** a to the power b; the gradient in b needs a > 0. */
export const power = defineBinary('power', {
  value: (a, b) => a ** b,
  gradient: (a, b, y, dy) => [
    multiply(dy, multiply(b, power(a, subtract(b, 1)))),
    multiply(dy, where(greater(a, 0), multiply(y, log(where(greater(a, 0), a, 1))), 0)),
  ],
  onnx: 'Pow',
});

/** The larger of a and b; equal values share the gradient. */
export const maximum = defineBinary('maximum', {
  value: Math.max,
  gradient: (a, b, _, dy) => [multiply(dy, portion(a, b)), multiply(dy, portion(b, a))],
  onnx: 'Max',
});

/** The smaller of a and b; equal values share the gradient. */
export const minimum = defineBinary('minimum', {
  value: Math.min,
  gradient: (a, b, _, dy) => [multiply(dy, portion(b, a)), multiply(dy, portion(a, b))],
  onnx: 'Min',
});

/** 1 where a > b, 1/2 where they are equal, else 0. */
function portion(a: Tensor, b: Tensor): Tensor {
  return where(greater(a, b), 1, where(equal(a, b), 0.5, toTensor(0, a.dtype)));
}

/** -x */
export const negative = defineUnary('negative', {
  value: (x) => -x,
  gradient: (_x, _y, dy) => negative(dy),
  onnx: 'Neg',
});

/** x * x */
export function square(x: Tensor): Tensor {
  return multiply(x, x);
}

/** 1 / x */
export const reciprocal = defineUnary('reciprocal', {
  value: (x) => 1 / x,
  gradient: (_, y, dy) => negative(multiply(dy, square(y))),
  onnx: 'Reciprocal',
});

/** |x|; the gradient at 0 is 0. */
export const abs = defineUnary('abs', { value: Math.abs, gradient: (x, _, dy) => multiply(dy, sign(x)), onnx: 'Abs' });

/** -1, 0 or 1; no gradient. */
export const sign = defineUnary('sign', { value: Math.sign, onnx: 'Sign' });

/** The largest whole number not above x; no gradient. */
export const floor = defineUnary('floor', { value: Math.floor, onnx: 'Floor' });

/** The square root. */
export const sqrt = defineUnary('sqrt', {
  value: Math.sqrt,
  gradient: (_, y, dy) => divide(multiply(dy, 0.5), y),
  onnx: 'Sqrt',
});

// Exponentials and logarithms ---------------------------------------------------------------------------------------------------

/** e^x */
export const exp = defineUnary('exp', { value: Math.exp, gradient: (_, y, dy) => multiply(dy, y), onnx: 'Exp' });

/** The natural logarithm. */
export const log = defineUnary('log', { value: Math.log, gradient: (x, _, dy) => divide(dy, x), onnx: 'Log' });

/** log(1 + x), accurate for small x: with u = 1 + x rounded, log(u) x / (u - 1) (Kahan, after Higham 2002, section 1.14). */
export const log1p = defineUnary('log1p', {
  value: Math.log1p,
  gradient: (x, _, dy) => divide(dy, add(x, 1)),
  onnx: (graph, x, dtype) => {
    const one = graph.scalar(dtype, 1);
    const u = graph.node('Add', [x, one]);
    const difference = graph.node('Sub', [u, one]);
    const isTiny = graph.node('Equal', [difference, graph.scalar(dtype, 0)]);
    const safe = graph.node('Where', [isTiny, one, difference]);
    const isInfinite = graph.node('Equal', [u, graph.scalar(dtype, Number.POSITIVE_INFINITY)]);
    const ratio = graph.node('Where', [isInfinite, one, graph.node('Div', [x, safe])]);
    return graph.node('Where', [isTiny, x, graph.node('Mul', [graph.node('Log', [u]), ratio])]);
  },
});

/** e^x - 1, accurate for small x: tanh(x/2) (e^x + 1), and e^x - 1 where that has no cancellation. */
export const expm1 = defineUnary('expm1', {
  value: Math.expm1,
  gradient: (_, y, dy) => multiply(dy, add(y, 1)),
  onnx: (graph, x, dtype) => {
    const one = graph.scalar(dtype, 1);
    const exponential = graph.node('Exp', [x]);
    const half = graph.node('Tanh', [graph.node('Mul', [x, graph.scalar(dtype, 0.5)])]);
    const small = graph.node('Mul', [half, graph.node('Add', [exponential, one])]);
    const isLarge = graph.node('Greater', [graph.node('Abs', [x]), one]);
    return graph.node('Where', [isLarge, graph.node('Sub', [exponential, one]), small]);
  },
});

// Trigonometry and the error function -------------------------------------------------------------------------------------------

/** The sine of an angle in radians. */
export const sin = defineUnary('sin', { value: Math.sin, gradient: (x, _, dy) => multiply(dy, cos(x)), onnx: 'Sin' });

/** The cosine of an angle in radians. */
export const cos: (x: Tensor) => Tensor = defineUnary('cos', {
  value: Math.cos,
  gradient: (x, _, dy) => negative(multiply(dy, sin(x))),
  onnx: 'Cos',
});

/** The tangent of an angle in radians. */
export const tan = defineUnary('tan', {
  value: Math.tan,
  gradient: (_, y, dy) => multiply(dy, add(square(y), 1)),
  onnx: 'Tan',
});

/** The angle in radians whose tangent is x. */
export const atan = defineUnary('atan', {
  value: Math.atan,
  gradient: (x, _, dy) => divide(dy, add(square(x), 1)),
  onnx: 'Atan',
});

/** The hyperbolic tangent. */
export const tanh = defineUnary('tanh', {
  value: Math.tanh,
  gradient: (_, y, dy) => multiply(dy, subtract(1, square(y))),
  onnx: 'Tanh',
});

/** The error function 2/sqrt(pi) * integral of exp(-t^2) from 0 to x. */
export const erf = defineUnary('erf', {
  value: erfValue,
  gradient: (x, _, dy) => multiply(dy, multiply(exp(negative(square(x))), 2 / Math.sqrt(Math.PI))),
  onnx: 'Erf',
});

/** Maclaurin's series for small x, the continued fraction of erfc for large (Abramowitz and Stegun 7.1.6 and 7.1.14). */
export function erfValue(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude > 6) return Math.sign(x);
  if (magnitude < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
      term *= (2 * x * x) / (2 * n + 1);
      total += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (magnitude + fraction);
  return Math.sign(x) * (1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / (magnitude + fraction));
}

// Comparisons and choices -------------------------------------------------------------------------------------------------------

/** a > b */
export const greater = defineBinary('greater', { value: (a, b) => Number(a > b), onnx: 'Greater', dtype: 'bool' });
/** a >= b */
export const greaterEqual = defineBinary('greaterEqual', {
  value: (a, b) => Number(a >= b),
  onnx: 'GreaterOrEqual',
  dtype: 'bool',
});
/** a < b */
export const less = defineBinary('less', { value: (a, b) => Number(a < b), onnx: 'Less', dtype: 'bool' });
/** a <= b */
export const lessEqual = defineBinary('lessEqual', {
  value: (a, b) => Number(a <= b),
  onnx: 'LessOrEqual',
  dtype: 'bool',
});
/** a = b */
export const equal = defineBinary('equal', { value: (a, b) => Number(a === b), onnx: 'Equal', dtype: 'bool' });
/** Both of two booleans. */
export const and = defineBinary('and', { value: (a, b) => Number(a !== 0 && b !== 0), onnx: 'And', dtype: 'bool' });
/** Either of two booleans. */
export const or = defineBinary('or', { value: (a, b) => Number(a !== 0 || b !== 0), onnx: 'Or', dtype: 'bool' });
/** The opposite of a boolean. */
export const not = defineUnary('not', { value: (x) => Number(x === 0), onnx: 'Not', dtype: 'bool' });

const whereOperator = defineOperator<readonly [Tensor, Tensor, Tensor], NoAttributes>({
  name: 'where',
  infer: ([condition, a, b]) => {
    if (condition.dtype !== 'bool' || a.dtype !== b.dtype)
      throw new ShapeError(
        `where: a bool and two equal types are needed, not ${condition.dtype}, ${a.dtype}, ${b.dtype}.`,
      );
    return { shape: broadcastShapes('where', condition.shape, a.shape, b.shape), dtype: a.dtype };
  },
  gradient: ({ inputs: [condition, a, b], result }, dy) => [
    undefined,
    sumTo(broadcastTo(where(condition, dy, 0), result.shape), a.shape),
    sumTo(broadcastTo(where(condition, 0, dy), result.shape), b.shape),
  ],
  lower: (graph, [condition, a, b]) => graph.node('Where', [condition, a, b]),
  evaluate: ([condition, a, b], _, shape) => {
    const choice = broadcastArray(condition, shape);
    const yes = broadcastArray(a, shape);
    const no = broadcastArray(b, shape);
    return choice.map((value, index) => (value !== 0 ? yes[index] : no[index]) ?? Number.NaN);
  },
});

/** a where the condition holds, else b. */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  const dtype = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : 'float32';
  return whereOperator([condition, toTensor(a, dtype), toTensor(b, dtype)], {});
}

/** x limited to [low, high]; the gradient is zero outside. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  return clipOperator([x], { low, high });
}

const clipOperator = defineOperator<readonly [Tensor], { readonly low: number; readonly high: number }>({
  name: 'clip',
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  gradient: ({ inputs: [x], attributes: { low, high } }, dy) => [
    where(and(greaterEqual(x, low), lessEqual(x, high)), dy, 0),
  ],
  lower: (graph, [x], { inputs, attributes: { low, high } }) =>
    graph.node('Clip', [x, graph.scalar(inputs[0].dtype, low), graph.scalar(inputs[0].dtype, high)]),
  evaluate: ([x], { low, high }) => x.data.map((value) => Math.min(Math.max(value, low), high)),
  flops: ({ result }) => Number(sizeOf(result.shape)),
});

// Type and gradient -------------------------------------------------------------------------------------------------------------

const onnxNumber: Readonly<Record<DType, number>> = { float32: 1, float64: 11, int64: 7, bool: 9 };

const castOperator = defineOperator<readonly [Tensor], { readonly dtype: DType }>({
  name: 'cast',
  infer: ([x], { dtype }) => ({ shape: x.shape, dtype }),
  gradient: ({ inputs: [x], attributes: { dtype } }, dy) => [
    isFloat(x.dtype) && isFloat(dtype) ? cast(dy, x.dtype) : undefined,
  ],
  lower: (graph, [x], { attributes }) => graph.node('Cast', [x], { to: onnxNumber[attributes.dtype] }),
  evaluate: ([x], { dtype }) => {
    if (dtype === 'bool') return x.data.map((value) => Number(value !== 0));
    return dtype === 'int64' ? x.data.map(Math.trunc) : x.data;
  },
});

const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

/** The same values as another type. */
export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : castOperator([x], { dtype });
}

const stopGradientOperator = defineOperator<readonly [Tensor], NoAttributes>({
  name: 'stopGradient',
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  // Removed by the simplification before lowering; a program that skips it copies.
  lower: (graph, [x]) => graph.node('Identity', [x]),
  evaluate: ([x]) => x.data,
});

/** x itself, through which no gradient flows. */
export function stopGradient(x: Tensor): Tensor {
  return stopGradientOperator([x], {});
}

// Activations -------------------------------------------------------------------------------------------------------------------

/** 1 / (1 + e^-x) */
export const sigmoid = defineUnary('sigmoid', {
  value: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  gradient: (_, y, dy) => multiply(dy, multiply(y, subtract(1, y))),
  onnx: 'Sigmoid',
});

/** log(1 + e^x), without overflow. */
export const softplus = defineUnary('softplus', {
  value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  gradient: (x, _, dy) => multiply(dy, sigmoid(x)),
  onnx: 'Softplus',
});

/**
 * 1 where x > 0, else 0, as a number; no gradient. One pass: a hard sigmoid so steep that no float32 lies on its slope but
 * those below 1e-37.
 */
export const step = defineUnary('step', {
  value: (x) => Number(x > 0),
  onnx: (graph, x, dtype) =>
    dtype === 'float32'
      ? graph.node('HardSigmoid', [x], { alpha: float(1e37), beta: float(0) })
      : graph.node('Cast', [graph.node('Greater', [x, graph.scalar(dtype, 0)])], { to: onnxNumber[dtype] }),
});

/** max(x, 0); the gradient at 0 is 0. */
export const relu = defineUnary('relu', {
  value: (x) => Math.max(x, 0),
  gradient: (_, y, dy) => multiply(dy, step(y)),
  onnx: 'Relu',
});

const leakyReluOperator = defineOperator<readonly [Tensor], { readonly slope: number }>({
  name: 'leakyRelu',
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  // For a positive slope the result has the sign of x, so that x itself need not be kept; the slope is max(step, slope).
  gradient: ({ inputs: [x], attributes: { slope }, result }, dy) => [
    multiply(
      dy,
      slope > 0 && slope < 1
        ? maximumWithConstant(step(result), slope)
        : where(greater(x, 0), 1, toTensor(slope, x.dtype)),
    ),
  ],
  lower: (graph, [x], { inputs, attributes: { slope } }) => {
    if (inputs[0].dtype === 'float32') return graph.node('LeakyRelu', [x], { alpha: float(slope) });
    const isPositive = graph.node('Greater', [x, graph.scalar(inputs[0].dtype, 0)]);
    return graph.node('Where', [isPositive, x, graph.node('Mul', [x, graph.scalar(inputs[0].dtype, slope)])]);
  },
  evaluate: ([x], { slope }) => x.data.map((value) => (value > 0 ? value : slope * value)),
  flops: ({ result }) => Number(sizeOf(result.shape)),
});

/** The maximum with a number, of something whose own gradient is zero. */
function maximumWithConstant(x: Tensor, value: number): Tensor {
  return stopGradient(maximum(x, value));
}

/** x where x > 0, else slope * x (Maas et al. 2013). */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return leakyReluOperator([x], { slope });
}

/** x where x > 0, else e^x - 1 (Clevert et al. 2016). */
export function elu(x: Tensor): Tensor {
  return where(greater(x, 0), x, expm1(minimum(x, 0)));
}

/** x times the standard normal's distribution function, x/2 (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel 2016). */
export function gelu(x: Tensor): Tensor {
  return multiply(multiply(x, 0.5), add(erf(multiply(x, Math.SQRT1_2)), 1));
}

/** x sigmoid(x), also called swish (Ramachandran et al. 2017). */
export function silu(x: Tensor): Tensor {
  return multiply(x, sigmoid(x));
}
