// Images of numbers that are negative or positive, such as principal components: the sign as a hue, the size as its depth.
import { ShapeError } from '../core/errors.js';
import type { ImageBatch } from './image-grid.js';

/** From the most negative to the most positive: RdBu of ColorBrewer (Brewer 2003) reversed, which the colour-blind can read. */
const stops = [
  [5, 48, 97],
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [247, 247, 247],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
  [103, 0, 31],
] as const;

/**
 * Signed images as images in colour, each scaled to its own largest magnitude: blue below zero, white at zero, red above. Of images
 * that are coloured themselves, zero becomes grey.
 *
 * @param images [N, H, W, C], any finite numbers
 * @returns [N, H, W, 3], in [0, 1]
 * @throws ShapeError for other than 1 or 3 channels
 * @example imageGrid(signedImages({ data: components, shape: [16, 28, 28, 1] }))
 */
export function signedImages({ data, shape }: ImageBatch): { data: Float32Array; shape: readonly number[] } {
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  if (channels !== 1 && channels !== 3)
    throw new ShapeError(`Received signed images of ${channels} channels; expected 1 or 3.`);
  const size = height * width * channels;
  const pixels = new Float32Array(count * height * width * 3);
  for (let index = 0; index < count; index++) {
    const image = data.subarray(index * size, (index + 1) * size);
    const largest = image.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const target = index * height * width * 3;
    for (const [place, value] of image.entries()) {
      if (channels === 3) pixels[target + place] = 0.5 + value / largest / 2;
      else pixels.set(hue(value / largest), target + place * 3);
    }
  }
  return { data: pixels, shape: [count, height, width, 3] };
}

/** The colour of a number in [-1, 1]. */
function hue(value: number): readonly number[] {
  const place = ((value + 1) / 2) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[index] ?? stops[0], stops[index + 1] ?? stops[0]];
  return from.map((start, channel) => (start + (place - index) * ((to[channel] ?? 0) - start)) / 255);
}
