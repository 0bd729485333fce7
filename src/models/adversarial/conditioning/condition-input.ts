// The condition beside what a layer sees: as further numbers of a vector, or as further planes of an image.
import { ConfigError } from '../../../core/errors.js';
import type { Layer } from '../../../nn/layer.js';
import { broadcastTo } from '../../../tensor/operators/broadcast.js';
import { reshape } from '../../../tensor/operators/reshape.js';
import { concat } from '../../../tensor/operators/slice.js';

/**
 * Puts the network's condition [N, size] beside x: [..., C] -> [..., C + size], the same in all places.
 *
 * @throws ConfigError where the network is applied without a condition
 * @example conditionInput(10)   // [28, 28, 1] -> [28, 28, 11]
 */
export function conditionInput(size: number): Layer {
  return {
    kind: 'conditionInput',
    outputShape: (inputShape) => [...inputShape.slice(0, -1), (inputShape.at(-1) ?? 1) + size],
    parameters: () => ({}),
    apply: (x, { condition, path }) => {
      if (condition === undefined)
        throw new ConfigError(`${path}: received no condition; apply the network with { condition }, [N, ${size}].`);
      const places = x.shape.map((dim, axis) => (axis === 0 ? dim : axis === x.rank - 1 ? size : 1));
      return concat([x, broadcastTo(reshape(condition, places), [...x.shape.slice(0, -1), size])], -1);
    },
  };
}
