// The distributions that a PixelCNN may give a channel of a pixel:
//   'binary'            Bernoulli, for 0 and 1
//   'categorical'       any probabilities of the levels, by softmax (van den Oord et al. 2016a)
//   'logistic-mixture'  a mixture of discretised logistics (Salimans et al. 2017), which knows that levels have an order
import { bernoulli } from '../../../nn/distributions/bernoulli.js';
import { discretisedLogistic } from '../../../nn/distributions/discretised-logistic.js';
import { mixtureLogProb } from '../../../nn/distributions/mixture.js';
import { crossEntropyFromLogits } from '../../../nn/losses/cross-entropy.js';
import {
  add,
  cast,
  clip,
  cumulativeSum,
  floor,
  less,
  maximum,
  multiply,
  negative,
  sigmoid,
  slice,
  softmax,
  split,
  squeeze,
  subtract,
  sum,
} from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/tensor.js';

/** The distribution of one channel. */
export interface PixelOutput {
  /** Parameters per channel. */
  readonly size: number;
  /** Uniform numbers that a draw takes. */
  readonly draws: number;
  /** log p of values [..., 1] in [0, 1] under parameters [..., size]: [...], in nats. */
  logProb(parameters: Tensor, x: Tensor): Tensor;
  /** Values in [0, 1], [..., 1], from uniform numbers [..., draws]. */
  sample(parameters: Tensor, uniform: Tensor): Tensor;
}

/** Options of the outputs. */
export interface OutputOptions {
  readonly output: 'binary' | 'categorical' | 'logistic-mixture';
  /** Levels from 0 to 1, of the outputs that are not binary. */
  readonly levels: number;
  /** Logistics in a mixture. */
  readonly components: number;
}

/** The distribution that options ask for. */
export function pixelOutput({ output, levels, components }: OutputOptions): PixelOutput {
  if (output === 'binary') return binary;
  return output === 'categorical' ? categoricalLevels(levels) : logisticMixture(levels, components);
}

const binary: PixelOutput = {
  size: 1,
  draws: 1,
  logProb: (logits, x) => squeeze(bernoulli(logits).logProb(x), -1),
  sample: (logits, uniform) => cast(less(uniform, sigmoid(logits)), 'float32'),
};

function categoricalLevels(levels: number): PixelOutput {
  return {
    size: levels,
    draws: 1,
    logProb: (logits, x) =>
      negative(crossEntropyFromLogits(logits, squeeze(cast(levelOf(x, levels), 'int64'), -1), { reduction: 'none' })),
    // The level is the number of running sums of probabilities that lie below the uniform number.
    sample: (logits, uniform) => {
      const below = cumulativeSum(softmax(logits, -1), -1);
      const level = sum(cast(less(below, uniform), 'float32'), { axes: -1, keepAxes: true });
      return multiply(clip(level, 0, levels - 1), 1 / (levels - 1));
    },
  };
}

/** Scales are kept above e^-7 of the range, as Salimans et al. do. */
const smallestLogScale = -7;

function logisticMixture(levels: number, components: number): PixelOutput {
  const parts = (parameters: Tensor) => {
    const [logits = parameters, means = parameters, logScales = parameters] = split(parameters, -1, 3);
    // Around the middle of the range, with scales that begin at about a tenth of it.
    return { logits, means: add(means, 0.5), logScales: maximum(subtract(logScales, 2), smallestLogScale) };
  };
  return {
    size: 3 * components,
    draws: 2,
    logProb(parameters, x) {
      const { logits, means, logScales } = parts(parameters);
      const level = multiply(levelOf(x, levels), 1 / (levels - 1));
      const spread = add(level, multiply(means, 0));
      return mixtureLogProb(logits, discretisedLogistic({ mean: means, logScale: logScales, levels }).logProb(spread));
    },
    sample(parameters, uniform) {
      const { logits, means, logScales } = parts(parameters);
      // Kept off 1, which the rounded running sums may not reach.
      const chosen = multiply(slice(uniform, -1, 0, 1), 1 - 1e-6);
      const weights = softmax(logits, -1);
      const upTo = cumulativeSum(weights, -1);
      // The first component whose running sum passes the number: 1 at its place, 0 elsewhere.
      const passed = cast(less(chosen, upTo), 'float32');
      const before = cast(less(chosen, subtract(upTo, weights)), 'float32');
      const place = subtract(passed, before);
      const pick = (values: Tensor): Tensor => sum(multiply(values, place), { axes: -1, keepAxes: true });
      return discretisedLogistic({ mean: pick(means), logScale: pick(logScales), levels }).sample(
        slice(uniform, -1, 1, 2),
      );
    },
  };
}

/** The nearest of the levels 0 to levels - 1. */
function levelOf(x: Tensor, levels: number): Tensor {
  return floor(add(multiply(clip(x, 0, 1), levels - 1), 0.5));
}
