// Weight clipping (Arjovsky, Chintala and Bottou 2017): after every update the critic's weights are put back into [-limit, limit], which
// bounds its slope, if roughly.
import type { Tensors } from '../../../nn/network.js';
import { clip } from '../../../tensor/index.js';

/** The weights in [-limit, limit]; all as they are where there is no limit. */
export function clipWeights(weights: Tensors, limit: number | null): Tensors {
  if (limit === null) return weights;
  return Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, clip(value, -limit, limit)]));
}
