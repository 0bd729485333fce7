// Comparisons, logic and choices, element by element. Comparisons have no gradient.
import { ShapeError } from '../../core/errors.js';
import { defineOperator } from '../operator.js';
import { broadcastShapes, elementCount } from '../shape.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { abs } from './arithmetic.js';
import { broadcastArray, broadcastTo, sumTo } from './broadcast.js';
import { checkType, defineBinary, defineUnary, type NoAttributes } from './define-elementwise.js';
import { toTensor } from './source.js';

/** a > b, broadcast, as bool. */
export const greater = defineBinary('greater', { value: (a, b) => Number(a > b), onnx: 'Greater', dtype: 'bool' });

/** a >= b, broadcast, as bool. */
export const greaterEqual = defineBinary('greaterEqual', {
  value: (a, b) => Number(a >= b),
  onnx: 'GreaterOrEqual',
  dtype: 'bool',
});

/** a < b, broadcast, as bool. */
export const less = defineBinary('less', { value: (a, b) => Number(a < b), onnx: 'Less', dtype: 'bool' });

/** a <= b, broadcast, as bool. */
export const lessEqual = defineBinary('lessEqual', {
  value: (a, b) => Number(a <= b),
  onnx: 'LessOrEqual',
  dtype: 'bool',
});

/** a = b, broadcast, as bool; NaN equals nothing. */
export const equal = defineBinary('equal', {
  value: (a, b) => Number(a === b),
  onnx: 'Equal',
  family: 'any',
  dtype: 'bool',
});

/** Both of two booleans, broadcast. */
export const and = defineBinary('and', {
  value: (a, b) => Number(a !== 0 && b !== 0),
  onnx: 'And',
  family: 'bool',
});

/** Either of two booleans, broadcast. */
export const or = defineBinary('or', {
  value: (a, b) => Number(a !== 0 || b !== 0),
  onnx: 'Or',
  family: 'bool',
});

/** The opposite of a boolean. */
export const not = defineUnary('not', { value: (x) => Number(x === 0), onnx: 'Not', family: 'bool' });

/** Whether x is neither infinite nor NaN, as bool: |x| <= the largest number of its type. */
export function isFiniteNumber(x: Tensor): Tensor {
  checkType('isFiniteNumber', 'float', x.dtype);
  return lessEqual(abs(x), x.dtype === 'float64' ? Number.MAX_VALUE : largestFloat32);
}

/** The largest finite float32, (2 - 2^-23) 2^127. */
export const largestFloat32: number = (2 - 2 ** -23) * 2 ** 127;

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
  lower: (graph, [condition, a, b], { result }) => {
    if (result.dtype !== 'bool') return graph.node('Where', [condition, a, b]);
    const yes = graph.node('And', [condition, a]);
    return graph.node('Or', [yes, graph.node('And', [graph.node('Not', [condition]), b])]);
  },
  evaluate: ([condition, a, b], _, shape) => {
    const choice = broadcastArray(condition, shape);
    const yes = broadcastArray(a, shape);
    const no = broadcastArray(b, shape);
    return choice.map((value, index) => (value !== 0 ? yes[index] : no[index]) ?? Number.NaN);
  },
  flops: ({ result }) => elementCount(result.shape),
});

/**
 * a where the condition holds, else b, all three broadcast. The gradient of what is not chosen is exactly zero times its own
 * derivative, so an infinite derivative there still gives NaN: make both branches harmless.
 *
 * @example where(greater(x, 0), log(where(greater(x, 0), x, 1)), 0)
 * @throws ShapeError where the condition is no bool or the types of a and b differ
 */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  const dtype = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : 'float32';
  return whereOperator([condition, toTensor(a, dtype), toTensor(b, dtype)], {});
}

const clipOperator = defineOperator<readonly [Tensor], { readonly low: number; readonly high: number }>({
  name: 'clip',
  infer: ([x]) => {
    checkType('clip', 'number', x.dtype);
    return { shape: x.shape, dtype: x.dtype };
  },
  gradient: ({ inputs: [x], attributes: { low, high } }, dy) => [
    where(and(greaterEqual(x, low), lessEqual(x, high)), dy, 0),
  ],
  lower: (graph, [x], { inputs, attributes: { low, high } }) =>
    graph.node('Clip', [x, graph.scalar(inputs[0].dtype, low), graph.scalar(inputs[0].dtype, high)]),
  evaluate: ([x], { low, high }) => x.data.map((value) => Math.min(Math.max(value, low), high)),
  flops: ({ result }) => elementCount(result.shape),
});

/** min(max(x, low), high); the gradient is 1 in [low, high], its ends included, and 0 outside. @throws ShapeError for low > high */
export function clip(x: Tensor, low: number, high: number): Tensor {
  if (!(low <= high)) throw new ShapeError(`clip: ${low} to ${high} is no range; the first has to be the smaller.`);
  return clipOperator([x], { low, high });
}
