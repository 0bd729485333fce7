// Changing the shape without changing the order of values: reshape, squeeze, expand, flatten.
import { ShapeError } from '../../core/errors.js';
import { defineOperator } from '../operator.js';
import {
  type Dim,
  divideDims,
  formatShape,
  multiplyDims,
  normalizeAxis,
  type Shape,
  sameDim,
  sameShape,
  sameSize,
  sizeOf,
} from '../shape.js';
import type { Tensor } from '../tensor.js';
import { inBlocks } from './blocked-images.js';

/** Whether images [N, H, W, C] become rows [N, H * W * C], or rows images: in blocks both are in the same order. */
function keepsImages(from: Shape, to: Shape): boolean {
  const ranks = [from.length, to.length].sort((a, b) => a - b);
  return ranks[0] === 2 && ranks[1] === 4 && sameDim(from[0] ?? 1, to[0] ?? 1);
}

const reshapeOperator = defineOperator<readonly [Tensor], { readonly shape: Shape }>({
  name: 'reshape',
  infer: ([x], { shape }) => {
    if (!sameSize(x.shape, shape))
      throw new ShapeError(
        `reshape: ${formatShape(x.shape)} has ${formatSize(x.shape)} elements, ${formatShape(shape)} has ${formatSize(shape)}.`,
      );
    return { shape, dtype: x.dtype };
  },
  gradient: ({ inputs: [x] }, gradient) => [reshape(gradient, x.shape)],
  lower: (graph, [x], { attributes }) => graph.node('Reshape', [x, graph.reshapeTarget(attributes.shape)]),
  blocked: {
    layouts: (_, { inputs: [x], result }) => {
      const layout = keepsImages(x.shape, result.shape) ? 'joined' : 'ordered';
      return { inputs: [layout], result: layout };
    },
    lower: (graph, [x], { inputs: [{ shape }], result }, image) => {
      if (image === undefined || !keepsImages(shape, result.shape)) return undefined;
      // In blocks images and their rows are known by the same shape.
      return { blocked: inBlocks(graph, x, image) };
    },
  },
  evaluate: ([x]) => x.data,
});

/** The same values in another shape; one length may be -1 and is inferred. @throws ShapeError where the sizes differ. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const target = inferLength(x, shape);
  return sameShape(x.shape, target) ? x : reshapeOperator([x], { shape: target });
}

function formatSize(shape: Shape): string {
  const symbolic = shape.filter((dim) => typeof dim !== 'number');
  return symbolic.length > 1 ? shape.join('*') : String(sizeOf(shape));
}

function inferLength(x: Tensor, shape: Shape): Shape {
  const unknown = shape.indexOf(-1);
  if (unknown < 0) return shape;
  const rest = shape.filter((_, axis) => axis !== unknown).reduce<Dim>(multiplyDims, 1);
  const length = divideDims(sizeOf(x.shape), rest);
  if (length === undefined || shape.lastIndexOf(-1) !== unknown)
    throw new ShapeError(
      `reshape: ${formatShape(x.shape)} cannot become ${formatShape(shape)}: one -1 at most, and whole lengths.`,
    );
  return shape.with(unknown, length);
}

/** Merges all axes from `start` on into one. */
export function flatten(x: Tensor, start = 1): Tensor {
  return reshape(x, [...x.shape.slice(0, start), sizeOf(x.shape.slice(start))]);
}

/** Adds an axis of length one at position `axis`. */
export function expandAxis(x: Tensor, axis: number): Tensor {
  const position = normalizeAxis(axis, x.rank + 1, 'expandAxis');
  return reshape(x, x.shape.toSpliced(position, 0, 1));
}

/** Removes an axis of length one. */
export function squeeze(x: Tensor, axis: number): Tensor {
  const position = normalizeAxis(axis, x.rank, 'squeeze');
  if (!sameDim(x.dim(position), 1))
    throw new ShapeError(`squeeze: axis ${axis} of ${formatShape(x.shape)} has length ${x.dim(position)}, not 1.`);
  return reshape(x, x.shape.toSpliced(position, 1));
}
