// Softmax and its logarithm over one axis, without overflow.
import { defineOperator } from '../operator.js';
import { elementCount, normalizeAxis } from '../shape.js';
import type { NdArray, Tensor } from '../tensor.js';
import { multiply, subtract } from './arithmetic.js';
import { checkType } from './define-elementwise.js';
import { sum } from './reduce.js';

interface SoftmaxAttributes {
  readonly axis: number;
}

interface Softmax {
  readonly name: string;
  readonly onnx: string;
  /** One entry given x, the largest x of its row and the row's sum of exp(x - largest). */
  readonly value: (x: number, largest: number, total: number) => number;
  readonly gradient: (y: Tensor, dy: Tensor, axis: number, x: Tensor) => Tensor;
}

function defineSoftmax({ name, onnx, value, gradient }: Softmax) {
  return defineOperator<readonly [Tensor], SoftmaxAttributes>({
    name,
    infer: ([x]) => {
      checkType(name, 'float', x.dtype);
      return { shape: x.shape, dtype: x.dtype };
    },
    gradient: ({ inputs: [x], attributes: { axis }, result }, dy) => [gradient(result, dy, axis, x)],
    lower: (graph, [x], { attributes: { axis } }) => graph.node(onnx, [x], { axis }),
    evaluate: ([x], { axis }) => softmaxArray(x, axis, value),
    // The largest value, differences, exponentials, their sum, quotients.
    flops: ({ result }) => 5 * elementCount(result.shape),
  });
}

function softmaxArray(x: NdArray, axis: number, value: Softmax['value']): Float64Array {
  const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const length = x.shape[axis] ?? 1;
  const result = new Float64Array(x.data.length);
  for (let row = 0; row < x.data.length / length; row++) {
    const start = Math.floor(row / inner) * inner * length + (row % inner);
    const values = Array.from({ length }, (_, i) => x.data[start + i * inner] ?? Number.NaN);
    const largest = Math.max(...values);
    const total = values.reduce((sofar, entry) => sofar + Math.exp(entry - largest), 0);
    for (const [i, entry] of values.entries()) result[start + i * inner] = value(entry, largest, total);
  }
  return result;
}

const softmaxOperator = defineSoftmax({
  name: 'softmax',
  onnx: 'Softmax',
  value: (x, largest, total) => Math.exp(x - largest) / total,
  gradient: (y, dy, axis) => {
    const weighted = multiply(dy, y);
    return subtract(weighted, multiply(y, sum(weighted, { axes: axis, keepAxes: true })));
  },
});

const logSoftmaxOperator = defineSoftmax({
  name: 'logSoftmax',
  onnx: 'LogSoftmax',
  value: (x, largest, total) => x - largest - Math.log(total),
  gradient: (_, dy, axis, x) => subtract(dy, multiply(softmax(x, axis), sum(dy, { axes: axis, keepAxes: true }))),
});

/** exp(x) / sum(exp(x)) along an axis: probabilities from logits. @throws ShapeError for an axis that does not exist */
export function softmax(x: Tensor, axis = -1): Tensor {
  return softmaxOperator([x], { axis: normalizeAxis(axis, x.rank, 'softmax') });
}

/** x - log(sum(exp(x))) along an axis: log-probabilities, in nats, from logits. @throws ShapeError for an axis that does not exist */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return logSoftmaxOperator([x], { axis: normalizeAxis(axis, x.rank, 'logSoftmax') });
}
