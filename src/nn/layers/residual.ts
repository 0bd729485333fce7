// Residual connection (He et al. 2016): y = x + f(x), or projection(x) + f(x) where f changes the shape.
import { ShapeError } from '../../core/errors.js';
import { add } from '../../tensor/index.js';
import { formatShape, sameShape } from '../../tensor/shape.js';
import { applyChild, childParameters, childShape, type Layer } from '../layer.js';

/** Options of a residual connection. */
export interface ResidualOptions {
  /** A layer for the way past, needed where the body changes the shape. Default: none. */
  readonly projection?: Layer;
}

/**
 * Adds the input of a layer to its result. Parameters: those of the layers, under `body/` and `projection/`.
 *
 * @throws ShapeError where the two have different shapes
 * @example residual(sequential([activation('relu'), conv({ filters: 64, kernel: 3 })]))
 */
export function residual(body: Layer, { projection }: ResidualOptions = {}): Layer {
  return {
    kind: 'residual',
    outputShape: (inputShape) => {
      const result = childShape('body', body, inputShape);
      const past = projection === undefined ? inputShape : childShape('projection', projection, inputShape);
      if (!sameShape(result, past))
        throw new ShapeError(
          `residual: received examples of ${formatShape(inputShape)}; the body makes ${formatShape(result)} of them and the way ` +
            `past it ${formatShape(past)}; expected equal shapes. Pass a projection that fits, such as a 1x1 convolution.`,
        );
      return result;
    },
    parameters: (inputShape) => ({
      ...childParameters('body', body, inputShape),
      ...(projection === undefined ? {} : childParameters('projection', projection, inputShape)),
    }),
    apply: (x, scope) => {
      const past = projection === undefined ? x : applyChild('projection', projection, x, scope);
      return add(past, applyChild('body', body, x, scope));
    },
  };
}
