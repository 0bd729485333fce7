// Resizing images [N, H, W, C] to other heights and widths. Pixels are areas: the centre of pixel i of n' lies at
// (i + 1/2) n / n' - 1/2 of the source (`align_corners=False` elsewhere). No smoothing is done before shrinking.
import { ShapeError } from '../../core/errors.js';
import { defineOperator } from '../operator.js';
import { type Dim, elementCount, formatShape, multiplyDims, staticDim } from '../shape.js';
import type { DType, Tensor } from '../tensor.js';
import { checkType } from './define-elementwise.js';
import { gather } from './gather.js';
import { matmul } from './matmul.js';
import { repeat } from './rearrange.js';
import { reshape } from './reshape.js';
import { constant } from './source.js';

/** The new size: [height, width], or how many times the old one, rounded down. */
export type ResizeTarget = { readonly size: readonly [number, number] } | { readonly scale: number };

/**
 * Resizes by taking the nearest pixel.
 *
 * @param x images [N, H, W, C]
 * @returns [N, H', W', C]
 * @throws ShapeError for a size that is not whole and positive
 * @example resizeNearest(x, { scale: 2 })
 */
export function resizeNearest(x: Tensor, target: ResizeTarget): Tensor {
  const size = targetSize('resizeNearest', x, target);
  return size.reduce((image, length, direction) => {
    const axis = direction + 1;
    const from = staticDim(image.dim(axis), 'The length of an image');
    if (length === from) return image;
    if (length % from === 0) return repeat(image, axis, length / from);
    const nearest = Int32Array.from({ length }, (_, i) => Math.floor(((i + 0.5) * from) / length));
    return gather(image, constant(nearest, [length], 'int64'), axis);
  }, x);
}

/**
 * Resizes by linear interpolation between the four pixels around; outside the image its border counts.
 *
 * @param x images [N, H, W, C]
 * @returns [N, H', W', C]
 * @throws ShapeError for a size that is not whole and positive
 * @example resizeBilinear(x, { size: [14, 14] })
 */
export function resizeBilinear(x: Tensor, target: ResizeTarget): Tensor {
  const size = targetSize('resizeBilinear', x, target);
  if (x.dim(1) === size[0] && x.dim(2) === size[1]) return x;
  checkType('resizeBilinear', 'float', x.dtype);
  // The runtime's operator is three times as fast as the two matrix products, but has no float64.
  if (x.dtype === 'float32') return bilinearOperator([x], { size });
  return separable(x, interpolation(size[0], x.dim(1), false), interpolation(size[1], x.dim(2), false));
}

const bilinearOperator = defineOperator<readonly [Tensor], { readonly size: readonly [number, number] }>({
  name: 'resizeBilinear',
  infer: ([x], { size }) => ({ shape: [x.dim(0), ...size, x.dim(3)], dtype: x.dtype }),
  gradient: ({ inputs: [x], attributes: { size } }, dy) => [
    separable(dy, interpolation(size[0], x.dim(1), true), interpolation(size[1], x.dim(2), true)),
  ],
  lower: (graph, [x], { result }) => graph.node('Resize', [x, '', '', graph.shape(result.shape)], { mode: 'linear' }),
  evaluate: ([x], _, shape) => {
    const [vertical, horizontal] = [taps(shape[1] ?? 1, x.shape[1] ?? 1), taps(shape[2] ?? 1, x.shape[2] ?? 1)];
    const [, height = 1, width = 1, channels = 1] = x.shape;
    const result: number[] = [];
    for (let image = 0; image < (shape[0] ?? 0); image++)
      for (const rows of vertical)
        for (const columns of horizontal)
          for (let channel = 0; channel < channels; channel++) {
            let total = 0;
            for (const [row, share] of rows)
              for (const [column, part] of columns)
                total += share * part * (x.data[((image * height + row) * width + column) * channels + channel] ?? 0);
            result.push(total);
          }
    return Float64Array.from(result);
  },
  // Three interpolations of two multiplications and an addition each.
  flops: ({ result }) => 9 * elementCount(result.shape),
});

/** For each of `to` positions, the two source positions around it with their shares. */
function taps(to: number, from: number): readonly (readonly [position: number, share: number])[][] {
  return Array.from({ length: to }, (_, i) => {
    const centre = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const before = Math.floor(centre);
    return [
      [before, 1 - (centre - before)],
      [Math.min(before + 1, from - 1), centre - before],
    ] as const;
  });
}

/** The matrix [to, from] of an interpolation, or its transpose. */
function interpolation(to: number, from: Dim, transpose: boolean): (dtype: DType) => Tensor {
  const length = staticDim(from, 'The length of an image');
  const matrix = new Float64Array(to * length);
  for (const [row, pair] of taps(to, length).entries())
    for (const [column, share] of pair) {
      const place = transpose ? column * to + row : row * length + column;
      matrix[place] = (matrix[place] ?? 0) + share;
    }
  return (dtype) => constant(matrix, transpose ? [length, to] : [to, length], dtype);
}

/** Multiplies both directions of images by matrices. */
function separable(x: Tensor, vertical: (dtype: DType) => Tensor, horizontal: (dtype: DType) => Tensor): Tensor {
  const wide = matmul(horizontal(x.dtype), x);
  const rows = reshape(wide, [x.dim(0), x.dim(1), multiplyDims(wide.dim(2), x.dim(3))]);
  const high = matmul(vertical(x.dtype), rows);
  return reshape(high, [x.dim(0), high.dim(1), wide.dim(2), x.dim(3)]);
}

function targetSize(operation: string, x: Tensor, target: ResizeTarget): [number, number] {
  if (x.rank !== 4)
    throw new ShapeError(`${operation}: images are [N, H, W, C]; the shape is ${formatShape(x.shape)}.`);
  const size = [0, 1].map((direction) => {
    const from = staticDim(x.dim(direction + 1), 'The length of an image');
    return 'size' in target ? target.size[direction] : Math.floor(from * target.scale);
  });
  const [height = 0, width = 0] = size;
  if (![height, width].every((length) => Number.isInteger(length) && length >= 1))
    throw new ShapeError(`${operation}: the new size is ${height}x${width}; whole numbers from 1 are needed.`);
  return [height, width];
}
