// Batch normalisation (Ioffe and Szegedy 2015): y = scale (x - mean) / sqrt(variance + epsilon) + bias, each channel by itself.
// Training uses the statistics of the batch and keeps running ones; otherwise the running ones are used.
import { ShapeError } from '../../core/errors.js';
import { add, divide, multiply, sqrt, subtract } from '../../tensor/index.js';
import { full } from '../../tensor/operators/gather.js';
import { batchNormalize } from '../../tensor/operators/normalization.js';
import { formatShape, sizeOf, staticDim } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkNumber } from '../check.js';
import { type Initialiser, initialisers } from '../initialisers.js';
import { type Layer, statistic, weight } from '../layer.js';

/** Options of a batch norm. */
export interface BatchNormOptions {
  /** How much a batch changes the running statistics: running' = (1 - momentum) running + momentum batch. Default 0.1. */
  readonly momentum?: number;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  /** Whether to learn a factor per channel. Default true. */
  readonly scale?: boolean;
  /** Whether to learn an offset per channel. Default true. */
  readonly bias?: boolean;
  /** Default ones; DCGAN draws from N(1, 0.02^2). */
  readonly scaleInitialiser?: Initialiser;
}

/**
 * Batch normalisation over all axes but the last: [..., C] -> [..., C]. Parameters: scale, bias; running statistics: mean,
 * variance (the unbiased one); all [C].
 *
 * @throws ConfigError for numbers out of range; ShapeError in training for batches with one value per channel
 * @example sequential([conv({ filters: 64, kernel: 4, stride: 2, bias: false }), batchNorm(), activation('relu')])
 */
export function batchNorm({
  momentum = 0.1,
  epsilon = 1e-5,
  scale = true,
  bias = true,
  scaleInitialiser = initialisers.ones(),
}: BatchNormOptions = {}): Layer {
  checkNumber('batchNorm', 'momentum', momentum, 'fraction');
  checkNumber('batchNorm', 'epsilon', epsilon, 'positive');
  const shapeOf = (inputShape: readonly number[]): number[] => {
    const channels = inputShape.at(-1);
    if (channels === undefined)
      throw new ShapeError(`batchNorm: received examples of ${formatShape(inputShape)}; expected one axis or more.`);
    return [channels];
  };
  return {
    kind: 'batchNorm',
    outputShape: (inputShape) => {
      shapeOf(inputShape);
      return inputShape;
    },
    parameters: (inputShape) => {
      const shape = shapeOf(inputShape);
      return {
        ...(scale ? { scale: weight(shape, scaleInitialiser) } : {}),
        ...(bias ? { bias: weight(shape, initialisers.zeros()) } : {}),
        mean: statistic(shape, initialisers.zeros()),
        variance: statistic(shape, initialisers.ones()),
      };
    },
    apply: (x, scope) => {
      const channels = [x.dim(-1)];
      const factor = scale ? scope.parameter('scale') : full(channels, 1);
      const offset = bias ? scope.parameter('bias') : full(channels, 0);
      const runningMean = scope.parameter('mean');
      const runningVariance = scope.parameter('variance');
      if (!scope.training) {
        const slope = divide(factor, sqrt(add(runningVariance, epsilon)));
        return add(multiply(x, slope), subtract(offset, multiply(runningMean, slope)));
      }
      const count = staticDim(
        sizeOf(x.shape.slice(0, -1)),
        'The number of values per channel of a batch norm in training',
      );
      if (count < 2)
        throw new ShapeError(
          `batchNorm: received ${formatShape(x.shape)}, one value per channel; training needs batches of 2 or more.`,
        );
      const batch = batchNormalize(x, factor, offset, epsilon);
      const average = (running: Tensor, value: Tensor, weight: number): Tensor =>
        add(multiply(running, 1 - momentum), multiply(value, weight));
      scope.update('mean', average(runningMean, batch.mean, momentum));
      scope.update('variance', average(runningVariance, batch.variance, (momentum * count) / (count - 1)));
      return batch.output;
    },
  };
}
