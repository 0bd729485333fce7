// Discretised logistic: a logistic distribution whose mass is gathered at the levels of a pixel, the outermost taking all mass
// beyond them (Salimans et al. 2017).
//
// With s = e^-logScale, half a step h, p = s (x + h - mean) and m = s (x - h - mean), an inner level has the probability
//   sigmoid(p) - sigmoid(m) = sigmoid(p) sigmoid(-m) (1 - e^(m - p)),  and p - m = 2 h s does not depend on x:
// the product has no cancellation, so no approximation is needed where the difference would be 0 in float32.
import {
  add,
  clip,
  divide,
  exp,
  expm1,
  floor,
  greater,
  less,
  log,
  multiply,
  negative,
  softplus,
  subtract,
  where,
} from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkNumber } from '../check.js';
import { checkTarget } from '../losses/reduction.js';
import type { Distribution } from './distribution.js';

/** The parameters of discretised logistic variables. */
export interface DiscretisedLogisticParameters {
  /** In the units of pixels, [0, 1]; may lie outside. */
  readonly mean: Tensor;
  /** The logarithm of the scale, one for each mean or one for all. */
  readonly logScale: Tensor;
  /** The number of levels, 0 to 1 in equal steps. Default 256. */
  readonly levels?: number;
}

/**
 * Independent pixels in [0, 1] with a number of levels. `mean` is that of the logistic distribution before it is discretised.
 *
 * @throws ConfigError for fewer than 2 levels, ShapeError where mean and scale differ in shape
 * @example sumPerExample(discretisedLogistic({ mean, logScale }).logProb(images))
 */
export function discretisedLogistic({ mean, logScale, levels = 256 }: DiscretisedLogisticParameters): Distribution {
  checkNumber('discretisedLogistic', 'levels - 1', levels - 1, 'positiveInteger');
  checkTarget('discretisedLogistic', mean, logScale);
  const inverseScale = exp(negative(logScale));
  const half = 0.5 / (levels - 1);
  return {
    kind: 'discretisedLogistic',
    mean,
    logProb: (x) => {
      const centre = multiply(subtract(x, mean), inverseScale);
      const reach = multiply(inverseScale, half);
      const upToHere = negative(softplus(negative(add(centre, reach))));
      const fromHereOn = negative(softplus(subtract(centre, reach)));
      const inner = add(add(upToHere, fromHereOn), log(negative(expm1(multiply(reach, -2)))));
      return where(less(x, half), upToHere, where(greater(x, 1 - half), fromHereOn, inner));
    },
    noise: { shape: mean.shape, distribution: 'uniform' },
    sample: (noise) => {
      // Kept off 0, where the logistic distribution's quantile is infinite.
      const u = clip(noise, 1e-7, 1 - 1e-7);
      const value = add(mean, divide(subtract(log(u), log(subtract(1, u))), inverseScale));
      return multiply(floor(add(multiply(clip(value, 0, 1), levels - 1), 0.5)), 1 / (levels - 1));
    },
  };
}
