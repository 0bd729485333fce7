// RMSProp (Tieleman and Hinton 2012):  V' = decay V + (1 - decay) g^2,  p' = p - learningRate g / (sqrt(V') + epsilon)
//
// What is stored is v = V / (1 - decay), which saves a pass over memory: with c = sqrt(1 - decay),
//   v' = decay v + g^2,  p' = p - (learningRate / c) g / (sqrt(v') + epsilon / c)
import { add, divide, multiply, square, subtract } from '../../tensor/index.js';
import { checkNumber } from '../check.js';
import { checkLearningRate, type LearningRate, learningRateAt } from '../schedules.js';
import { type Optimiser, updateEach } from './optimiser.js';
import { differentiableRoot } from './root.js';

/** Options of RMSProp. */
export interface RmsPropOptions {
  /** Default 0.01. */
  readonly learningRate?: LearningRate;
  /** How much of the mean square is kept. Default 0.99. */
  readonly decay?: number;
  /** Added to the root of the mean square. Default 1e-8. */
  readonly epsilon?: number;
  /** How much of the last step is kept. Default 0. */
  readonly momentum?: number;
}

/**
 * RMSProp: steps divided by the root of the gradient's running mean square; the optimiser of Wasserstein GANs with clipped
 * weights. With momentum: b' = momentum b + g / (sqrt(V') + epsilon), p' = p - learningRate b'.
 *
 * @throws ConfigError for numbers out of range
 * @example rmsProp({ learningRate: 5e-5 })
 */
export function rmsProp({
  learningRate = 0.01,
  decay = 0.99,
  epsilon = 1e-8,
  momentum = 0,
}: RmsPropOptions = {}): Optimiser {
  checkLearningRate('rmsProp', learningRate);
  checkNumber('rmsProp', 'decay', decay, 'belowOne');
  checkNumber('rmsProp', 'epsilon', epsilon, 'positive');
  checkNumber('rmsProp', 'momentum', momentum, 'belowOne');
  const root = Math.sqrt(1 - decay);
  return {
    kind: 'rmsProp',
    update: (request) => {
      const rate = multiply(learningRateAt(learningRate, request.step, 'rmsProp'), 1 / root);
      return updateEach(
        request,
        momentum === 0 ? ['squares'] : ['squares', 'velocity'],
        (parameter, gradient, state) => {
          const squares = add(multiply(state('squares'), decay), square(gradient));
          const scaled = divide(gradient, add(differentiableRoot(squares), epsilon / root));
          if (momentum === 0) return { next: subtract(parameter, multiply(scaled, rate)), state: { squares } };
          const velocity = add(multiply(state('velocity'), momentum), scaled);
          return { next: subtract(parameter, multiply(velocity, rate)), state: { squares, velocity } };
        },
      );
    },
  };
}
