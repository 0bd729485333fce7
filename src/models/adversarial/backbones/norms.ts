// Norms inside the discriminator.
import { initialisers } from '../../../nn/initialisers.js';
import type { Layer } from '../../../nn/layer.js';
import { batchNorm } from '../../../nn/layers/batch-norm.js';
import { groupNorm } from '../../../nn/layers/group-norm.js';
import { layerNorm } from '../../../nn/layers/layer-norm.js';
import type { AdversarialConfig } from '../adversarial-options.js';

/** A norm that is in use, after `auto` has been decided. */
export type DiscriminatorNorm = 'batch' | 'layer' | 'none';

/**
 * What `auto` stands for: the backbone's usual norm, but for a discriminator whose slope is looked at row by row. There batch norm,
 * under which every row depends on all others, gives way to layer norm (Gulrajani et al. 2017, section 4), and under spectral norms to
 * none, since it would undo the bound.
 */
export function chosenNorm(
  { discriminatorNorm, gradientPenalty, r1, spectralNorm }: AdversarialConfig,
  usual: 'batch' | 'none',
): DiscriminatorNorm {
  if (discriminatorNorm !== 'auto') return discriminatorNorm;
  if (usual === 'none' || spectralNorm) return 'none';
  return gradientPenalty > 0 || r1 > 0 ? 'layer' : 'batch';
}

/** DCGAN's norm, whose scales begin near 1. */
export const dcganScale = initialisers.normal(0.02, 1);

/** A norm after a convolution; none for 'none'. */
export function imageNorm(norm: DiscriminatorNorm): Layer | undefined {
  if (norm === 'none') return undefined;
  // One group takes all places and channels of an image together, with a scale per channel: layer norm for images.
  return norm === 'batch' ? batchNorm({ scaleInitialiser: dcganScale }) : groupNorm({ groups: 1 });
}

/** A norm after a dense layer; none for 'none'. */
export function vectorNorm(norm: DiscriminatorNorm): Layer | undefined {
  if (norm === 'none') return undefined;
  return norm === 'batch' ? batchNorm() : layerNorm();
}
