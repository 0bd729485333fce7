// Embedding: a learnt vector for each of a number of classes.
import { gather } from '../../tensor/operators/gather.js';
import { checkNumber } from '../check.js';
import { type Initialiser, initialisers } from '../initialisers.js';
import { type Layer, weight } from '../layer.js';

/** Options of an embedding. */
export interface EmbeddingOptions {
  /** The number of classes; the layer's input are int64 numbers from 0 to count - 1. */
  readonly count: number;
  /** The length of each vector. */
  readonly size: number;
  /** Default N(0, 1 / size). */
  readonly weightInitialiser?: Initialiser;
}

/**
 * Looks up vectors: int64 [...] -> [..., size]. Parameter: weight [count, size].
 *
 * @throws ConfigError for numbers that are not whole and positive
 * @example embedding({ count: 10, size: 32 })
 */
export function embedding({ count, size, weightInitialiser }: EmbeddingOptions): Layer {
  checkNumber('embedding', 'count', count, 'positiveInteger');
  checkNumber('embedding', 'size', size, 'positiveInteger');
  const initialise = weightInitialiser ?? initialisers.normal(1 / Math.sqrt(size));
  return {
    kind: 'embedding',
    outputShape: (inputShape) => [...inputShape, size],
    parameters: () => ({ weight: weight([count, size], initialise) }),
    apply: (x, scope) => gather(scope.parameter('weight'), x),
  };
}
