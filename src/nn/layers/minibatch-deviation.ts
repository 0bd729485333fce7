// Minibatch standard deviation (Karras et al. 2018, section 3): a discriminator that sees how much the samples of a batch differ
// notices a generator that draws few kinds of them. For groups of examples x_1 ... x_G with features f:
//
//   s = mean_f sqrt(mean_i (x_if - mean_j x_jf)^2 + epsilon)          appended to every example of the group as one more channel
import { ShapeError } from '../../core/errors.js';
import { add, sqrt, square, subtract } from '../../tensor/index.js';
import { broadcastTo } from '../../tensor/operators/broadcast.js';
import { mean } from '../../tensor/operators/reduce.js';
import { reshape } from '../../tensor/operators/reshape.js';
import { concat } from '../../tensor/operators/slice.js';
import { formatShape, staticDim } from '../../tensor/shape.js';
import { checkNumber } from '../check.js';
import type { Layer } from '../layer.js';

/** Options of a minibatch standard deviation. */
export interface MinibatchDeviationOptions {
  /** How many neighbouring rows are compared with each other, at most the whole batch. Default 4, as in the authors' code. */
  readonly groupSize?: number;
  /** Added to the variance, so that equal examples have a gradient. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Appends the mean standard deviation of groups of examples as a channel: [..., C] -> [..., C + 1]. Rows 0 to groupSize - 1 are the
 * first group, and so on: where real and fake rows are joined to one batch, groups stay apart if both numbers are multiples of it.
 *
 * @throws ConfigError for numbers out of range; ShapeError for examples without axes, and for batches whose size is not known or no
 * multiple of the groups
 * @example sequential([minibatchDeviation(), flattenLayer(), dense({ units: 1 })])   // [4, 4, 512] -> [4, 4, 513] -> ...
 */
export function minibatchDeviation({ groupSize = 4, epsilon = 1e-8 }: MinibatchDeviationOptions = {}): Layer {
  checkNumber('minibatchDeviation', 'groupSize', groupSize, 'positiveInteger');
  checkNumber('minibatchDeviation', 'epsilon', epsilon, 'positive');
  return {
    kind: 'minibatchDeviation',
    outputShape: (inputShape) => {
      const channels = inputShape.at(-1);
      if (channels === undefined)
        throw new ShapeError(
          `minibatchDeviation: received examples of ${formatShape(inputShape)}; expected one axis or more.`,
        );
      return inputShape.with(-1, channels + 1);
    },
    parameters: () => ({}),
    apply: (x) => {
      const count = staticDim(x.dim(0), 'The batch size of a minibatch standard deviation');
      const size = Math.min(groupSize, count);
      if (count % size !== 0)
        throw new ShapeError(
          `minibatchDeviation: received ${formatShape(x.shape)}; expected a multiple of ${size} rows, the size of a group: ` +
            'the batch size has to be one.',
        );
      const groups = reshape(x, [count / size, size, -1]);
      const centred = subtract(groups, mean(groups, { axes: 1, keepAxes: true }));
      const deviations = sqrt(add(mean(square(centred), { axes: 1, keepAxes: true }), epsilon));
      const perRow = broadcastTo(mean(deviations, { axes: 2, keepAxes: true }), [count / size, size, 1]);
      const column = reshape(
        perRow,
        x.shape.map((dim, axis) => (axis === 0 ? dim : 1)),
      );
      return concat([x, broadcastTo(column, x.shape.with(-1, 1))], -1);
    },
  };
}
