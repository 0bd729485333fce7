// What is added to the discriminator's loss to keep it smooth.

import type { Tensor } from '../../../tensor/tensor.js';
import type { NoiseInput } from '../../../training/program.js';

/** What a penalty may look at: the rows of one turn, as the discriminator sees them. */
export interface PenaltyContext {
  /** [N, ...exampleShape] */
  readonly real: Tensor;
  /** [N, ...exampleShape]; no gradient flows back to the generator. */
  readonly fake: Tensor;
  /** The discriminator's outputs a(x), [N, 1], for rows that are about the same as `real` and `fake`. */
  judge(x: Tensor): Tensor;
  /** Random numbers that are fed anew in every turn. */
  noise(name: string, shape: readonly number[], distribution: NoiseInput['distribution']): Tensor;
}

/** A penalty of the discriminator. */
export interface Penalty {
  /** The name under which it is reported. */
  readonly name: string;
  /** The scalar that is added to the discriminator's loss. */
  loss(context: PenaltyContext): Tensor;
}
