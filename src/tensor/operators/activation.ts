// Activations of networks, element by element.

import type { GraphBuilder } from '../onnx/graph-builder.js';
import { float, onnxType } from '../onnx/messages.js';
import { type Application, defineOperator } from '../operator.js';
import { elementCount } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { add, maximum, minimum, multiply, negative, subtract } from './arithmetic.js';
import { stopGradient } from './cast.js';
import { greater, where } from './comparison.js';
import { blockedUnary, checkType, defineUnary } from './define-elementwise.js';
import { toTensor } from './source.js';
import { erf } from './trigonometry.js';

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
  float64: (graph, x, dtype) => {
    const decay = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [x])])]);
    const rest = graph.node('Log', [graph.node('Add', [decay, graph.scalar(dtype, 1)])]);
    return graph.node('Add', [graph.node('Max', [x, graph.scalar(dtype, 0)]), rest]);
  },
});

/**
 * log(1 + e^x) where it is summed up: in float32 right to 1e-7 in absolute terms, not in relative ones, as max(x, 0) - log sigmoid(|x|).
 * Five passes of vector instructions take a quarter of the time of ONNX Runtime's Softplus, which has none.
 */
export const absoluteSoftplus = defineUnary('absoluteSoftplus', {
  value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  gradient: (x, _, dy) => multiply(dy, sigmoid(x)),
  onnx: (graph, x) => {
    const rest = graph.node('Log', [graph.node('Sigmoid', [graph.node('Abs', [x])])]);
    return graph.node('Sub', [graph.node('Relu', [x]), rest]);
  },
  float64: (graph, x, dtype) => {
    const decay = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [x])])]);
    const rest = graph.node('Log', [graph.node('Add', [decay, graph.scalar(dtype, 1)])]);
    return graph.node('Add', [graph.node('Max', [x, graph.scalar(dtype, 0)]), rest]);
  },
});

/** log(1 / (1 + e^-x)) = -softplus(-x), without overflow. */
export function logSigmoid(x: Tensor): Tensor {
  return negative(softplus(negative(x)));
}

/**
 * 1 where x > 0, else 0, as a number; no gradient. One pass in float32: a hard sigmoid so steep that no float32 lies on its slope
 * but those below 1e-37.
 */
export const step = defineUnary('step', {
  value: (x) => Number(x > 0),
  onnx: (graph, x) => graph.node('HardSigmoid', [x], { alpha: float(1e37), beta: float(0) }),
  float64: (graph, x, dtype) =>
    graph.node('Cast', [graph.node('Greater', [x, graph.scalar(dtype, 0)])], { to: onnxType[dtype] }),
});

/** max(x, 0); the gradient at 0 is 0. */
export const relu = defineUnary('relu', {
  value: (x) => Math.max(x, 0),
  gradient: (_, y, dy) => multiply(dy, step(y)),
  onnx: 'Relu',
});

type Lowered<Attributes extends object> = (
  graph: GraphBuilder,
  inputs: readonly [string],
  application: Application<readonly [Tensor], Attributes>,
) => string;

const lowerLeakyRelu: Lowered<{ readonly slope: number }> = (
  graph,
  [x],
  { inputs: [{ dtype }], attributes: { slope } },
) => {
  if (dtype === 'float32') return graph.node('LeakyRelu', [x], { alpha: float(slope) });
  const isPositive = graph.node('Greater', [x, graph.scalar(dtype, 0)]);
  return graph.node('Where', [isPositive, x, graph.node('Mul', [x, graph.scalar(dtype, slope)])]);
};

const leakyReluOperator = defineOperator<readonly [Tensor], { readonly slope: number }>({
  name: 'leakyRelu',
  infer: ([x]) => {
    checkType('leakyRelu', 'float', x.dtype);
    return { shape: x.shape, dtype: x.dtype };
  },
  // For a positive slope the result has the sign of x, so that x itself need not be kept; the slope is max(step, slope).
  gradient: ({ inputs: [x], attributes: { slope }, result }, dy) => [
    multiply(
      dy,
      slope > 0 && slope < 1
        ? stopGradient(maximum(step(result), slope))
        : where(greater(x, 0), 1, toTensor(slope, x.dtype)),
    ),
  ],
  lower: lowerLeakyRelu,
  blocked: blockedUnary(lowerLeakyRelu),
  evaluate: ([x], { slope }) => x.data.map((value) => (value > 0 ? value : slope * value)),
  flops: ({ result }) => elementCount(result.shape),
});

/** x where x > 0, else slope * x; the gradient at 0 is the slope. Default slope 0.01 (Maas et al. 2013). */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return leakyReluOperator([x], { slope });
}

const lowerElu: Lowered<{ readonly alpha: number }> = (graph, [x], { inputs: [{ dtype }], attributes: { alpha } }) => {
  if (dtype === 'float32') return graph.node('Elu', [x], { alpha: float(alpha) });
  const zero = graph.scalar(dtype, 0);
  const exponential = graph.node('Exp', [graph.node('Min', [x, zero])]);
  const below = graph.node('Mul', [
    graph.node('Sub', [exponential, graph.scalar(dtype, 1)]),
    graph.scalar(dtype, alpha),
  ]);
  return graph.node('Where', [graph.node('Greater', [x, zero]), x, below]);
};

const eluOperator = defineOperator<readonly [Tensor], { readonly alpha: number }>({
  name: 'elu',
  infer: ([x]) => {
    checkType('elu', 'float', x.dtype);
    return { shape: x.shape, dtype: x.dtype };
  },
  // alpha e^x = y + alpha where x <= 0; with x's sign from y that needs no exponential.
  gradient: ({ inputs: [x], attributes: { alpha }, result }, dy) => [
    multiply(dy, alpha === 1 ? add(minimum(result, 0), 1) : where(greater(x, 0), 1, add(result, alpha))),
  ],
  lower: lowerElu,
  blocked: blockedUnary(lowerElu),
  evaluate: ([x], { alpha }) => x.data.map((value) => (value > 0 ? value : alpha * Math.expm1(value))),
  flops: ({ result }) => elementCount(result.shape),
});

/** x where x > 0, else alpha (e^x - 1). Default alpha 1 (Clevert et al. 2016). */
export function elu(x: Tensor, alpha = 1): Tensor {
  return eluOperator([x], { alpha });
}

/** The scaled ELU, 1.0507 elu(x, 1.6733), which keeps mean 0 and variance 1 through layers (Klambauer et al. 2017). */
export function selu(x: Tensor): Tensor {
  return multiply(elu(x, 1.6732632423543772), 1.0507009873554805);
}

/**
 * x times the standard normal's distribution function, x/2 (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel 2016). Compiled in
 * float32 only.
 */
export function gelu(x: Tensor): Tensor {
  return multiply(multiply(x, 0.5), add(erf(multiply(x, Math.SQRT1_2)), 1));
}

/** x sigmoid(x), also called swish (Ramachandran et al. 2017). */
export function silu(x: Tensor): Tensor {
  return multiply(x, sigmoid(x));
}
