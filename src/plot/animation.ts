// Frames as a looping animation: samples from the same latent codes while a model trains, a walk through latent space.
import { ConfigError, ShapeError } from '../core/errors.js';
import { lookUp } from '../core/nearest.js';
import { checkImage, type RawImage } from './raw-image.js';

/** The file formats of animations. WebP is lossless and smaller; GIF plays everywhere. */
export type AnimationFormat = 'gif' | 'webp';

/** How `animate` plays the frames. */
export interface AnimationOptions {
  /** Default 'gif'. */
  readonly format?: AnimationFormat;
  /** The time that a frame is shown, in milliseconds; default 120. GIF rounds it to hundredths of a second. */
  readonly delayMs?: number;
  /** The time that the last frame is shown, in milliseconds; default 1500, so that the outcome can be looked at. */
  readonly lastDelayMs?: number;
  /** How often it plays; 0, the default, means for ever. */
  readonly loop?: number;
}

type Encoder = (image: import('sharp').Sharp, timing: { delay: number[]; loop: number }) => import('sharp').Sharp;

const encoders: Record<AnimationFormat, Encoder> = {
  // No dithering: it adds noise to grey images, and noise is what a GIF cannot compress.
  gif: (image, timing) => image.gif({ ...timing, dither: 0, effort: 7 }),
  webp: (image, timing) => image.webp({ ...timing, lossless: true, effort: 4 }),
};

/**
 * The frames as one looping animation file. Neighbouring frames that are equal become one that is shown longer.
 *
 * @throws ShapeError where there is no frame, or frames differ in size or channels
 * @throws ConfigError for a delay or a repetition count that is not possible
 * @example await animate(grids, { format: 'webp', delayMs: 80 })
 */
export async function animate(frames: readonly RawImage[], options: AnimationOptions = {}): Promise<Uint8Array> {
  const { format = 'gif', delayMs = 120, lastDelayMs = 1500, loop = 0 } = options;
  const encode = lookUp('animation format', encoders, format);
  for (const [name, delay] of Object.entries({ delayMs, lastDelayMs }))
    if (!(delay >= 1 && delay <= 600_000))
      throw new ConfigError(`The animation's ${name} is ${delay}; expected 1 to 600000 milliseconds.`);
  if (!(Number.isInteger(loop) && loop >= 0 && loop <= 65535))
    throw new ConfigError(`The animation's loop is ${loop}; expected a whole number up to 65535, or 0 for endless.`);

  const { width, height, channels, data } = stack(frames);
  const { default: sharp } = await import('sharp');
  const raw = { width, height, channels, pageHeight: height / frames.length };
  const levels = format === 'gif' && channels === 1 ? coarsen(data) : data;
  const delay = frames.map((_, index) => Math.round(index === frames.length - 1 ? lastDelayMs : delayMs));
  return encode(sharp(levels, { raw, limitInputPixels: false }), { delay, loop }).toBuffer();
}

/** The frames below each other as one tall image, the form in which sharp takes pages. */
function stack(frames: readonly RawImage[]): RawImage {
  const [first] = frames;
  if (first === undefined) throw new ShapeError('Received no frames; an animation needs at least one.');
  const data = new Uint8Array(frames.length * first.data.length);
  for (const [index, frame] of frames.entries()) {
    checkImage(frame);
    if (describe(frame) !== describe(first))
      throw new ShapeError(
        `Frame ${index} has ${describe(frame)}, frame 0 has ${describe(first)}; expected frames of one size.`,
      );
    data.set(frame.data, index * first.data.length);
  }
  return { width: first.width, height: first.height * frames.length, channels: first.channels, data };
}

/** 32 evenly spaced greys: at most 5 of 255 off, which no eye sees in a moving picture, and a GIF of about half the size. */
function coarsen(data: Uint8Array): Uint8Array {
  return data.map((value) => Math.round((Math.round((value * 31) / 255) * 255) / 31));
}

function describe({ width, height, channels }: RawImage): string {
  return `${width} x ${height} pixels and ${channels} channels`;
}
