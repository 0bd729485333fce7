// Cutting images to a size around their middle: what enlarging by whole factors leaves over.
import { ShapeError } from '../../core/errors.js';
import { slice } from '../../tensor/operators/slice.js';
import { formatShape } from '../../tensor/shape.js';
import type { Layer } from '../layer.js';
import { imageChannels } from './conv.js';

/**
 * The middle of images: [H, W, C] -> [height, width, C]; where the rest is odd, one more row or column goes at the end.
 *
 * @throws ShapeError for images smaller than that
 * @example crop([29, 29])   // [32, 32, 3] -> [29, 29, 3]
 */
export function crop([height, width]: readonly [number, number]): Layer {
  return {
    kind: 'crop',
    outputShape: (inputShape) => {
      const channels = imageChannels('crop', inputShape);
      if ((inputShape[0] ?? 0) < height || (inputShape[1] ?? 0) < width)
        throw new ShapeError(
          `crop: received ${formatShape(inputShape)}; images of at least ${height}x${width} are expected.`,
        );
      return [height, width, channels];
    },
    parameters: () => ({}),
    apply: (x) => {
      const top = Math.floor((Number(x.dim(1)) - height) / 2);
      const left = Math.floor((Number(x.dim(2)) - width) / 2);
      return slice(slice(x, 1, top, top + height), 2, left, left + width);
    },
  };
}
