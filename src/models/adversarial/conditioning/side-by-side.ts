// Several heads on the same features.
import { applyChild, childParameters, childShape, type Layer } from '../../../nn/layer.js';
import { concat } from '../../../tensor/operators/slice.js';

/**
 * Applies layers to the same vectors and puts their results beside each other: [F] -> [a + b + ...]. Parameters: those of the layers,
 * under their names.
 *
 * @example sideBySide({ logit: dense({ units: 1 }), class: dense({ units: 10 }) })   // [N, F] -> [N, 11]
 */
export function sideBySide(heads: Readonly<Record<string, Layer>>): Layer {
  const named = Object.entries(heads);
  return {
    kind: 'sideBySide',
    outputShape: (inputShape) => [
      named.reduce((total, [name, head]) => total + (childShape(name, head, inputShape)[0] ?? 0), 0),
    ],
    parameters: (inputShape) =>
      Object.assign({}, ...named.map(([name, head]) => childParameters(name, head, inputShape))),
    apply: (x, scope) =>
      concat(
        named.map(([name, head]) => applyChild(name, head, x, scope)),
        1,
      ),
  };
}
