// What the two players of a game minimise.
import type { Tensor } from '../../../tensor/tensor.js';

/** A pair of losses of the discriminator's outputs a(x), one number per row [N, 1]: logits, or a critic's values. */
export interface Objective {
  /** What the discriminator minimises on data and on samples; its target on data is short of 1 by `smoothing`. */
  discriminator(real: Tensor, fake: Tensor, smoothing: number): Tensor;
  /** What the generator minimises on samples. Only objectives that compare the two ask what data are judged to be. */
  generator(fake: Tensor, real: () => Tensor): Tensor;
  /** How probable data and samples are taken for data, where the outputs say that; otherwise they are a critic's values. */
  probabilities?(real: Tensor, fake: Tensor): readonly [real: Tensor, fake: Tensor];
  /** Whether the discriminator has a target on data that can be smoothed. */
  readonly hasTargets: boolean;
  /** Whether the loss is about anything only if something bounds the discriminator's slope. */
  readonly needsBoundedSlope: boolean;
}
