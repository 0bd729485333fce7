// A layer that makes vectors of examples.
import { flatten } from '../../tensor/operators/reshape.js';
import type { Layer } from '../layer.js';

/** Makes vectors of examples of any shape: [...] -> [their number of values]. */
export function flattenLayer(): Layer {
  return {
    kind: 'flatten',
    outputShape: (inputShape) => [inputShape.reduce((a, b) => a * b, 1)],
    parameters: () => ({}),
    apply: (x) => flatten(x),
  };
}
