// Images as bytes: the common currency of grids, animations and encoders.
import { ShapeError } from '../core/errors.js';

/** An image of 8-bit samples, row by row from the top, channels interleaved. */
export interface RawImage {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** 1: grey, 3: red, green, blue, 4: with alpha. */
  readonly channels: 1 | 3 | 4;
  /** [height, width, channels], 0 to 255. */
  readonly data: Uint8Array;
}

/** Checks that an image has pixels and that its data are as long as its shape says. @throws ShapeError */
export function checkImage(image: RawImage): void {
  const { width, height, channels, data } = image;
  const sizesAreCounts = [width, height].every((size) => Number.isInteger(size) && size >= 1);
  if (sizesAreCounts && [1, 3, 4].includes(channels) && data.length === width * height * channels) return;
  throw new ShapeError(
    `Received an image of ${width} x ${height} pixels with ${channels} channels and ${data.length} bytes; ` +
      'expected at least one pixel, 1, 3 or 4 channels, and width * height * channels bytes.',
  );
}

/**
 * The image as a PNG file, without loss; the same image always gives the same bytes.
 *
 * @throws ShapeError where the data do not fit the size
 * @example await writeFile('grid.png', await encodePng(imageGrid(await model.sample(64))))
 */
export async function encodePng(image: RawImage): Promise<Uint8Array> {
  checkImage(image);
  const { width, height, channels, data } = image;
  const { default: sharp } = await import('sharp');
  const pipeline = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  return pipeline.png({ compressionLevel: 9 }).toBuffer();
}
