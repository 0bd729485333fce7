// The restricted Boltzmann machine (Smolensky 1986) with visible units v and hidden units h of 0 and 1:
//
//   E(v, h) = -b.v - c.h - v W h,   p(v, h) = exp(-E(v, h)) / Z
//   F(v) = -b.v - sum_j softplus(c_j + (v W)_j),   log p(v) = -F(v) - log Z
//   p(h_j = 1 | v) = sigmoid(c_j + (v W)_j),   p(v_i = 1 | h) = sigmoid(b_i + (W h)_i)
import { add, cast, less, matmul, multiply, negative, sigmoid, softplus, sum } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The parameters of a machine. */
export interface RbmWeights {
  /** W, [visible, hidden] */
  readonly weight: Tensor;
  /** b, [visible] */
  readonly visibleBias: Tensor;
  /** c, [hidden] */
  readonly hiddenBias: Tensor;
}

/** The names of the parameters, as they are saved. */
export const weightNames = ['weight', 'visibleBias', 'hiddenBias'] as const;

/** The parameters as `find` has them. */
export function weightsBy(find: (name: (typeof weightNames)[number]) => Tensor): RbmWeights {
  return { weight: find('weight'), visibleBias: find('visibleBias'), hiddenBias: find('hiddenBias') };
}

/** c + v W of rows [N, visible]: [N, hidden]. */
export function hiddenLogits(v: Tensor, { weight, hiddenBias }: RbmWeights): Tensor {
  return add(matmul(v, weight), hiddenBias);
}

/** b + W h of rows [N, hidden]: [N, visible]. */
export function visibleLogits(h: Tensor, { weight, visibleBias }: RbmWeights): Tensor {
  return add(matmul(h, weight, { transposeB: true }), visibleBias);
}

/** F(v) of rows [N, visible]: [N]. */
export function freeEnergy(v: Tensor, weights: RbmWeights): Tensor {
  const ofVisible = sum(multiply(v, weights.visibleBias), { axes: 1 });
  return negative(add(ofVisible, sum(softplus(hiddenLogits(v, weights)), { axes: 1 })));
}

/** Units that are 1 with the probability sigmoid(logits), by uniform numbers of the same shape. */
export function draw(logits: Tensor, uniform: Tensor): Tensor {
  return cast(less(uniform, sigmoid(logits)), logits.dtype);
}

/** One step of Gibbs sampling: hidden units given the visible ones, then visible ones given those. */
export function gibbsStep(v: Tensor, weights: RbmWeights, uniformHidden: Tensor, uniformVisible: Tensor): Tensor {
  return draw(visibleLogits(draw(hiddenLogits(v, weights), uniformHidden), weights), uniformVisible);
}
