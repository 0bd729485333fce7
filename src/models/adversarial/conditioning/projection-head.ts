// The projection (Miyato and Koyama 2018, equation 3): the discriminator's features of a row are compared with a learnt vector of its
// class, as the log-ratio of two densities of the exponential family takes it.
//
//   a(x, y) = w^T phi(x) + b + y^T V phi(x)
import { ConfigError } from '../../../core/errors.js';
import { initialisers } from '../../../nn/initialisers.js';
import { applyChild, childParameters, type Layer, weight } from '../../../nn/layer.js';
import { add, multiply } from '../../../tensor/index.js';
import { matmul } from '../../../tensor/operators/matmul.js';
import { sum } from '../../../tensor/operators/reduce.js';

/**
 * Features [F] -> a [1], for a condition [N, classes]. Parameters: those of `plain`, a dense layer of one unit, under `plain/`, and
 * `weight` [classes, F], V.
 *
 * @throws ConfigError where the network is applied without a condition
 */
export function projectionHead(plain: Layer, classes: number): Layer {
  return {
    kind: 'projectionHead',
    outputShape: () => [1],
    parameters: (inputShape) => ({
      ...childParameters('plain', plain, inputShape),
      weight: weight([classes, inputShape.at(-1) ?? 1], initialisers.glorotUniform()),
    }),
    apply: (features, scope) => {
      const { condition, path } = scope;
      if (condition === undefined)
        throw new ConfigError(`${path}: received no classes; apply the network with { condition }, [N, ${classes}].`);
      const ofClass = matmul(condition, scope.parameter('weight'));
      const match = sum(multiply(features, ofClass), { axes: -1, keepAxes: true });
      return add(applyChild('plain', plain, features, scope), match);
    },
  };
}
