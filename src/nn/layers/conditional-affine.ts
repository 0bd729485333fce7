// A scale and a shift per class (Dumoulin, Shlens and Kudlur 2017): y = scale_c x + shift_c for an example of class c. After a norm
// without a scale and a bias of its own it is the paper's conditional normalisation: one set of filters, a style per class.
import { ConfigError, ShapeError } from '../../core/errors.js';
import { add, multiply } from '../../tensor/index.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { reshape } from '../../tensor/operators/reshape.js';
import { formatShape, sameShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkNumber } from '../check.js';
import { type Initialiser, initialisers } from '../initialisers.js';
import { type Layer, type LayerScope, weight } from '../layer.js';

/** Options of a scale and shift per class. */
export interface ConditionalAffineOptions {
  /** The number of classes; the network is applied with a condition [N, classes]. */
  readonly classes: number;
  /** Default ones. */
  readonly scaleInitialiser?: Initialiser;
}

/**
 * y = scale_c x + bias_c over the last axis: [..., C] -> [..., C]. The condition of the application, [N, classes], has a one at each
 * example's class c; other rows mix the classes' scales and shifts. Parameters: scale, bias, both [classes, C].
 *
 * @throws ConfigError for classes that are no whole number from 1, and where the network is applied without a condition; ShapeError
 * for a condition of another shape
 * @example sequential([batchNorm({ scale: false, bias: false }), conditionalAffine({ classes: 10 })])
 */
export function conditionalAffine({
  classes,
  scaleInitialiser = initialisers.ones(),
}: ConditionalAffineOptions): Layer {
  checkNumber('conditionalAffine', 'classes', classes, 'positiveInteger');
  const shapeOf = (inputShape: readonly number[]): number[] => {
    const channels = inputShape.at(-1);
    if (channels === undefined)
      throw new ShapeError(
        `conditionalAffine: received examples of ${formatShape(inputShape)}; expected one axis or more.`,
      );
    return [classes, channels];
  };
  return {
    kind: 'conditionalAffine',
    outputShape: (inputShape) => {
      shapeOf(inputShape);
      return inputShape;
    },
    parameters: (inputShape) => {
      const shape = shapeOf(inputShape);
      return { scale: weight(shape, scaleInitialiser), bias: weight(shape, initialisers.zeros()) };
    },
    apply: (x, scope) => {
      const condition = classesOf(x, scope, classes);
      const perExample = x.shape.map((dim, axis) => (axis === 0 || axis === x.rank - 1 ? dim : 1));
      const ofClass = (name: string): Tensor => reshape(matmul(condition, scope.parameter(name)), perExample);
      return add(multiply(x, ofClass('scale')), ofClass('bias'));
    },
  };
}

/** The condition, once it is known to be a row per example. */
function classesOf(x: Tensor, { condition, path }: LayerScope, classes: number): Tensor {
  const expected = [x.dim(0), classes];
  if (condition === undefined)
    throw new ConfigError(
      `${path}: conditionalAffine received no condition; expected ${formatShape(expected)}. Apply the network with ` +
        '{ condition: oneHot(labels, classes) }.',
    );
  if (!sameShape(condition.shape, expected))
    throw new ShapeError(
      `${path}: conditionalAffine received a condition of ${formatShape(condition.shape)}; expected ${formatShape(expected)}, ` +
        'a row per example.',
    );
  return condition;
}
