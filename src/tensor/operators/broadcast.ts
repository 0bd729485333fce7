// Repeating a tensor along axes of length one, and its adjoint: summing back to the smaller shape.
import { ShapeError } from '../../core/errors.js';
import { defineOperator } from '../operator.js';
import { broadcastShapes, formatShape, type Shape, sameDim, sameShape } from '../shape.js';
import type { NdArray, Tensor } from '../tensor.js';
import { sum } from './reduce.js';
import { reshape } from './reshape.js';

const broadcastOperator = defineOperator<readonly [Tensor], { readonly shape: Shape }>({
  name: 'broadcast',
  infer: ([x], { shape }) => {
    if (!sameShape(broadcastShapes('broadcastTo', x.shape, shape), shape))
      throw new ShapeError(`broadcastTo: ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}.`);
    return { shape, dtype: x.dtype };
  },
  gradient: ({ inputs: [x] }, gradient) => [sumTo(gradient, x.shape)],
  lower: (graph, [x], { attributes }) => graph.node('Expand', [x, graph.shape(attributes.shape)]),
  evaluate: ([x], _, shape) => broadcastArray(x, shape),
});

/** Repeats `x` along its axes of length one until it has `shape` (NumPy's rule). */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : broadcastOperator([x], { shape });
}

/** The adjoint of {@link broadcastTo}: sums `x` over the axes along which `shape` was repeated. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const extra = x.rank - shape.length;
  const axes = x.shape.flatMap((dim, axis) =>
    axis < extra || (sameDim(shape[axis - extra] ?? 1, 1) && !sameDim(dim, 1)) ? [axis] : [],
  );
  return reshape(sum(x, { axes, keepAxes: true }), shape);
}

/** The values of `array` repeated to `shape`. */
export function broadcastArray(array: NdArray, shape: readonly number[]): Float64Array {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const result = new Float64Array(size);
  const strides = broadcastStrides(array.shape, shape);
  forEachOffset(shape, strides, (offset, index) => {
    result[index] = array.data[offset] ?? Number.NaN;
  });
  return result;
}

/** Row-major strides of `from` seen as `to`: zero along repeated axes. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = new Array<number>(to.length).fill(0);
  let stride = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    const length = from[axis] ?? 1;
    if (length !== 1) strides[axis + to.length - from.length] = stride;
    stride *= length;
  }
  return strides;
}

/** Walks all positions of `shape` in row-major order with the offset that `strides` give each. */
export function forEachOffset(
  shape: readonly number[],
  strides: readonly number[],
  visit: (offset: number, index: number) => void,
): void {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const position = new Array<number>(shape.length).fill(0);
  let offset = 0;
  for (let index = 0; index < size; index++) {
    visit(offset, index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      const stride = strides[axis] ?? 0;
      if (next < (shape[axis] ?? 1)) {
        position[axis] = next;
        offset += stride;
        break;
      }
      offset -= stride * (next - 1);
      position[axis] = 0;
    }
  }
}
