// Image files to pixels, by the library sharp (libvips): any of the formats below, of any size, to bytes of one shape.
import type { Sharp, SharpOptions } from 'sharp';
import { ConfigError, FileFormatError } from '../../core/errors.js';
import { type ImageSize, imageSize } from '../image-size.js';

/** How image files become images of one shape. */
export interface ImageOptions {
  /** Height and width in pixels. Default: that of the first image, which all others then have to share. */
  readonly size?: ImageSize;
  /** 1 is grey, 3 is RGB, 4 is RGB and opacity. Default: 1 where the first image is grey, else 3. */
  readonly channels?: 1 | 3 | 4;
  /** 'cover' fills the size and cuts what sticks out, 'contain' fits the image in and fills the rest. Default: 'cover'. */
  readonly fit?: 'cover' | 'contain';
  /** What shows through transparent pixels, and around the image for 'contain': a CSS colour. Default: 'white'. */
  readonly background?: string;
}

/** The options with every default filled in. */
export interface ImagePlan {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
  readonly fit: 'cover' | 'contain';
  readonly background: string;
  /** Whether an image of another size is an error instead of being resized. */
  readonly isExact: boolean;
}

/** The file endings that are read as images. */
export const imageExtensions: readonly string[] = ['png', 'jpg', 'jpeg', 'webp', 'gif', 'tif', 'tiff'];

/**
 * Fills in defaults, from the first image where the options leave something open.
 *
 * @throws ConfigError for options that are not allowed
 * @throws FileFormatError where the first image cannot be read
 */
export async function planImages(firstPath: string, options: ImageOptions): Promise<ImagePlan> {
  const { size, channels, fit = 'cover', background = 'white' } = options;
  if (channels !== undefined && ![1, 3, 4].includes(channels))
    throw new ConfigError(
      `Images with ${channels} channels were asked for; use 1 (grey), 3 (RGB) or 4 (RGB and opacity).`,
    );
  if (fit !== 'cover' && fit !== 'contain')
    throw new ConfigError(`The fit "${String(fit)}" was asked for; use 'cover' or 'contain'.`);
  const first = await metadata(firstPath);
  const [height, width] = size === undefined ? [first.height, first.width] : imageSize(size);
  return { height, width, channels: channels ?? (first.isGrey ? 1 : 3), fit, background, isExact: size === undefined };
}

/**
 * The pixels of an image file, [height, width, channels] as bytes; turned upright where the file says how, the first frame of several.
 *
 * @throws FileFormatError where the file is empty, truncated, damaged or no image
 * @throws ConfigError where its size differs and no size was asked for
 */
export async function readImage(path: string, plan: ImagePlan): Promise<Uint8Array> {
  const { height, width, channels, fit, background, isExact } = plan;
  if (isExact) {
    const own = await metadata(path);
    if (own.height !== height || own.width !== width)
      throw new ConfigError(
        `${path} is ${own.width} x ${own.height} pixels, the first image ${width} x ${height}. ` +
          'Say which size all should have, for example size: 64, on the command line --size 64.',
      );
  }
  try {
    const image = (await openImage(path)).autoOrient();
    if (channels !== 4) image.flatten({ background });
    image.resize({ width, height, fit, background }).toColourspace(channels === 1 ? 'b-w' : 'srgb');
    if (channels === 4) image.ensureAlpha();
    if (channels === 1) image.extractChannel(0);
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (data.length !== height * width * channels)
      throw new Error(`decoding gave ${info.height} x ${info.width} x ${info.channels} pixels`);
    return data;
  } catch (error) {
    throw imageError(path, error);
  }
}

async function metadata(path: string): Promise<{ height: number; width: number; isGrey: boolean }> {
  try {
    const { autoOrient, space } = await (await openImage(path)).metadata();
    return { ...autoOrient, isGrey: space === 'b-w' || space === 'grey16' };
  } catch (error) {
    throw imageError(path, error);
  }
}

/** sharp is loaded when the first image is: nothing else needs it, and it takes a while. */
async function openImage(path: string): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  // Warnings are common in photographs and harmless; truncated and damaged files are errors.
  const options: SharpOptions = { failOn: 'error', sequentialRead: true };
  return sharp(path, options);
}

function imageError(path: string, cause: unknown): FileFormatError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return Object.assign(
    new FileFormatError(path, `cannot be read as an image (${problem}). Replace or remove the file.`),
    { cause },
  );
}
