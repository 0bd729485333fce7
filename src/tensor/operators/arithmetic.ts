// Arithmetic, element by element: sums, products, powers, extremes, roots and rounding.
import type { Tensor } from '../tensor.js';
import { equal, greater, where } from './comparison.js';
import { defineBinary, defineUnary } from './define-elementwise.js';
import { log } from './exponential.js';
import { toTensor } from './source.js';

/** a + b, broadcast. @example add(matmul(x, w), bias) */
export const add = defineBinary('add', { value: (a, b) => a + b, gradient: (_a, _b, _y, dy) => [dy, dy], onnx: 'Add' });

/** a - b, broadcast. */
export const subtract = defineBinary('subtract', {
  value: (a, b) => a - b,
  gradient: (_a, _b, _y, dy) => [dy, negative(dy)],
  onnx: 'Sub',
});

/** a * b, broadcast. */
export const multiply = defineBinary('multiply', {
  value: (a, b) => a * b,
  gradient: (a, b, _, dy) => [multiply(dy, b), multiply(dy, a)],
  onnx: 'Mul',
});

/** a / b, broadcast; of int64 the whole part, truncated towards zero. */
export const divide = defineBinary('divide', {
  value: (a, b) => a / b,
  gradient: (_, b, y, dy) => [divide(dy, b), negative(multiply(dy, divide(y, b)))],
  onnx: 'Div',
});

/** a to the power b, broadcast: d/da = b a^(b-1), d/db = a^b log a, taken as 0 where a <= 0. */
export const power = defineBinary('power', {
  value: (a, b) => a ** b,
  gradient: (a, b, y, dy) => {
    // Where b = 0 the exponent b - 1 would make 0 * infinity of a = 0; any other exponent gives the right 0.
    const exponent = where(equal(b, 0), 1, subtract(b, 1));
    const isPositive = greater(a, 0);
    return [
      multiply(dy, multiply(b, power(a, exponent))),
      multiply(dy, where(isPositive, multiply(y, log(where(isPositive, a, 1))), 0)),
    ];
  },
  onnx: 'Pow',
});

/** The larger of a and b, broadcast; equal values share the gradient. */
export const maximum = defineBinary('maximum', {
  value: Math.max,
  gradient: (a, b, _, dy) => [multiply(dy, portion(a, b)), multiply(dy, portion(b, a))],
  onnx: 'Max',
});

/** The smaller of a and b, broadcast; equal values share the gradient. */
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
  family: 'number',
});

/** x^2 */
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
export const abs = defineUnary('abs', {
  value: Math.abs,
  gradient: (x, _, dy) => multiply(dy, sign(x)),
  onnx: 'Abs',
  family: 'number',
});

/** -1, 0 or 1; no gradient. */
export const sign = defineUnary('sign', { value: Math.sign, onnx: 'Sign', family: 'number' });

/** The square root of x; the gradient 1 / (2 sqrt x) is infinite at 0. */
export const sqrt = defineUnary('sqrt', {
  value: Math.sqrt,
  gradient: (_, y, dy) => divide(multiply(dy, 0.5), y),
  onnx: 'Sqrt',
});

/** The largest whole number not above x; no gradient. */
export const floor = defineUnary('floor', { value: Math.floor, onnx: 'Floor' });

/** The smallest whole number not below x; no gradient. */
export const ceil = defineUnary('ceil', { value: Math.ceil, onnx: 'Ceil' });

/** The nearest whole number, halves to the even one (IEEE 754); no gradient. */
export const round = defineUnary('round', { value: roundHalfToEven, onnx: 'Round' });

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
