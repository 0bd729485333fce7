// A convolution, then the mean over windows side by side (the "ConvMeanPool" of Gulrajani et al. 2017), computed as one convolution with
// a stride.
import { ShapeError } from '../../core/errors.js';
import { add } from '../../tensor/index.js';
import { formatShape } from '../../tensor/shape.js';
import { checkNumber } from '../check.js';
import type { Layer } from '../layer.js';
import { type ConvOptions, conv } from './conv.js';
import { convolveThenMean } from './merged-filters.js';

/** Options of a convolution with a mean after it: padding is `same`. */
export interface ConvMeanPoolOptions
  extends Pick<ConvOptions, 'filters' | 'kernel' | 'bias' | 'weightInitialiser' | 'biasInitialiser'> {
  /** Height and width of the windows. Default 2. */
  readonly size?: number;
}

/**
 * A convolution and average pooling as one layer: [H, W, C] -> [floor(H / size), floor(W / size), filters]. Parameters: those of
 * {@link conv}.
 *
 * @throws ConfigError for numbers that are not whole and positive; ShapeError for what is no image or smaller than a window
 * @example convMeanPool({ filters: 128, kernel: 3 })   // [32, 32, 128] -> [16, 16, 128]
 */
export function convMeanPool({ size = 2, ...options }: ConvMeanPoolOptions): Layer {
  checkNumber('convMeanPool', 'size', size, 'positiveInteger');
  const filtered = conv(options);
  return {
    kind: 'convMeanPool',
    outputShape: (inputShape) => {
      const [height = 0, width = 0, filters = 1] = filtered.outputShape(inputShape);
      if (Math.min(height, width) < size)
        throw new ShapeError(
          `convMeanPool: received examples of ${formatShape(inputShape)}; images of at least ${size}x${size} are expected.`,
        );
      return [Math.floor(height / size), Math.floor(width / size), filters];
    },
    parameters: (inputShape) => filtered.parameters(inputShape),
    apply: (x, scope) => {
      const response = convolveThenMean(x, scope.parameter('weight'), size);
      return options.bias === false ? response : add(response, scope.parameter('bias'));
    },
  };
}
