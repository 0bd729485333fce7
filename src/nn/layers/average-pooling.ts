// Average pooling: windows side by side, each replaced by its mean, channel by channel.
import { averagePool } from '../../tensor/operators/pooling.js';
import { input } from '../../tensor/operators/source.js';
import { staticShape } from '../../tensor/shape.js';
import { checkNumber } from '../check.js';
import type { Layer } from '../layer.js';
import { imageChannels } from './conv.js';

/** Options of average pooling. */
export interface AveragePoolingOptions {
  /** Height and width of the windows, and the step from one to the next. Default 2. */
  readonly size?: number;
}

/**
 * Shrinks images by a whole factor: [H, W, C] -> [floor(H / size), floor(W / size), C]. What is left over at the end is dropped.
 *
 * @throws ConfigError for a size that is no whole number from 1; ShapeError for what is no image or smaller than a window
 * @example averagePooling()   // [32, 32, 64] -> [16, 16, 64]
 */
export function averagePooling({ size = 2 }: AveragePoolingOptions = {}): Layer {
  checkNumber('averagePooling', 'size', size, 'positiveInteger');
  return {
    kind: 'averagePooling',
    outputShape: (inputShape) => {
      imageChannels('averagePooling', inputShape);
      return staticShape(averagePool(input('x', [1, ...inputShape]), size).shape.slice(1), 'A length of an image');
    },
    parameters: () => ({}),
    apply: (x) => averagePool(x, size),
  };
}
