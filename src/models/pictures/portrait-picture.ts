// The sheets of images that a model shows of itself, as figures.
import { encodeSvgGrid, type ImageBatch, imageGrid, signedImages } from '../../plot/index.js';
import type { HasPortraits, Portrait } from '../contract.js';
import { isPicture } from '../encode-samples.js';
import type { Picture, PictureRequest } from './draw-pictures.js';

/** A figure for each of the model's portraits. */
export async function portraitPictures({ model, exampleShape, heading }: PictureRequest): Promise<readonly Picture[]> {
  if (!hasPortraits(model) || !isPicture(exampleShape)) return [];
  const portraits = await model.portraits();
  return Promise.all(portraits.map((portrait) => drawPortrait(portrait, heading)));
}

/** A portrait as a figure. */
export async function drawPortrait(portrait: Portrait, heading: string): Promise<Picture> {
  const { name, title: what, images, directions, columns, ...labels } = portrait;
  const title = `${heading}: ${what}`;
  const batch = directions === undefined ? images : joined(inColour(images), signedImages(directions));
  const grid = imageGrid(batch, { columns });
  return { name, title, svg: await encodeSvgGrid(grid, { ...labels, title, frames: directions !== undefined }) };
}

/** Whether a model shows something of itself. */
function hasPortraits(model: object): model is HasPortraits {
  return 'portraits' in model && typeof model.portraits === 'function';
}

/** Grey images as images in colour. */
function inColour({ data, shape }: ImageBatch): ImageBatch {
  if (shape[3] !== 1) return { data, shape };
  return {
    data: Float32Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)] ?? 0),
    shape: [...shape.slice(0, 3), 3],
  };
}

/** Images one after the other, all of one size and number of channels. */
function joined(a: ImageBatch, b: ImageBatch): ImageBatch {
  const data = new Float32Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { data, shape: [(a.shape[0] ?? 0) + (b.shape[0] ?? 0), ...a.shape.slice(1)] };
}
