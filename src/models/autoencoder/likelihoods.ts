// p(x | z): what a decoder's numbers say about a row. All in nats, summed over the numbers of a row.
//   bernoulli             log p = sum_i x_i l_i - softplus(l_i)                              logits l
//   gaussian              log p = -1/2 sum_i (x_i - m_i)^2 / v + log(2 pi v)                 means m, one variance v
//   discretised-logistic  the mass of a logistic distribution at each of 256 levels          means and scales (Salimans et al. 2017)
import { ConfigError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { discretisedLogistic } from '../../nn/distributions/discretised-logistic.js';
import { initialisers } from '../../nn/initialisers.js';
import { type NoiseDistribution, type ParameterSpecs, weight } from '../../nn/layer.js';
import type { Tensors } from '../../nn/network.js';
import {
  absoluteSoftplus,
  add,
  broadcastTo,
  cast,
  exp,
  less,
  maximum,
  multiply,
  round,
  sigmoid,
  square,
  subtract,
  sum,
} from '../../tensor/index.js';
import { scalar } from '../../tensor/operators/source.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkBinary, type Survey } from '../survey.js';
import { checkRange } from './rows-and-codes.js';
import type { VaeConfig } from './vae-options.js';

/** A distribution of rows given the numbers that a decoder makes of codes; `parts` of [..., size] each. */
export interface Likelihood {
  /** Numbers of the decoder for every number of a row. */
  readonly parts: number;
  /** What is learnt beside the networks. */
  readonly parameters: ParameterSpecs;
  /** log p(x | z) [...] of rows x [N, size] given parts [..., N, size], or [N, size]. */
  logProb(parts: readonly Tensor[], x: Tensor, weights: Tensors): Tensor;
  /** The mean of p(x | z), as `parts`. */
  mean(parts: readonly Tensor[]): Tensor;
  /** A row from p(x | z), of noise of the same shape. */
  draw(parts: readonly Tensor[], noise: Tensor, weights: Tensors): Tensor;
  readonly noise: NoiseDistribution;
  /** @throws ConfigError for rows that it cannot be a distribution of */
  check(kind: string, data: Dataset, survey: Survey): void;
  /** Where the numbers of each part should begin, for rows like these: [size] each. */
  start(survey: Survey): readonly Float32Array[];
}

const bernoulli = ({ pixels }: VaeConfig): Likelihood => ({
  parts: 1,
  parameters: {},
  logProb: ([logits = missing()], x) => sum(subtract(multiply(logits, x), absoluteSoftplus(logits)), { axes: [-1] }),
  mean: ([logits = missing()]) => sigmoid(logits),
  draw: ([logits = missing()], noise) => cast(less(noise, sigmoid(logits)), logits.dtype),
  noise: 'uniform',
  check: (kind, data, survey) => {
    if (pixels === 'binary')
      checkBinary(kind, data.name, survey, "say what grey means, by pixels: 'probabilities' or 'drawn'");
    else checkRange(kind, data, survey, 'they are taken as probabilities of ones');
  },
  // A pixel that is always black may yet be white once in a thousand times.
  start: ({ means }) => [
    Float32Array.from(means, (mean) => {
      const kept = Math.min(0.999, Math.max(0.001, mean));
      return Math.log(kept / (1 - kept));
    }),
  ],
});

/** The name of the learnt log variance, and its least value: a decoder that copied its rows would make it minus infinity. */
const logVarianceName = 'likelihood/logVariance';
const leastLogVariance = Math.log(1e-6);

function gaussian({ variance }: VaeConfig): Likelihood {
  const logVariance = (weights: Tensors): Tensor =>
    variance === 'learnt'
      ? maximum(weights[logVarianceName] ?? missing(), leastLogVariance)
      : scalar(Math.log(variance));
  return {
    parts: 1,
    parameters: variance === 'learnt' ? { [logVarianceName]: weight([], initialisers.zeros()) } : {},
    logProb: ([means = missing()], x, weights) => {
      const size = Number(x.dim(-1));
      const spread = logVariance(weights);
      const distance = multiply(sum(square(subtract(means, x)), { axes: [-1] }), exp(multiply(spread, -1)));
      return multiply(add(distance, multiply(add(spread, Math.log(2 * Math.PI)), size)), -0.5);
    },
    mean: ([means = missing()]) => means,
    draw: ([means = missing()], noise, weights) =>
      add(means, multiply(noise, exp(multiply(logVariance(weights), 0.5)))),
    noise: 'normal',
    check: () => {},
    start: ({ means }) => [Float32Array.from(means)],
  };
}

/** The least scale, a quarter of a level: narrower ones change nothing. */
const leastLogScale = -7;
/** A tenth of the range of pixels. */
const firstLogScale = Math.log(0.1);

const discretised = (): Likelihood => {
  const at = (means: Tensor, logScales: Tensor) =>
    discretisedLogistic({ mean: means, logScale: maximum(logScales, leastLogScale) });
  return {
    parts: 2,
    parameters: {},
    logProb: ([means = missing(), logScales = missing()], x) => {
      // To the nearest level, so that the masses of all rows add up to one.
      const pixels = multiply(round(multiply(x, 255)), 1 / 255);
      return sum(at(means, logScales).logProb(broadcastTo(pixels, means.shape)), { axes: [-1] });
    },
    mean: ([means = missing()]) => means,
    draw: ([means = missing(), logScales = missing()], noise) => at(means, logScales).sample(noise),
    noise: 'uniform',
    check: (kind, data, survey) => checkRange(kind, data, survey, 'they are pixels'),
    start: ({ means }) => [Float32Array.from(means), new Float32Array(means.length).fill(firstLogScale)],
  };
};

const likelihoods: Readonly<Record<VaeConfig['decoder'], (config: VaeConfig) => Likelihood>> = {
  bernoulli,
  gaussian,
  'discretised-logistic': discretised,
};

/** The likelihood that options ask for. */
export function likelihoodOf(config: VaeConfig): Likelihood {
  return likelihoods[config.decoder](config);
}

function missing(): never {
  throw new ConfigError('A likelihood got fewer numbers than it needs from its decoder.');
}
