// Layer normalisation (Ba et al. 2016): each example is normalised over its last axes, whatever the batch.
import { ShapeError } from '../../core/errors.js';
import { standardize } from '../../tensor/operators/normalization.js';
import { formatShape } from '../../tensor/shape.js';
import { checkNumber } from '../check.js';
import type { Layer } from '../layer.js';
import { affine, affineParameters, type ExampleNormOptions } from './example-norm.js';

/** Options of a layer norm. */
export interface LayerNormOptions extends ExampleNormOptions {
  /** How many of the last axes are normalised together. Default 1; 3 takes whole images. */
  readonly axes?: number;
}

/**
 * y = scale (x - mean) / sqrt(variance + epsilon) + bias with mean and variance over the last axes of each example. Parameters:
 * scale, bias, of those axes' shape.
 *
 * @throws ConfigError for numbers out of range; ShapeError where examples have fewer axes
 * @example layerNorm()
 */
export function layerNorm(options: LayerNormOptions = {}): Layer {
  const { axes = 1, epsilon = 1e-5 } = options;
  checkNumber('layerNorm', 'axes', axes, 'positiveInteger');
  checkNumber('layerNorm', 'epsilon', epsilon, 'positive');
  const normalizedShape = (inputShape: readonly number[]): readonly number[] => {
    if (inputShape.length < axes)
      throw new ShapeError(
        `layerNorm: received examples of ${formatShape(inputShape)}; expected ${axes} axes or more.`,
      );
    return inputShape.slice(-axes);
  };
  return {
    kind: 'layerNorm',
    outputShape: (inputShape) => {
      normalizedShape(inputShape);
      return inputShape;
    },
    parameters: (inputShape) => affineParameters(normalizedShape(inputShape), options),
    apply: (x, scope) => {
      const last = Array.from({ length: axes }, (_, axis) => x.rank - axes + axis);
      return affine(standardize(x, last, epsilon), scope, options);
    },
  };
}
