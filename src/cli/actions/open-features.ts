// The feature space that `--features` names.
import { lookUp } from '../../core/nearest.js';
import type { Dataset } from '../../data/index.js';
import type { FeatureSpace } from '../../models/features/feature-space.js';
import { pixels } from '../../models/features/pixels.js';

/** Opens it; undefined where none is named. @throws UnknownNameError */
export async function openFeatures(name: string | undefined, training: Dataset): Promise<FeatureSpace | undefined> {
  if (name === undefined) return undefined;
  return lookUp('feature space', { pixels }, name)(training.exampleShape);
}
