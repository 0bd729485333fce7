// A layer that changes the shape of examples but no value.
import { ShapeError } from '../../core/errors.js';
import { reshape } from '../../tensor/operators/reshape.js';
import { formatShape } from '../../tensor/shape.js';
import { checkNumber } from '../check.js';
import type { Layer } from '../layer.js';

/**
 * Gives examples another shape, the order of values kept.
 *
 * @throws ConfigError for lengths that are not whole and positive; ShapeError where the sizes differ
 * @example reshapeLayer([7, 7, 128])   // [6272] -> [7, 7, 128]
 */
export function reshapeLayer(shape: readonly number[]): Layer {
  for (const length of shape) checkNumber('reshape', 'a length', length, 'positiveInteger');
  return {
    kind: 'reshape',
    outputShape: (inputShape) => {
      if (sizeOf(inputShape) !== sizeOf(shape))
        throw new ShapeError(
          `reshape: received examples of ${formatShape(inputShape)} with ${sizeOf(inputShape)} values; ` +
            `expected ${sizeOf(shape)} for ${formatShape(shape)}.`,
        );
      return shape;
    },
    parameters: () => ({}),
    apply: (x) => reshape(x, [x.dim(0), ...shape]),
  };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
