// Random changes to a batch that leave its meaning: more data from the same data. Pure functions of the batch and a random stream;
// training passes random(seed).split('augment').split(step), so every step draws anew and a resumed one draws the same.
import { ShapeError } from '../core/errors.js';
import type { Random } from '../runtime/random.js';
import { type Batch, exampleSize, isImageShape } from './dataset.js';

/** A random change to a batch whose rows have shape `exampleShape`. */
export type Augmentation = (batch: Batch, exampleShape: readonly number[], stream: Random) => Batch;

/**
 * Mirrors each image left to right with probability 1/2.
 *
 * @throws ShapeError where the rows are not images [H, W, C]
 * @example flipHorizontally(batch, data.exampleShape, random(seed).split('augment').split(step))
 */
export const flipHorizontally: Augmentation = (batch, exampleShape, stream) => {
  if (!isImageShape(exampleShape))
    throw new ShapeError(
      `Rows of shape [${exampleShape.join(', ')}] cannot be mirrored; images have three axes, [H, W, C].`,
    );
  const [height, width, channels] = exampleShape;
  const size = exampleSize(exampleShape);
  const x = batch.x.slice();
  for (let image = 0; image < x.length / size; image++) {
    if (stream.next() < 0.5) continue;
    for (let row = 0; row < height; row++) {
      const start = image * size + row * width * channels;
      for (let column = 0; column < width; column++)
        for (let channel = 0; channel < channels; channel++)
          x[start + column * channels + channel] = batch.x[start + (width - 1 - column) * channels + channel] ?? 0;
    }
  }
  return { ...batch, x };
};

/** The largest shift, as a share of a side: 3 pixels of 28, 4 of 32. */
const shiftShare = 1 / 8;

/**
 * Moves each image by up to an eighth of its height and width, every whole number of pixels equally likely; what comes in is black. The
 * same as cropping at random from an image with a border (Krizhevsky et al. 2012).
 *
 * @throws ShapeError where the rows are not images [H, W, C]
 * @example shiftImages(batch, data.exampleShape, random(seed).split('augment').split(step))
 */
export const shiftImages: Augmentation = (batch, exampleShape, stream) => {
  if (!isImageShape(exampleShape))
    throw new ShapeError(
      `Rows of shape [${exampleShape.join(', ')}] cannot be shifted; images have three axes, [H, W, C].`,
    );
  const [height, width, channels] = exampleShape;
  const size = exampleSize(exampleShape);
  const rowSize = width * channels;
  const [mostDown, mostRight] = [Math.floor(height * shiftShare), Math.floor(width * shiftShare)];
  const images = batch.x.length / size;
  const downs = stream.split('down').integers(images, -mostDown, mostDown + 1);
  const rights = stream.split('right').integers(images, -mostRight, mostRight + 1);
  const x = new Float32Array(batch.x.length);
  for (let image = 0; image < images; image++) {
    const [down, right] = [downs[image] ?? 0, rights[image] ?? 0];
    const kept = rowSize - Math.abs(right) * channels;
    const [from, to] = [Math.max(0, -right) * channels, Math.max(0, right) * channels];
    for (let row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
      const source = image * size + row * rowSize + from;
      x.set(batch.x.subarray(source, source + kept), image * size + (row + down) * rowSize + to);
    }
  }
  return { ...batch, x };
};

/** The augmentations by the names that training options use. */
export const augmentations = {
  /** Mirrors images left to right at random: for photographs, not for letters and digits. */
  flip: flipHorizontally,
  /** Moves images by a few pixels at random. */
  shift: shiftImages,
} as const satisfies Record<string, Augmentation>;

/** The name of an augmentation. */
export type AugmentationName = keyof typeof augmentations;
