// Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), with epsilon outside the root and after the corrections:
//   M' = beta1 M + (1 - beta1) g,  V' = beta2 V + (1 - beta2) g^2
//   p' = p - learningRate (M' / (1 - beta1^t)) / (sqrt(V' / (1 - beta2^t)) + epsilon)
//
// Passes over memory are what an update costs. Stored are m = M / (1 - beta1) and v = V / (1 - beta2), and everything that is the
// same for all elements goes into two scalars. With a = (1 - beta1) / (1 - beta1^t) and b = sqrt((1 - beta2) / (1 - beta2^t)),
//   m' = beta1 m + g,  v' = beta2 v + g^2,  p' = p - (learningRate a / b) m' / (sqrt(v') + epsilon / b)
// The scalars stay finite for a learning rate of zero, which schedules reach.
import { add, divide, expm1, multiply, negative, sqrt, square, subtract } from '../../tensor/index.js';
import { scalar } from '../../tensor/operators/source.js';
import { labelled, type Tensor } from '../../tensor/tensor.js';
import { checkNumber } from '../check.js';
import { checkLearningRate, type LearningRate, learningRateAt } from '../schedules.js';
import { type Optimiser, updateEach } from './optimiser.js';
import { differentiableRoot } from './root.js';

/** Options of Adam. */
export interface AdamOptions {
  /** Default 0.001; DCGAN uses 0.0002. */
  readonly learningRate?: LearningRate;
  /** How much of the mean gradient is kept. Default 0.9; DCGAN uses 0.5. */
  readonly beta1?: number;
  /** How much of the mean square is kept. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the corrected mean square. Default 1e-8. */
  readonly epsilon?: number;
}

/** Options of AdamW. */
export interface AdamWOptions extends AdamOptions {
  /** The part of the parameters that is taken away in every step, times the learning rate. Default 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam: steps of the mean gradient divided by the root of the mean square, both corrected for their start at zero.
 *
 * @throws ConfigError for numbers out of range
 * @example adam({ learningRate: 2e-4, beta1: 0.5 })
 */
export function adam(options: AdamOptions = {}): Optimiser {
  return { kind: 'adam', update: rescaledAdam('adam', options, 0) };
}

/**
 * Adam with decoupled weight decay: p' = (1 - learningRate weightDecay) p - Adam's step.
 *
 * @throws ConfigError for numbers out of range
 * @example adamW({ learningRate: 3e-4, weightDecay: 0.05 })
 */
export function adamW({ weightDecay = 0.01, ...options }: AdamWOptions = {}): Optimiser {
  checkNumber('adamW', 'weightDecay', weightDecay, 'notNegative');
  return { kind: 'adamW', update: rescaledAdam('adamW', options, weightDecay) };
}

function rescaledAdam(
  kind: string,
  { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
  weightDecay: number,
): Optimiser['update'] {
  checkLearningRate(kind, learningRate);
  checkNumber(kind, 'beta1', beta1, 'belowOne');
  checkNumber(kind, 'beta2', beta2, 'belowOne');
  checkNumber(kind, 'epsilon', epsilon, 'positive');
  return (request) => {
    const { step, prefix } = request;
    const rate = learningRateAt(learningRate, step, kind);
    const first = divide(1 - beta1, oneMinusPower(beta1, step));
    const second = sqrt(divide(1 - beta2, oneMinusPower(beta2, step)));
    const stepSize = labelled(prefix, divide(multiply(rate, first), second));
    const offset = labelled(prefix, divide(epsilon, second));
    const kept = weightDecay === 0 ? undefined : subtract(1, multiply(rate, weightDecay));
    return updateEach(request, ['firstMoment', 'secondMoment'], (parameter, gradient, state) => {
      const firstMoment = add(multiply(state('firstMoment'), beta1), gradient);
      const secondMoment = add(multiply(state('secondMoment'), beta2), square(gradient));
      const change = multiply(divide(firstMoment, add(differentiableRoot(secondMoment), offset)), stepSize);
      const base = kept === undefined ? parameter : multiply(parameter, kept);
      return { next: subtract(base, change), state: { firstMoment, secondMoment } };
    });
  };
}

/** 1 - beta^t, accurate in float32 for beta near 1. */
function oneMinusPower(beta: number, step: Tensor): Tensor {
  return beta === 0 ? scalar(1) : negative(expm1(multiply(step, Math.log(beta))));
}
