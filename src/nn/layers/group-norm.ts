// Group normalisation (Wu and He 2018): the channels of each example are normalised in groups, whatever the batch.
import { ShapeError } from '../../core/errors.js';
import { standardize } from '../../tensor/operators/normalization.js';
import { reshape } from '../../tensor/operators/reshape.js';
import { formatShape } from '../../tensor/shape.js';
import { checkNumber } from '../check.js';
import type { Layer } from '../layer.js';
import { affine, affineParameters, channelsOf, type ExampleNormOptions } from './example-norm.js';

/** Options of a group norm. */
export interface GroupNormOptions extends ExampleNormOptions {
  /** How many groups the channels form. Default 8. */
  readonly groups?: number;
}

/**
 * y = scale (x - mean) / sqrt(variance + epsilon) + bias with mean and variance over the places and the channels of a group.
 * Parameters: scale, bias, both [C].
 *
 * @throws ConfigError for numbers out of range; ShapeError where examples are not [..., C] or C is no multiple of the groups
 */
export function groupNorm(options: GroupNormOptions = {}): Layer {
  const { groups = 8, epsilon = 1e-5 } = options;
  checkNumber('groupNorm', 'groups', groups, 'positiveInteger');
  checkNumber('groupNorm', 'epsilon', epsilon, 'positive');
  const channelsIn = (inputShape: readonly number[]): number => {
    const channels = channelsOf('groupNorm', inputShape);
    if (channels % groups !== 0)
      throw new ShapeError(
        `groupNorm: received examples of ${formatShape(inputShape)}; expected a multiple of ${groups} channels, or other groups.`,
      );
    return channels;
  };
  return {
    kind: 'groupNorm',
    outputShape: (inputShape) => {
      channelsIn(inputShape);
      return inputShape;
    },
    parameters: (inputShape) => affineParameters([channelsIn(inputShape)], options),
    apply: (x, scope) => {
      const apart = reshape(x, [...x.shape.slice(0, -1), groups, Number(x.dim(-1)) / groups]);
      const axes = [...Array.from({ length: x.rank - 2 }, (_, axis) => axis + 1), x.rank];
      return affine(reshape(standardize(apart, axes, epsilon), x.shape), scope, options);
    },
  };
}
