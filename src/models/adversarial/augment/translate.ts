// Random translation of differentiable augmentation (Zhao et al. 2020): every image is moved by whole pixels, at most an eighth of its
// sides; zeros come in from outside.
//
// Images are padded once, then one Gather takes every pixel from its place plus the image's own offset. What moves pixels has the
// movement back as its adjoint, which is another Gather instead of an addition at positions.
import { add, cast, multiply, negative, subtract } from '../../../tensor/index.js';
import { customGradient } from '../../../tensor/operators/custom-gradient.js';
import { gather } from '../../../tensor/operators/gather.js';
import { reshape } from '../../../tensor/operators/reshape.js';
import { padAxes } from '../../../tensor/operators/slice.js';
import { constant } from '../../../tensor/operators/source.js';
import { staticShape } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { wholeDraws } from './whole-draws.js';

/** The largest movement, as a part of the sides. */
const largestShift = 1 / 8;

/**
 * Images moved by numbers of pixels of their own.
 *
 * @param images [N, H, W, C], N known
 * @param draws uniform numbers in [0, 1), [N, 2]: down, right
 * @throws ShapeError where the number of images is not known
 * @example translate(images, input('draws', [64, 2]))
 */
export function translate(images: Tensor, draws: Tensor): Tensor {
  const [, height = 1, width = 1] = staticShape(images.shape, 'The number of images to translate');
  const reach = [Math.round(height * largestShift), Math.round(width * largestShift)] as const;
  const shift = (column: 0 | 1): Tensor => subtract(wholeDraws(draws, column, 2 * reach[column] + 1), reach[column]);
  return moved(images, shift(0), shift(1), reach);
}

/** Images moved down and right by whole numbers [N, 1], at most `reach`. */
function moved(images: Tensor, down: Tensor, right: Tensor, reach: readonly [number, number]): Tensor {
  return customGradient(taken(images, down, right, reach), [images, down, right], ([, down, right], gradient) =>
    down === undefined || right === undefined ? [] : [moved(gradient, negative(down), negative(right), reach)],
  );
}

function taken(images: Tensor, down: Tensor, right: Tensor, [vertical, horizontal]: readonly [number, number]): Tensor {
  const [count = 1, height = 1, width = 1, channels = 1] = staticShape(images.shape, 'The number of images');
  const padded = padAxes(images, [
    [0, 0],
    [vertical, vertical],
    [horizontal, horizontal],
    [0, 0],
  ]);
  const [paddedHeight, paddedWidth] = [height + 2 * vertical, width + 2 * horizontal];
  // The place of every pixel within its padded image, and where each padded image starts, less its offset.
  const places = Int32Array.from(
    { length: height * width },
    (_, pixel) => (Math.floor(pixel / width) + vertical) * paddedWidth + (pixel % width) + horizontal,
  );
  const starts = Int32Array.from({ length: count }, (_, image) => image * paddedHeight * paddedWidth);
  const offsets = cast(add(multiply(down, paddedWidth), right), 'int64');
  const index = add(
    constant(places, [1, places.length], 'int64'),
    subtract(constant(starts, [count, 1], 'int64'), offsets),
  );
  const pixels = reshape(padded, [count * paddedHeight * paddedWidth, channels]);
  return reshape(gather(pixels, index), images.shape);
}
