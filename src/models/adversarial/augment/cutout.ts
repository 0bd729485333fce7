// Random cutout of differentiable augmentation (Zhao et al. 2020; DeVries and Taylor 2017): a square of half the image's sides is set to
// zero, grey where images are in [-1, 1]. Its centre lies anywhere on the image, so it may reach over the border.
import { cast, greaterEqual, less, multiply, subtract } from '../../../tensor/index.js';
import { range } from '../../../tensor/operators/gather.js';
import { reshape } from '../../../tensor/operators/reshape.js';
import { staticDim } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { wholeDraws } from './whole-draws.js';

/** The square's sides, as a part of the image's. */
const cutSize = 1 / 2;

/**
 * Images with a square cut out of each.
 *
 * @param images [N, H, W, C]
 * @param draws uniform numbers in [0, 1), [N, 2]: the centre's row and column
 * @example cutout(images, input('draws', [64, 2]))
 */
export function cutout(images: Tensor, draws: Tensor): Tensor {
  const [count = 1] = images.shape;
  const within = (axis: 1 | 2): Tensor => {
    const length = staticDim(images.dim(axis), 'The length of an image');
    const inside = insideOf(length, wholeDraws(draws, axis - 1, length + 1 - (Math.round(length * cutSize) % 2)));
    return reshape(inside, [count, axis === 1 ? length : 1, axis === 1 ? 1 : length, 1]);
  };
  return multiply(images, subtract(1, multiply(within(1), within(2))));
}

/** Ones on the part of an axis that is cut out around each centre [N, 1], zeros elsewhere: [N, length]. */
function insideOf(length: number, centre: Tensor): Tensor {
  const size = Math.round(length * cutSize);
  const distance = subtract(cast(range(length), 'float32'), subtract(centre, Math.floor(size / 2)));
  return multiply(cast(greaterEqual(distance, 0), 'float32'), cast(less(distance, size), 'float32'));
}
