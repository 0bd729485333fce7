// Resize-convolution: nearest-neighbour up-sampling, then a convolution. Unlike a transposed convolution it treats all pixels
// alike, which avoids checkerboard patterns (Odena et al. 2016).
import { add } from '../../tensor/index.js';
import type { Layer } from '../layer.js';
import { type ConvOptions, conv } from './conv.js';
import { enlargeThenConvolve } from './merged-filters.js';
import { type UpsampleOptions, upsample } from './upsample.js';
import { pairOf } from './window-padding.js';

/** Options of a resize-convolution: those of up-sampling and of the convolution that follows. */
export interface ResizeConvOptions extends UpsampleOptions, ConvOptions {}

/**
 * Up-sampling and a convolution as one layer: [H, W, C] -> [factor H, factor W, filters] with padding `same` and stride 1.
 * Parameters: those of {@link conv}.
 *
 * @throws ConfigError for numbers that are not whole and positive; ShapeError where filters do not fit on images
 * @example resizeConv({ filters: 64, kernel: 3, factor: 2 })   // [7, 7, 128] -> [14, 14, 64]
 */
export function resizeConv({ factor = 2, ...options }: ResizeConvOptions): Layer {
  const larger = upsample({ factor });
  const filtered = conv(options);
  return {
    kind: 'resizeConv',
    outputShape: (inputShape) => filtered.outputShape(larger.outputShape(inputShape)),
    parameters: (inputShape) => filtered.parameters(larger.outputShape(inputShape)),
    apply: (x, scope) => {
      if (!mergesIntoOne(factor, options)) return filtered.apply(larger.apply(x, scope), scope);
      const response = enlargeThenConvolve(x, scope.parameter('weight'), factor);
      return options.bias === false ? response : add(response, scope.parameter('bias'));
    },
  };
}

/** Whether both steps are one transposed convolution, and the cheaper for it. */
function mergesIntoOne(
  factor: number,
  { kernel, stride = 1, dilation = 1, padding = 'same', groups = 1 }: ConvOptions,
) {
  const isPlain = [...pairOf(stride), ...pairOf(dilation), groups].every((value) => value === 1) && padding === 'same';
  return isPlain && factor > 1 && Math.max(...pairOf(kernel)) > 1;
}
