// Reordering axes.
import { ShapeError } from '../../core/errors.js';
import { defineOperator } from '../operator.js';
import { formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { broadcastStrides, forEachOffset } from './broadcast.js';

const transposeOperator = defineOperator<readonly [Tensor], { readonly order: readonly number[] }>({
  name: 'transpose',
  infer: ([x], { order }) => {
    if ([...order].sort((a, b) => a - b).some((axis, index) => axis !== index) || order.length !== x.rank)
      throw new ShapeError(`transpose: [${order}] does not name each axis of ${formatShape(x.shape)} once.`);
    return { shape: order.map((axis) => x.dim(axis)), dtype: x.dtype };
  },
  gradient: ({ attributes: { order } }, dy) => [
    transpose(
      dy,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ],
  lower: (graph, [x], { attributes: { order } }) => graph.node('Transpose', [x], { perm: order }),
  evaluate: ([x], { order }, shape) => {
    const strides = broadcastStrides(x.shape, x.shape);
    const result = new Float64Array(x.data.length);
    forEachOffset(
      shape,
      order.map((axis) => strides[axis] ?? 0),
      (offset, index) => {
        result[index] = x.data[offset] ?? Number.NaN;
      },
    );
    return result;
  },
});

/** Reorders the axes: axis i of the result is axis `order[i]` of x. Without an order the axes are reversed. */
export function transpose(x: Tensor, order: readonly number[] = x.shape.map((_, axis) => x.rank - 1 - axis)): Tensor {
  return order.length === x.rank && order.every((axis, index) => axis === index)
    ? x
    : transposeOperator([x], { order });
}
