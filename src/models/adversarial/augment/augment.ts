// Differentiable augmentation (Zhao et al. 2020): the discriminator never sees images as they are, neither real nor generated ones, but
// changed at random; the gradient passes through the change into the generator. With few real images this keeps the discriminator
// from learning them by heart, and since both kinds are changed, the generator does not learn to draw changed images.
import { ShapeError } from '../../../core/errors.js';
import { lookUp } from '../../../core/nearest.js';
import { slice } from '../../../tensor/operators/slice.js';
import { formatShape, sameShape } from '../../../tensor/shape.js';
import { labelled, type Tensor } from '../../../tensor/tensor.js';
import { colour } from './colour.js';
import { cutout } from './cutout.js';
import { translate } from './translate.js';

/** A random change of images that gradients pass through. */
export interface Augmentation {
  /** How many uniform numbers it takes per image. */
  readonly draws: number;
  /** Images [N, H, W, C] changed by uniform numbers [N, draws] in [0, 1). */
  apply(images: Tensor, draws: Tensor): Tensor;
}

/** All augmentations, in the order in which the authors apply them. */
export const augmentations = {
  colour: { draws: 3, apply: colour },
  translation: { draws: 2, apply: translate },
  cutout: { draws: 2, apply: cutout },
} as const satisfies Readonly<Record<string, Augmentation>>;

/** The name of an augmentation. */
export type AugmentationName = keyof typeof augmentations;

/** How many uniform numbers per image the augmentations take together. @throws UnknownNameError for a name not in {@link augmentations} */
export function drawsPerImage(names: readonly AugmentationName[]): number {
  return names.reduce((total, name) => total + augmentationNamed(name).draws, 0);
}

/**
 * Images changed by augmentations, one after the other. Real and generated images need draws of their own.
 *
 * @param images [N, H, W, C] in [-1, 1]
 * @param draws uniform numbers in [0, 1), [N, drawsPerImage(names)]
 * @throws ShapeError for what are no images or other numbers of draws; UnknownNameError for a name not in {@link augmentations}
 * @example
 * const policy = ['colour', 'translation', 'cutout'] as const;
 * const seen = augment(fake, input('augment/fake', [64, drawsPerImage(policy)]), policy);
 */
export function augment(images: Tensor, draws: Tensor, names: readonly AugmentationName[]): Tensor {
  const expected = [images.dim(0), drawsPerImage(names)];
  if (images.rank !== 4)
    throw new ShapeError(
      `augment: received ${formatShape(images.shape)}; expected images [N, H, W, C]. Points and tables cannot be augmented.`,
    );
  if (names.length > 0 && !sameShape(draws.shape, expected))
    throw new ShapeError(
      `augment: received draws of ${formatShape(draws.shape)} for ${names.join(', ')}; expected ${formatShape(expected)}.`,
    );
  let first = 0;
  return names.reduce((changed, name) => {
    const augmentation = augmentationNamed(name);
    const own = slice(draws, 1, first, first + augmentation.draws);
    first += augmentation.draws;
    return labelled(`augment/${name}`, augmentation.apply(changed, own));
  }, images);
}

function augmentationNamed(name: AugmentationName): Augmentation {
  return lookUp('augmentation', augmentations, name);
}
