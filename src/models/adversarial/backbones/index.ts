// The table of backbones.
import { isImageShape } from '../../../data/dataset.js';
import { smallestHalved } from '../../halvings.js';
import type { Backbone } from './backbone.js';
import { dcgan } from './dcgan.js';
import { dense } from './dense.js';
import { residual } from './residual.js';

/** Pairs of networks by name. */
export const backbones = { dense, dcgan, residual } as const satisfies Readonly<Record<string, Backbone>>;

/** The name of a backbone. */
export type BackboneName = keyof typeof backbones;

/** What `auto` stands for: convolutions for images that they can halve, dense layers for all other rows. */
export function chosenBackbone(name: BackboneName | 'auto', exampleShape: readonly number[]): BackboneName {
  if (name !== 'auto') return name;
  return isImageShape(exampleShape) && Math.min(exampleShape[0], exampleShape[1]) >= smallestHalved ? 'dcgan' : 'dense';
}
