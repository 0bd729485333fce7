// Global sum pooling: each channel of an image becomes one number, the sum over all places. Discriminators of residual blocks end with
// it (Miyato et al. 2018); unlike the mean it grows with the number of places that answer.
import { sum } from '../../tensor/operators/reduce.js';
import type { Layer } from '../layer.js';
import { imageChannels } from './conv.js';

/**
 * The sum over the places of images: [H, W, C] -> [C].
 *
 * @throws ShapeError for what is no image
 * @example sequential([activation('relu'), globalSumPooling(), dense({ units: 1 })])   // [8, 8, 128] -> [1]
 */
export function globalSumPooling(): Layer {
  return {
    kind: 'globalSumPooling',
    outputShape: (inputShape) => [imageChannels('globalSumPooling', inputShape)],
    parameters: () => ({}),
    apply: (x) => sum(x, { axes: [1, 2] }),
  };
}
