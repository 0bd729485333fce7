// Stochastic gradient descent with momentum:  v' = momentum v + g,  p' = p - learningRate v'
// With Nesterov's look-ahead:                 p' = p - learningRate (g + momentum v')   (Sutskever et al. 2013)
import { add, multiply, subtract } from '../../tensor/index.js';
import { checkNumber } from '../check.js';
import { checkLearningRate, type LearningRate, learningRateAt } from '../schedules.js';
import { type Optimiser, updateEach } from './optimiser.js';

/** Options of stochastic gradient descent. */
export interface SgdOptions {
  /** Default 0.01. */
  readonly learningRate?: LearningRate;
  /** How much of the last velocity is kept. Default 0. */
  readonly momentum?: number;
  /** Whether to look ahead by the momentum. Default false. */
  readonly nesterov?: boolean;
  /** The factor of the penalty weightDecay / 2 * |p|^2, added to the loss. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent, with momentum, Nesterov's momentum and weight decay.
 *
 * @throws ConfigError for numbers out of range
 * @example sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })
 */
export function sgd({
  learningRate = 0.01,
  momentum = 0,
  nesterov = false,
  weightDecay = 0,
}: SgdOptions = {}): Optimiser {
  checkLearningRate('sgd', learningRate);
  checkNumber('sgd', 'momentum', momentum, 'belowOne');
  checkNumber('sgd', 'weightDecay', weightDecay, 'notNegative');
  return {
    kind: 'sgd',
    update: (request) => {
      const rate = learningRateAt(learningRate, request.step, 'sgd');
      return updateEach(request, momentum === 0 ? [] : ['velocity'], (parameter, gradient, state) => {
        const slope = weightDecay === 0 ? gradient : add(gradient, multiply(parameter, weightDecay));
        if (momentum === 0) return { next: subtract(parameter, multiply(slope, rate)), state: {} };
        const velocity = add(multiply(state('velocity'), momentum), slope);
        const direction = nesterov ? add(slope, multiply(velocity, momentum)) : velocity;
        return { next: subtract(parameter, multiply(direction, rate)), state: { velocity } };
      });
    },
  };
}
