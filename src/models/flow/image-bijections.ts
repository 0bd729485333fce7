// Bijections of images: pixels of levels to real numbers, space to channels, and scales.
import { sumPerExample } from '../../nn/distributions/distribution.js';
import {
  add,
  concat,
  depthToSpace,
  flatten,
  log,
  multiply,
  negative,
  reshape,
  sigmoid,
  slice,
  softplus,
  spaceToDepth,
  subtract,
  sum,
  type Tensor,
} from '../../tensor/index.js';
import type { Bijection } from './bijection.js';

/**
 * The logit of numbers in [0, 1], squeezed first so that both ends stay finite (Dinh et al. 2017):  z = logit(m + (1 - 2 m) x).
 *
 *   log dz/dx = log(1 - 2 m) + softplus(z) + softplus(-z)
 */
export function logitBijection(margin: number): Bijection {
  return {
    parameters: {},
    forward(x) {
      const p = add(multiply(x, 1 - 2 * margin), margin);
      const value = subtract(log(p), log(subtract(1, p)));
      const slope = add(add(softplus(value), softplus(negative(value))), Math.log(1 - 2 * margin));
      return { value, logDeterminant: sumPerExample(slope) };
    },
    inverse: (z) => multiply(subtract(sigmoid(z), margin), 1 / (1 - 2 * margin)),
  };
}

/** Blocks of 2 x 2 pixels become channels: [N, H, W, C] -> [N, H/2, W/2, 4 C]. */
export const squeezeBijection: Bijection = {
  parameters: {},
  forward: (x) => ({ value: spaceToDepth(x, 2), logDeterminant: none(x) }),
  inverse: (z) => depthToSpace(z, 2),
};

/** Rows become vectors. */
export function flattenBijection(shape: readonly number[]): Bijection {
  return {
    parameters: {},
    forward: (x) => ({ value: flatten(x), logDeterminant: none(x) }),
    inverse: (z) => reshape(z, [z.dim(0), ...shape]),
  };
}

/**
 * Half of the channels are done, the others go on: rows [N, H, W, C] -> vectors [N, H W C], those that are done first.
 *
 * @param rest what happens to [N, H, W, C - done], giving vectors
 */
export function factorOut(shape: readonly [number, number, number], done: number, rest: Bijection): Bijection {
  const [height, width, channels] = shape;
  const size = height * width * done;
  return {
    parameters: rest.parameters,
    forward(x, weights) {
      const later = rest.forward(slice(x, -1, done, channels), weights);
      return {
        value: concat([flatten(slice(x, -1, 0, done)), later.value], 1),
        logDeterminant: later.logDeterminant,
      };
    },
    inverse(z, weights) {
      const first = reshape(slice(z, 1, 0, size), [z.dim(0), height, width, done]);
      return concat([first, rest.inverse(slice(z, 1, size), weights)], -1);
    },
  };
}

/** The log-determinant of what only moves numbers. */
function none(x: Tensor): Tensor {
  return multiply(sum(slice(flatten(x), 1, 0, 1), { axes: 1 }), 0);
}
