// Pictures of what a model draws.

import { isImageShape } from '../data/dataset.js';
import { type ImageGrid, imageGrid } from '../plot/index.js';
import type { GenerativeModel } from './contract.js';

/** A grid of samples, or undefined where the model's rows are no images that can be shown. */
export async function drawGrid(model: GenerativeModel, count: number, seed: number): Promise<ImageGrid | undefined> {
  const { data, shape } = await model.sample(count, { seed });
  const channels = shape.at(-1) ?? 0;
  return isImageShape(shape.slice(1)) && [1, 3, 4].includes(channels) ? imageGrid({ pixels: data, shape }) : undefined;
}
