// Trigonometric and hyperbolic functions and the error function, element by element. Angles are in radians. ONNX Runtime has
// some of them in float32 only; sine, cosine, exponential and tanh give others in float64.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import type { DType, Tensor } from '../tensor.js';
import { add, divide, multiply, negative, sqrt, square, subtract } from './arithmetic.js';
import { defineUnary } from './define-elementwise.js';
import { exp } from './exponential.js';

/** The sine of x. */
export const sin = defineUnary('sin', { value: Math.sin, gradient: (x, _, dy) => multiply(dy, cos(x)), onnx: 'Sin' });

/** The cosine of x. */
export const cos: (x: Tensor) => Tensor = defineUnary('cos', {
  value: Math.cos,
  gradient: (x, _, dy) => negative(multiply(dy, sin(x))),
  onnx: 'Cos',
});

/** The tangent of x. */
export const tan = defineUnary('tan', {
  value: Math.tan,
  gradient: (_, y, dy) => multiply(dy, add(square(y), 1)),
  onnx: 'Tan',
  float64: (graph, x) => graph.node('Div', [graph.node('Sin', [x]), graph.node('Cos', [x])]),
});

/** The angle in [-pi/2, pi/2] whose sine is x, for |x| <= 1. Compiled in float32 only. */
export const asin = defineUnary('asin', {
  value: Math.asin,
  gradient: (x, _, dy) => divide(dy, sqrt(subtract(1, square(x)))),
  onnx: 'Asin',
  float64: 'unsupported',
});

/** The angle in [0, pi] whose cosine is x, for |x| <= 1. Compiled in float32 only. */
export const acos = defineUnary('acos', {
  value: Math.acos,
  gradient: (x, _, dy) => negative(divide(dy, sqrt(subtract(1, square(x))))),
  onnx: 'Acos',
  float64: 'unsupported',
});

/** The angle in (-pi/2, pi/2) whose tangent is x. Compiled in float32 only. */
export const atan = defineUnary('atan', {
  value: Math.atan,
  gradient: (x, _, dy) => divide(dy, add(square(x), 1)),
  onnx: 'Atan',
  float64: 'unsupported',
});

/** The hyperbolic sine (e^x - e^-x) / 2. */
export const sinh = defineUnary('sinh', {
  value: Math.sinh,
  gradient: (x, _, dy) => multiply(dy, cosh(x)),
  onnx: 'Sinh',
  // tanh(x) cosh(x) has no cancellation near 0; where tanh is 1 it is the exponential half anyway.
  float64: (graph, x, dtype) => graph.node('Mul', [graph.node('Tanh', [x]), hyperbolicCosine(graph, x, dtype)]),
});

/** The hyperbolic cosine (e^x + e^-x) / 2. */
export const cosh: (x: Tensor) => Tensor = defineUnary('cosh', {
  value: Math.cosh,
  gradient: (x, _, dy) => multiply(dy, sinh(x)),
  onnx: 'Cosh',
  float64: hyperbolicCosine,
});

function hyperbolicCosine(graph: GraphBuilder, x: string, dtype: DType): string {
  const exponential = graph.node('Exp', [x]);
  const total = graph.node('Add', [exponential, graph.node('Reciprocal', [exponential])]);
  return graph.node('Mul', [total, graph.scalar(dtype, 0.5)]);
}

/** The hyperbolic tangent (e^x - e^-x) / (e^x + e^-x). */
export const tanh = defineUnary('tanh', {
  value: Math.tanh,
  gradient: (_, y, dy) => multiply(dy, subtract(1, square(y))),
  onnx: 'Tanh',
});

/** The error function erf(x) = 2/sqrt(pi) * integral of exp(-t^2) from 0 to x. Compiled in float32 only. */
export const erf = defineUnary('erf', {
  value: erfValue,
  gradient: (x, _, dy) => multiply(dy, multiply(exp(negative(square(x))), 2 / Math.sqrt(Math.PI))),
  onnx: 'Erf',
  float64: 'unsupported',
});

/** Maclaurin's series for small x, the continued fraction of erfc for large (Abramowitz and Stegun 7.1.6 and 7.1.14). */
function erfValue(x: number): number {
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
