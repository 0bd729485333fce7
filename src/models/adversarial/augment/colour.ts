// Random colour of differentiable augmentation (Zhao et al. 2020), three changes one after the other per image, in [-1, 1]:
//
//   brightness  x + b,                      b in [-1/2, 1/2)
//   saturation  grey + s (x - grey),        s in [0, 2),      grey: the pixel's mean over channels
//   contrast    mean + k (x - mean),        k in [1/2, 3/2),  mean: that of the whole image
//
// The three are affine, so together they are   k s x + k (1 - s) grey + (1 - k) mean + b   with grey and mean of x itself.
import { add, multiply, subtract } from '../../../tensor/index.js';
import { mean } from '../../../tensor/operators/reduce.js';
import { reshape } from '../../../tensor/operators/reshape.js';
import { slice } from '../../../tensor/operators/slice.js';
import type { Tensor } from '../../../tensor/tensor.js';

/**
 * Images with brightness, saturation and contrast of their own. Of one channel, saturation changes nothing.
 *
 * @param images [N, H, W, C] in [-1, 1]; the results reach beyond
 * @param draws uniform numbers in [0, 1), [N, 3]: brightness, saturation, contrast
 * @example colour(images, input('draws', [64, 3]))
 */
export function colour(images: Tensor, draws: Tensor): Tensor {
  const [rows = 1] = images.shape;
  const draw = (column: number): Tensor => reshape(slice(draws, 1, column, column + 1), [rows, 1, 1, 1]);
  const brightness = subtract(draw(0), 0.5);
  const contrast = add(draw(2), 0.5);
  const level = add(multiply(subtract(1, contrast), mean(images, { axes: [1, 2, 3], keepAxes: true })), brightness);
  if (images.dim(3) === 1) return add(multiply(images, contrast), level);
  const saturation = multiply(draw(1), 2);
  const grey = multiply(mean(images, { axes: 3, keepAxes: true }), multiply(contrast, subtract(1, saturation)));
  return add(multiply(images, multiply(contrast, saturation)), add(grey, level));
}
