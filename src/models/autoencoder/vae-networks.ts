// The graph of a variational autoencoder: posterior, prior, likelihood and the bounds made of them.
//
//   q(z | x) = N(m, s^2), z = m + s e with e ~ N(0, 1)                    reparameterisation, Kingma and Welling 2014
//   log p(x) >= E_q log p(x | z) - KL(q || N(0, 1)),  KL = -1/2 sum_j (1 + log s_j^2 - m_j^2 - s_j^2)
//   log p(x) >= E log 1/k sum_i p(x | z_i) p(z_i) / q(z_i | x)            Burda, Grosse and Salakhutdinov 2016, equation 8
import { exampleSize } from '../../data/dataset.js';
import { gaussian, klFromStandardNormal } from '../../nn/distributions/gaussian.js';
import { initialisers } from '../../nn/initialisers.js';
import { type ParameterSpecs, statistic } from '../../nn/layer.js';
import type { Network, Tensors } from '../../nn/network.js';
import {
  add,
  broadcastTo,
  concat,
  exp,
  flatten,
  logSumExp,
  multiply,
  reshape,
  slice,
  square,
  subtract,
  sum,
} from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { decoderNetwork, featureNetwork, headNetwork } from './coder-networks.js';
import { type Likelihood, likelihoodOf } from './likelihoods.js';
import type { VaeConfig } from './vae-options.js';

/** q(z | x) of rows: [N, latentSize] each. */
export interface Posterior {
  readonly mean: Tensor;
  readonly logVariance: Tensor;
}

/** How networks are applied: in training with all that belongs to it, else as they are. */
export type Apply = (network: Network, x: Tensor) => Tensor;

/** The name of the shares of the classes, [classes]. */
export const priorsName = 'priors';

/** Networks and likelihood of a variational autoencoder for rows of some shape, conditional on `classes` classes or on none. */
export class VaeNetworks {
  readonly likelihood: Likelihood;
  readonly parameters: ParameterSpecs;
  readonly #features: Network;
  readonly #encoder: Network;
  readonly #decoder: Network;
  readonly #config: VaeConfig;
  readonly #exampleShape: readonly number[];

  /** @throws ShapeError for rows that the networks cannot take */
  constructor(config: VaeConfig, exampleShape: readonly number[], classes: number) {
    const { latentSize } = config;
    this.#config = config;
    this.#exampleShape = exampleShape;
    this.likelihood = likelihoodOf(config);
    this.#features = featureNetwork('vae', config, exampleShape);
    this.#encoder = headNetwork(config, exampleSize(this.#features.outputShape) + classes, 2 * latentSize);
    this.#decoder = decoderNetwork('vae', config, latentSize + classes, exampleShape, this.likelihood.parts);
    this.parameters = {
      ...this.#features.parameters,
      ...this.#encoder.parameters,
      ...this.#decoder.parameters,
      ...this.likelihood.parameters,
      ...(classes === 0 ? {} : { [priorsName]: statistic([classes], initialisers.constant(1 / classes)) }),
    };
  }

  /** q(z | x) for rows x [N, ...exampleShape] and, of a conditional model, classes y [N, classes]. */
  posterior(x: Tensor, y: Tensor | undefined, apply: Apply): Posterior {
    const { latentSize } = this.#config;
    const numbers = apply(this.#encoder, beside(apply(this.#features, x), y));
    return { mean: slice(numbers, 1, 0, latentSize), logVariance: slice(numbers, 1, latentSize) };
  }

  /** The decoder's parts [N, size] for codes z [N, latentSize]. */
  decode(z: Tensor, y: Tensor | undefined, apply: Apply): Tensor[] {
    const numbers = apply(this.#decoder, beside(z, y));
    const { parts } = this.likelihood;
    const axis = numbers.rank - 1;
    const length = Number(numbers.dim(axis)) / parts;
    return Array.from({ length: parts }, (_, part) =>
      flatten(parts === 1 ? numbers : slice(numbers, axis, part * length, (part + 1) * length)),
    );
  }

  /** The two terms of the evidence lower bound, with one code per row made of noise e [N, latentSize]. */
  elbo(x: Tensor, y: Tensor | undefined, noise: Tensor, weights: Tensors, apply: Apply): ElboTerms {
    const { mean, logVariance } = this.posterior(x, y, apply);
    const z = add(mean, multiply(exp(multiply(logVariance, 0.5)), noise));
    return {
      logProb: this.likelihood.logProb(this.decode(z, y, apply), flatten(x), weights),
      kl: klFromStandardNormal(gaussian({ mean, logVariance })),
    };
  }

  /** The two terms of the logarithms of importance weights, [k, N] each, with k codes per row made of noise e [k, N, latentSize]. */
  importance(x: Tensor, y: Tensor | undefined, noise: Tensor, weights: Tensors, apply: Apply): ImportanceTerms {
    const { latentSize } = this.#config;
    const { mean, logVariance } = this.posterior(x, y, apply);
    const z = add(mean, multiply(exp(multiply(logVariance, 0.5)), noise));
    const [k = 1, count = 1] = noise.shape;
    const repeated = y === undefined ? undefined : reshape(broadcastTo(y, [k, count, y.dim(1)]), [-1, y.dim(1)]);
    const parts = this.decode(reshape(z, [-1, latentSize]), repeated, apply);
    const rows = parts.map((part) => reshape(part, [k, count, part.dim(1)]));
    return {
      logProb: this.likelihood.logProb(rows, flatten(x), weights),
      // log N(z | 0, 1) - log N(z | m, s^2) = sum_j (e_j^2 + log s_j^2 - z_j^2) / 2
      logRatio: multiply(sum(subtract(add(square(noise), logVariance), square(z)), { axes: [-1] }), 0.5),
      kl: klFromStandardNormal(gaussian({ mean, logVariance })),
    };
  }

  /** The mean of p(x | z) as rows [N, ...exampleShape]. */
  means(z: Tensor, y: Tensor | undefined, apply: Apply): Tensor {
    return this.#rows(this.likelihood.mean(this.decode(z, y, apply)));
  }

  /** Draws from p(x | z), [N, ...exampleShape], of noise [N, size]. */
  draws(z: Tensor, y: Tensor | undefined, noise: Tensor, weights: Tensors, apply: Apply): Tensor {
    return this.#rows(this.likelihood.draw(this.decode(z, y, apply), noise, weights));
  }

  #rows(flat: Tensor): Tensor {
    return reshape(flat, [flat.dim(0), ...this.#exampleShape]);
  }
}

/** log p(x | z) [N], and the divergence of each number of the code [N, latentSize]. */
export interface ElboTerms {
  readonly logProb: Tensor;
  readonly kl: Tensor;
}

/** log p(x | z) and log p(z) / q(z | x), both [k, N], and the divergence of each number of the code [N, latentSize]. */
export interface ImportanceTerms extends ElboTerms {
  readonly logRatio: Tensor;
}

/** log 1/k sum_i exp(w_i) over the first axis: [k, N] -> [N]. */
export function logMeanExp(logWeights: Tensor): Tensor {
  return subtract(logSumExp(logWeights, { axes: [0] }), Math.log(Number(logWeights.dim(0))));
}

function beside(x: Tensor, y: Tensor | undefined): Tensor {
  return y === undefined ? x : concat([x, y], 1);
}
