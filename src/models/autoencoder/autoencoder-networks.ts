// The graph of an autoencoder, and what it minimises: the sum over a row's numbers, averaged over rows.
//
//   squared error   sum_i (x_i - r_i)^2                                       r = decoder(encoder(corrupted x))
//   cross-entropy   -sum_i x_i log r_i + (1 - x_i) log(1 - r_i)
//   sparsity        l1: weight sum_j |z_j|;  kl: weight sum_j KL(Bernoulli(target) || Bernoulli(mean z_j))       Ng 2011
import { exampleSize, isImageShape } from '../../data/dataset.js';
import type { ParameterSpecs } from '../../nn/layer.js';
import { binaryCrossEntropyFromLogits } from '../../nn/losses/binary-cross-entropy.js';
import type { Network } from '../../nn/network.js';
import { adam, adamW } from '../../nn/optimisers/adam.js';
import {
  abs,
  add,
  clip,
  flatten,
  greaterEqual,
  log,
  mean,
  multiply,
  negative,
  reshape,
  sigmoid,
  square,
  subtract,
  sum,
  where,
} from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, type Program } from '../../tensor/program.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LossContext, Objective } from '../../training/objective.js';
import type { AutoencoderConfig } from './autoencoder-options.js';
import { priorParameters } from './code-prior.js';
import { decoderNetwork, featureNetwork, headNetwork } from './coder-networks.js';

type Apply = (network: Network, x: Tensor) => Tensor;

/** The networks of an autoencoder for rows of some shape. */
export class AutoencoderNetworks {
  readonly parameters: ParameterSpecs;
  readonly #config: AutoencoderConfig;
  readonly #exampleShape: readonly number[];
  readonly #features: Network;
  readonly #encoder: Network;
  readonly #decoder: Network;

  /** @throws ShapeError for rows that the networks cannot take */
  constructor(config: AutoencoderConfig, exampleShape: readonly number[]) {
    const { latentSize, prior, priorComponents } = config;
    this.#config = config;
    this.#exampleShape = exampleShape;
    this.#features = featureNetwork('autoencoder', config, exampleShape);
    this.#encoder = headNetwork(config, exampleSize(this.#features.outputShape), latentSize);
    this.#decoder = decoderNetwork('autoencoder', config, latentSize, exampleShape);
    this.parameters = {
      ...this.#features.parameters,
      ...this.#encoder.parameters,
      ...this.#decoder.parameters,
      ...priorParameters(prior === 'mixture' ? priorComponents : 1, latentSize),
    };
  }

  /** The codes of rows [N, ...exampleShape]. */
  encode(x: Tensor, apply: Apply): Tensor {
    const codes = apply(this.#encoder, apply(this.#features, x));
    return this.#config.sparsity === 'kl' ? sigmoid(codes) : codes;
  }

  /** The loss of each row [N] for codes of it. */
  loss(z: Tensor, x: Tensor, apply: Apply): Tensor {
    const output = flatten(apply(this.#decoder, z));
    const rows = flatten(x);
    return this.#config.loss === 'squared-error'
      ? sum(square(subtract(output, rows)), { axes: [1] })
      : sum(binaryCrossEntropyFromLogits(output, rows, { reduction: 'none' }), { axes: [1] });
  }

  /** Rows of codes: [N, latentSize] -> [N, ...exampleShape]; images are kept in [0, 1]. */
  decode(z: Tensor, apply: Apply): Tensor {
    const output = reshape(flatten(apply(this.#decoder, z)), [z.dim(0), ...this.#exampleShape]);
    if (this.#config.loss === 'cross-entropy') return sigmoid(output);
    return isImageShape(this.#exampleShape) ? clip(output, 0, 1) : output;
  }

  /** The programs x -> z and z -> x, and the loss [N] of rows, as a fitted model runs them. */
  programs(): Readonly<Record<'encode' | 'decode' | 'evaluate', () => Program>> {
    const inputs = Object.fromEntries(
      Object.entries(this.parameters).map(([name, { shape }]) => [name, input(name, shape)]),
    );
    const apply: Apply = (network, x) => network.apply(x, inputs).output;
    const x = batchInput('x', this.#exampleShape);
    const z = batchInput('z', [this.#config.latentSize]);
    return {
      encode: () => ({ name: 'autoencoder-encode', results: { z: this.encode(x, apply) } }),
      decode: () => ({ name: 'autoencoder-decode', results: { x: this.decode(z, apply) } }),
      evaluate: () => ({
        name: 'autoencoder-evaluation',
        results: { loss: this.loss(this.encode(x, apply), x, apply) },
      }),
    };
  }
}

/** What an autoencoder minimises. */
export function autoencoderObjective(
  config: AutoencoderConfig,
  networks: AutoencoderNetworks,
  exampleShape: readonly number[],
  batchSize: number,
): Objective {
  const { learningRate, weightDecay, sparsity, sparsityWeight } = config;
  return {
    name: 'autoencoder',
    parameters: networks.parameters,
    exampleShape,
    optimiser: weightDecay === 0 ? adam({ learningRate }) : adamW({ learningRate, weightDecay }),
    evaluation: {
      program: networks.programs().evaluate(),
      noise: [],
      batchSize,
      weights: Object.keys(networks.parameters),
    },
    remedies: [`lower learningRate from ${learningRate} to, say, ${Number((learningRate / 10).toPrecision(1))}`],
    loss: (context) => {
      const apply = context.apply.bind(context);
      const codes = networks.encode(corrupted(config, context), apply);
      const reconstruction = mean(networks.loss(codes, context.rows, apply));
      if (sparsity === 'none') return { loss: reconstruction, metrics: { loss: reconstruction } };
      const penalty = sparsity === 'l1' ? absolute(codes) : fromTarget(codes, config.sparsityTarget);
      const loss = add(reconstruction, multiply(penalty, sparsityWeight));
      return { loss, metrics: { loss, reconstruction, sparsity: penalty } };
    },
  };
}

function corrupted({ corruption, corruptionLevel }: AutoencoderConfig, { rows, noise }: LossContext): Tensor {
  const shape = rows.shape.map(Number);
  if (corruption === 'gaussian') return add(rows, multiply(noise('corruption', shape, 'normal'), corruptionLevel));
  if (corruption === 'masking')
    return where(greaterEqual(noise('corruption', shape, 'uniform'), corruptionLevel), rows, 0);
  return rows;
}

/** The mean over rows of the sum of absolute values. */
function absolute(codes: Tensor): Tensor {
  return mean(sum(abs(codes), { axes: [1] }));
}

/** The sum over the numbers of the code of KL(Bernoulli(target) || Bernoulli(mean over the batch)), in nats. */
function fromTarget(codes: Tensor, target: number): Tensor {
  const means = clip(mean(codes, { axes: [0] }), 1e-6, 1 - 1e-6);
  const crossed = add(multiply(log(means), target), multiply(log(subtract(1, means)), 1 - target));
  const entropy = target * Math.log(target) + (1 - target) * Math.log(1 - target);
  return sum(add(negative(crossed), entropy));
}
