// Dense layer: y = x W + b over the last axis.
import { ShapeError } from '../../core/errors.js';
import { add } from '../../tensor/index.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { formatShape } from '../../tensor/shape.js';
import { checkNumber } from '../check.js';
import { type Initialiser, initialisers } from '../initialisers.js';
import { type Layer, weight } from '../layer.js';

/** Options of a dense layer. */
export interface DenseOptions {
  /** The length of the last axis of the result. */
  readonly units: number;
  /** Whether to add a bias. Default true. */
  readonly bias?: boolean;
  /** Default Glorot uniform. */
  readonly weightInitialiser?: Initialiser;
  /** Default zeros. */
  readonly biasInitialiser?: Initialiser;
}

/**
 * y = x W + b over the last axis: [..., inputs] -> [..., units]. Parameters: weight [inputs, units], bias [units].
 *
 * @throws ConfigError for units that are no whole number from 1
 * @example dense({ units: 128 })
 */
export function dense({
  units,
  bias = true,
  weightInitialiser = initialisers.glorotUniform(),
  biasInitialiser = initialisers.zeros(),
}: DenseOptions): Layer {
  checkNumber('dense', 'units', units, 'positiveInteger');
  const inputsOf = (inputShape: readonly number[]): number => {
    const inputs = inputShape.at(-1);
    if (inputs === undefined)
      throw new ShapeError(`dense: received examples of ${formatShape(inputShape)}; expected one axis or more.`);
    return inputs;
  };
  return {
    kind: 'dense',
    outputShape: (inputShape) => {
      inputsOf(inputShape);
      return [...inputShape.slice(0, -1), units];
    },
    parameters: (inputShape) => ({
      weight: weight([inputsOf(inputShape), units], weightInitialiser),
      ...(bias ? { bias: weight([units], biasInitialiser) } : {}),
    }),
    apply: (x, scope) => {
      const product = matmul(x, scope.parameter('weight'));
      return bias ? add(product, scope.parameter('bias')) : product;
    },
  };
}
