// Exponentials and logarithms, element by element.
import { add, divide, multiply } from './arithmetic.js';
import { defineUnary } from './define-elementwise.js';

/** e^x */
export const exp = defineUnary('exp', { value: Math.exp, gradient: (_, y, dy) => multiply(dy, y), onnx: 'Exp' });

/** The natural logarithm of x, in nats; minus infinity at 0, NaN below. */
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
