// What a variational autoencoder minimises, and what its validation rows are judged by.
//
//   k = 1   beta KL(q || p) - r log p(x | z)
//   k > 1   -log 1/k sum_i exp(r log p(x | z_i) + beta (log p(z_i) - log q(z_i | x)))
//
// The gradient goes through the codes and through the mean of the weights (Burda et al. 2016, equation 14), which differentiating the
// second line gives. Free bits: sum_j max(freeBits, the batch's mean KL of number j) takes the place of KL (Kingma et al. 2016).
import type { Tensors } from '../../nn/network.js';
import { adam, adamW } from '../../nn/optimisers/adam.js';
import type { Optimiser } from '../../nn/optimisers/optimiser.js';
import { schedules } from '../../nn/schedules.js';
import {
  add,
  cast,
  less,
  maximum,
  mean,
  minimum,
  multiply,
  negative,
  oneHot,
  reshape,
  subtract,
  sum,
  transpose,
} from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput } from '../../tensor/program.js';
import { batch } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { averagePrefix, type LossContext, labelsInput, type Objective, rowsInput } from '../../training/objective.js';
import type { Evaluation } from '../../training/program.js';
import { logMeanExp, type VaeNetworks } from './vae-networks.js';
import { type VaeConfig, warmUpSteps } from './vae-options.js';

/** The data that a training is for. */
export interface TrainingData {
  readonly exampleShape: readonly number[];
  /** How many classes the model is conditional on; 0 for none. */
  readonly classes: number;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
}

/** The objective of a variational autoencoder; what it starts from is left to the caller. */
export function vaeObjective(config: VaeConfig, networks: VaeNetworks, data: TrainingData): Objective {
  const { clipNorm, ema, learningRate } = config;
  return {
    name: 'vae',
    parameters: networks.parameters,
    exampleShape: data.exampleShape,
    wantsLabels: data.classes > 0,
    optimiser: optimiserOf(config, data.stepsPerEpoch),
    ...(clipNorm === null ? {} : { clipNorm }),
    ema,
    evaluation: evaluationOf(config, networks, data),
    remedies: [
      `lower learningRate from ${learningRate} to, say, ${Number((learningRate / 10).toPrecision(1))}`,
      'limit the gradient with clipNorm, such as 10',
    ],
    loss: (context) => vaeLoss(config, networks, data, context),
  };
}

function vaeLoss(config: VaeConfig, networks: VaeNetworks, data: TrainingData, context: LossContext) {
  const { latentSize, importanceSamples, freeBits, reconstructionWeight, pixels } = config;
  const { batchSize, classes } = data;
  const { labels, weights } = context;
  const rows =
    pixels === 'drawn'
      ? cast(less(context.noise('pixels', context.rows.shape.map(Number), 'uniform'), context.rows), 'float32')
      : context.rows;
  const y = labels === undefined ? undefined : oneHot(labels, classes);
  const beta = betaAt(config, context.step, data.stepsPerEpoch);
  const apply = context.apply.bind(context);
  if (importanceSamples === 1) {
    const noise = context.noise('code', [batchSize, latentSize], 'normal');
    const { logProb, kl } = networks.elbo(rows, y, noise, weights, apply);
    const reconstruction = negative(mean(logProb));
    const perNumber = mean(kl, { axes: [0] });
    const divergence = sum(freeBits === 0 ? perNumber : maximum(perNumber, freeBits));
    const loss = add(multiply(divergence, beta), multiply(reconstruction, reconstructionWeight));
    return { loss, metrics: { loss, reconstruction, kl: sum(perNumber) } };
  }
  const noise = context.noise('code', [importanceSamples, batchSize, latentSize], 'normal');
  const { logProb, logRatio, kl } = networks.importance(rows, y, noise, weights, apply);
  const logWeights = add(multiply(logProb, reconstructionWeight), multiply(logRatio, beta));
  const loss = negative(mean(logMeanExp(logWeights)));
  return { loss, metrics: { loss, reconstruction: negative(mean(logProb)), kl: multiply(sum(kl), 1 / batchSize) } };
}

/** beta, which rises linearly from 0 during the warm-up. */
function betaAt(config: VaeConfig, step: Tensor, stepsPerEpoch: number): Tensor | number {
  const steps = warmUpSteps(config, stepsPerEpoch);
  return steps === 0 ? config.beta : multiply(minimum(multiply(step, 1 / steps), 1), config.beta);
}

/** The loss per row without warm-up and free bits: with both weights 1, minus the bound that is trained for. */
function evaluationOf(config: VaeConfig, networks: VaeNetworks, data: TrainingData): Evaluation {
  const { latentSize, importanceSamples: k, beta, reconstructionWeight, ema } = config;
  const x = batchInput(rowsInput, data.exampleShape);
  const y = data.classes === 0 ? undefined : oneHot(input(labelsInput, [batch], 'int64'), data.classes);
  const noise = batchInput('code', k === 1 ? [latentSize] : [k, latentSize]);
  const { inputs, apply } = weightInputs(networks, ema > 0);
  let loss: Tensor;
  if (k === 1) {
    const { logProb, kl } = networks.elbo(x, y, noise, inputs, apply);
    loss = subtract(multiply(sum(kl, { axes: [1] }), beta), multiply(logProb, reconstructionWeight));
  } else {
    const { logProb, logRatio } = networks.importance(x, y, transpose(noise, [1, 0, 2]), inputs, apply);
    loss = negative(logMeanExp(add(multiply(logProb, reconstructionWeight), multiply(logRatio, beta))));
  }
  return {
    program: { name: 'vae-evaluation', results: { loss: reshape(loss, [batch]) } },
    noise: [{ name: 'code', shape: [data.batchSize, ...(k === 1 ? [] : [k]), latentSize], distribution: 'normal' }],
    batchSize: data.batchSize,
    weights: weightNames(networks, ema),
  };
}

/** The names of all weights of a model: those of the networks, and their averages where there are some. */
export function weightNames({ parameters }: Pick<VaeNetworks, 'parameters'>, ema: number): string[] {
  const names = Object.keys(parameters);
  return ema === 0 ? names : [...names, ...names.map((name) => `${averagePrefix}/${name}`)];
}

/** The weights as inputs under their plain names, averaged ones where asked for, and networks applied to them. */
export function weightInputs({ parameters }: Pick<VaeNetworks, 'parameters'>, averaged: boolean) {
  const inputs: Tensors = Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [
      name,
      input(averaged ? `${averagePrefix}/${name}` : name, shape),
    ]),
  );
  const apply: Parameters<VaeNetworks['posterior']>[2] = (network, x) => network.apply(x, inputs).output;
  return { inputs, apply };
}

function optimiserOf({ learningRate, learningRateDecay, weightDecay }: VaeConfig, stepsPerEpoch: number): Optimiser {
  const steps = Math.round(learningRateDecay * stepsPerEpoch);
  const rate = steps === 0 ? learningRate : schedules.cosine({ peak: learningRate, final: learningRate / 100, steps });
  return weightDecay === 0 ? adam({ learningRate: rate }) : adamW({ learningRate: rate, weightDecay });
}
