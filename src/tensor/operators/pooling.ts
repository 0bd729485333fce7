// Pooling of images [N, H, W, C]: the largest or the mean value of every window, channel by channel.
//
// The windows are cut out by one Gather with positions shared by the whole batch and reduced over their places: measured as fast
// as the runtime's own MaxPool, which would need two transpositions, and differentiable as it stands. Means of windows side by side need
// none: the image's axes are split.
import { ShapeError } from '../../core/errors.js';
import { formatShape, staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { multiply } from './arithmetic.js';
import { gather } from './gather.js';
import { max, mean, sum } from './reduce.js';
import { reshape } from './reshape.js';
import { pad } from './slice.js';
import { constant } from './source.js';
import { forEachWindowPixel, type WindowGeometry, type WindowOptions, windowGeometry } from './window.js';

/** The largest value of every window; padding never wins, and equal values share the gradient. See {@link averagePool}. */
export function maxPool(x: Tensor, kernel: number | readonly [number, number], options: WindowOptions = {}): Tensor {
  const geometry = poolGeometry('maxPool', x, kernel, options);
  return max(windows(x, geometry, Number.NEGATIVE_INFINITY), { axes: 3 });
}

/**
 * The mean of every window. Only pixels of the image count, not padding (PyTorch's count_include_pad=False).
 *
 * @param x images [N, H, W, C]
 * @param kernel the windows' size, [vertical, horizontal] or one number for both
 * @param options the stride is the kernel's size unless given: windows side by side
 * @returns [N, H', W', C]
 * @throws ShapeError where no window fits or one lies on padding alone
 * @example averagePool(x, 2)                       // [N, 28, 28, C] -> [N, 14, 14, C]
 */
export function averagePool(
  x: Tensor,
  kernel: number | readonly [number, number],
  options: WindowOptions = {},
): Tensor {
  const geometry = poolGeometry('averagePool', x, kernel, options);
  const { outputHeight, outputWidth, kernel: size } = geometry;
  if (areSideBySide(geometry)) {
    const apart = [x.dim(0), outputHeight, size[0], outputWidth, size[1], x.dim(3)];
    return mean(reshape(x, apart), { axes: [2, 4] });
  }
  const shares = Float64Array.from(pixelCounts(geometry), (count) => 1 / count);
  const total = sum(windows(x, geometry, 0), { axes: 3 });
  if (shares.every((share) => share === shares[0])) return multiply(total, shares[0] ?? 1);
  return multiply(total, constant(shares, [outputHeight, outputWidth, 1], x.dtype));
}

/** Whether windows cover the image, each pixel once: then its axes only have to be split. */
function areSideBySide({ kernel, stride, dilation, padding, height, width, ...output }: WindowGeometry): boolean {
  const covers = output.outputHeight * kernel[0] === height && output.outputWidth * kernel[1] === width;
  const touches = kernel[0] === stride[0] && kernel[1] === stride[1] && dilation[0] === 1 && dilation[1] === 1;
  return covers && touches && padding.every((side) => side === 0);
}

function poolGeometry(
  operation: string,
  x: Tensor,
  kernel: number | readonly [number, number],
  { stride = kernel, ...options }: WindowOptions,
): WindowGeometry {
  if (x.rank !== 4)
    throw new ShapeError(`${operation}: images are [N, H, W, C]; the shape is ${formatShape(x.shape)}.`);
  const size = [staticDim(x.dim(1), 'The height of an image'), staticDim(x.dim(2), 'The width of an image')] as const;
  const geometry = windowGeometry(operation, size, typeof kernel === 'number' ? [kernel, kernel] : kernel, {
    ...options,
    stride,
  });
  if (pixelCounts(geometry).includes(0))
    throw new ShapeError(
      `${operation}: with padding [${geometry.padding}] a window of ${geometry.kernel.join('x')} lies on padding alone; use less.`,
    );
  return geometry;
}

/** How many pixels of the image each window has. */
function pixelCounts(geometry: WindowGeometry): number[] {
  const counts = new Array<number>(geometry.outputHeight * geometry.outputWidth).fill(0);
  forEachWindowPixel(geometry, (window) => {
    counts[window] = (counts[window] ?? 0) + 1;
  });
  return counts;
}

/** All windows, [N, H', W', places, C], with `outside` at the places that lie on padding. */
function windows(x: Tensor, geometry: WindowGeometry, outside: number): Tensor {
  const { height, width, kernel, outputHeight, outputWidth } = geometry;
  const places = kernel[0] * kernel[1];
  const pixels = height * width;
  const index = new Int32Array(outputHeight * outputWidth * places).fill(pixels);
  forEachWindowPixel(geometry, (window, place, pixel) => {
    index[window * places + place] = pixel;
  });
  const flat = reshape(x, [x.dim(0), pixels, x.dim(3)]);
  const padded = index.includes(pixels) ? pad(flat, 1, 0, 1, outside) : flat;
  const taken = gather(padded, constant(index, [index.length], 'int64'), 1);
  return reshape(taken, [x.dim(0), outputHeight, outputWidth, places, x.dim(3)]);
}
