// What the players of the game minimise, from the discriminator's logits a, where D(x) = sigmoid(a(x)). Everything is computed from
// logits, so that no logarithm sees a zero:  -log D = softplus(-a),  -log(1 - D) = softplus(a).
import { add, multiply, negative, softplus } from '../../tensor/index.js';
import { mean } from '../../tensor/operators/reduce.js';
import type { Tensor } from '../../tensor/tensor.js';

/** What the generator minimises. */
export const generatorObjectives = {
  /** log(1 - D(G(z))): the value of the game itself; its gradient vanishes when the discriminator is sure. */
  minimax: (logits: Tensor) => negative(mean(softplus(logits))),
  /** -log D(G(z)): the same fixed point with strong gradients early on (section 3 of the paper). */
  'non-saturating': (logits: Tensor) => mean(softplus(negative(logits))),
} as const satisfies Record<string, (logits: Tensor) => Tensor>;

/** The name of a generator's objective. */
export type GeneratorObjective = keyof typeof generatorObjectives;

/**
 * What the discriminator minimises: -mean log D(x) - mean log(1 - D(G(z))). With smoothing s the target on data is 1 - s instead of 1
 * (one-sided label smoothing, Salimans et al. 2016).
 */
export function discriminatorObjective(real: Tensor, fake: Tensor, smoothing: number): Tensor {
  const onData = mean(softplus(negative(real)));
  const onSamples = mean(softplus(fake));
  if (smoothing === 0) return add(onData, onSamples);
  const smoothed = add(multiply(onData, 1 - smoothing), multiply(mean(softplus(real)), smoothing));
  return add(smoothed, onSamples);
}
