// The sheets of images that a model shows of itself, as figures.
import { encodeSvgGrid, type ImageBatch, imageGrid, signedImages } from '../../plot/index.js';
import type { GenerativeModel, HasPortraits, Portrait } from '../contract.js';
import { isPicture } from '../encode-samples.js';
import { hasDecoder, hasEncoder } from '../tools/abilities.js';
import { classesOf } from './class-samples-picture.js';
import type { Picture, PictureRequest } from './draw-pictures.js';
import { latentGridPortrait } from './latent-grid.js';

/** A figure for each of the model's portraits. */
export async function portraitPictures({ model, exampleShape, heading }: PictureRequest): Promise<readonly Picture[]> {
  if (!isPicture(exampleShape)) return [];
  const portraits = await portraitsOf(model, exampleShape);
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

/** What the model shows of itself; of one that only decodes standard normal codes, as generators do, the plane of these. */
async function portraitsOf(model: GenerativeModel, exampleShape: readonly number[]): Promise<readonly Portrait[]> {
  if (hasPortraits(model)) return model.portraits();
  const isPlain = hasDecoder(model) && !hasEncoder(model) && classesOf(model).length === 0;
  return isPlain ? latentGridPortrait(model, exampleShape) : [];
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
