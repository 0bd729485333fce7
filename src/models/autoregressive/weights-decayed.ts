// Weight decay for weights alone: a bias says how often a number is on, and there is no reason to pull that towards one half.

import type { Tensors } from '../../nn/network.js';
import type { Optimiser, UpdateRequest } from '../../nn/optimisers/optimiser.js';

/** Updates parameters of two axes and more by one optimiser, biases by another. */
export function weightsDecayed(forWeights: Optimiser, forBiases: Optimiser): Optimiser {
  return {
    kind: forWeights.kind,
    update(request) {
      const part = (isWanted: (rank: number) => boolean): UpdateRequest => ({
        ...request,
        parameters: chosen(request.parameters, request.parameters, isWanted),
        gradients: chosen(request.gradients, request.parameters, isWanted),
      });
      const weights = forWeights.update(part((rank) => rank > 1));
      const biases = forBiases.update(part((rank) => rank <= 1));
      return { next: { ...weights.next, ...biases.next }, state: { ...weights.state, ...biases.state } };
    },
  };
}

function chosen(tensors: Tensors, parameters: Tensors, isWanted: (rank: number) => boolean): Tensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => isWanted(parameters[name]?.rank ?? 0)));
}
