// The hinge losses of GANs (Lim and Ye 2017): the discriminator stops caring about examples beyond the margin.
import { add, negative, relu, subtract } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type LossOptions, reduceLoss } from './reduction.js';

/**
 * The discriminator's part: max(0, 1 - real) + max(0, 1 + fake), each reduced by itself, for its unbounded outputs on real and on
 * generated examples. With reduction `none` both have to be of one shape.
 */
export function hingeDiscriminator(real: Tensor, fake: Tensor, options: LossOptions = {}): Tensor {
  return add(reduceLoss(relu(subtract(1, real)), options), reduceLoss(relu(add(fake, 1)), options));
}

/** The generator's part: -fake, for the discriminator's outputs on generated examples. */
export function hingeGenerator(fake: Tensor, options: LossOptions = {}): Tensor {
  return reduceLoss(negative(fake), options);
}
