// Nearest-neighbour up-sampling: every pixel becomes a square of equal pixels.
import { broadcastTo } from '../../tensor/operators/broadcast.js';
import { reshape } from '../../tensor/operators/reshape.js';
import { multiplyDims } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkNumber } from '../check.js';
import type { Layer } from '../layer.js';
import { imageChannels } from './conv.js';

/** Options of up-sampling. */
export interface UpsampleOptions {
  /** How many times larger images become in height and width. Default 2. */
  readonly factor?: number;
}

/**
 * Enlarges images by a whole factor, repeating pixels: [H, W, C] -> [factor H, factor W, C].
 *
 * @throws ConfigError for a factor that is no whole number from 1
 */
export function upsample({ factor = 2 }: UpsampleOptions = {}): Layer {
  checkNumber('upsample', 'factor', factor, 'positiveInteger');
  return {
    kind: 'upsample',
    outputShape: (inputShape) => upsampledShape('upsample', inputShape, factor),
    parameters: () => ({}),
    apply: (x) => upsampleNearest(x, factor),
  };
}

/** The shape of images [H, W, C] after up-sampling. */
export function upsampledShape(layer: string, inputShape: readonly number[], factor: number): number[] {
  const channels = imageChannels(layer, inputShape);
  return [(inputShape[0] ?? 1) * factor, (inputShape[1] ?? 1) * factor, channels];
}

/** [N, H, W, C] -> [N, factor H, factor W, C] */
export function upsampleNearest(x: Tensor, factor: number): Tensor {
  const [images = 1, height = 1, width = 1, channels = 1] = x.shape;
  const apart = reshape(x, [images, height, 1, width, 1, channels]);
  const repeated = broadcastTo(apart, [images, height, factor, width, factor, channels]);
  return reshape(repeated, [images, multiplyDims(height, factor), multiplyDims(width, factor), channels]);
}
