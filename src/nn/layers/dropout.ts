// Dropout (Srivastava et al. 2014), inverted: in training values are zeroed at random and the others enlarged, so that the
// expectation stays and nothing is left to do afterwards.
import { greaterEqual, multiply, where } from '../../tensor/index.js';
import { checkNumber } from '../check.js';
import type { Layer } from '../layer.js';

/** Options of dropout. */
export interface DropoutOptions {
  /** The probability of zero. Default 0.5. */
  readonly rate?: number;
  /** Whether the last axis is kept or zeroed as a whole channel (Tompson et al. 2015). Default false. */
  readonly wholeChannels?: boolean;
}

/**
 * In training, x / (1 - rate) with probability 1 - rate, else 0, by uniform numbers that are fed; otherwise x.
 *
 * @throws ConfigError for a rate outside [0, 1)
 */
export function dropout({ rate = 0.5, wholeChannels = false }: DropoutOptions = {}): Layer {
  checkNumber('dropout', 'rate', rate, 'belowOne');
  return {
    kind: 'dropout',
    outputShape: (inputShape) => inputShape,
    parameters: () => ({}),
    apply: (x, scope) => {
      if (!scope.training || rate === 0) return x;
      const shape = wholeChannels ? x.shape.map((dim, axis) => (axis === 0 || axis === x.rank - 1 ? dim : 1)) : x.shape;
      const draws = scope.noise('dropout', shape, 'uniform');
      return multiply(x, where(greaterEqual(draws, rate), 1 / (1 - rate), 0));
    },
  };
}
