// Instance normalisation (Ulyanov et al. 2016): each channel of each image is normalised by itself, which takes contrast away.
import { standardize } from '../../tensor/operators/normalization.js';
import { checkNumber } from '../check.js';
import type { Layer } from '../layer.js';
import { affine, affineParameters, channelsOf, type ExampleNormOptions } from './example-norm.js';

/**
 * y = scale (x - mean) / sqrt(variance + epsilon) + bias with mean and variance over the places of each example and channel.
 * Parameters: scale, bias, both [C].
 *
 * @throws ConfigError for numbers out of range; ShapeError where examples are not [..., C]
 */
export function instanceNorm(options: ExampleNormOptions = {}): Layer {
  const { epsilon = 1e-5 } = options;
  checkNumber('instanceNorm', 'epsilon', epsilon, 'positive');
  return {
    kind: 'instanceNorm',
    outputShape: (inputShape) => {
      channelsOf('instanceNorm', inputShape);
      return inputShape;
    },
    parameters: (inputShape) => affineParameters([channelsOf('instanceNorm', inputShape)], options),
    apply: (x, scope) => {
      const places = Array.from({ length: x.rank - 2 }, (_, axis) => axis + 1);
      return affine(standardize(x, places, epsilon), scope, options);
    },
  };
}
