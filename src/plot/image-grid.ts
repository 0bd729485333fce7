// A sheet of samples: images side by side, row by row, the figure every paper on image models has.
import { ConfigError, ShapeError } from '../core/errors.js';
import type { RawImage } from './raw-image.js';

/** Images as models exchange them. */
export interface ImageBatch {
  /** Values in [0, 1], row-major. */
  readonly data: Float32Array;
  /** [N, H, W, C] with C = 1 (grey), 3 (red, green, blue) or 4 (with alpha). */
  readonly shape: readonly number[];
}

/** How `imageGrid` arranges images. */
export interface ImageGridOptions {
  /** Images per row; default: the square root of their number, rounded up. */
  readonly columns?: number;
  /** The gap around and between images, in pixels of the result; default 2. */
  readonly padding?: number;
  /** The grey level of gaps and empty places, 0 (black) to 1 (white, the default). */
  readonly background?: number;
  /** Each pixel becomes a square of so many; default: as large as keeps an image within 64 pixels, at least 1. */
  readonly scale?: number;
}

/** A grid as an image that still knows where its cells are: cell (r, c) starts at padding + c * (cellWidth + padding). */
export interface ImageGrid extends RawImage {
  readonly rows: number;
  readonly columns: number;
  /** The width of one image in the grid, scale included. */
  readonly cellWidth: number;
  /** The height of one image in the grid, scale included. */
  readonly cellHeight: number;
  readonly padding: number;
}

/**
 * Arranges images in a grid, row by row. Values outside [0, 1] are clipped.
 *
 * @param images [N, H, W, C] in [0, 1], such as a model's samples
 * @throws ShapeError where the shape is not [N, H, W, C] or does not fit the pixels
 * @throws ConfigError for an option out of range or a pixel that is NaN
 * @example imageGrid(await model.sample(64), { columns: 8 })
 */
export function imageGrid(images: ImageBatch, options: ImageGridOptions = {}): ImageGrid {
  const { count, height, width, channels } = batchShape(images);
  const columns = wholeNumber('columns', options.columns ?? Math.ceil(Math.sqrt(count)), 1);
  const padding = wholeNumber('padding', options.padding ?? 2, 0);
  const scale = wholeNumber('scale', options.scale ?? Math.max(1, Math.floor(64 / Math.max(height, width))), 1);
  const background = options.background ?? 1;
  if (!(background >= 0 && background <= 1))
    throw new ConfigError(`The grid's background is ${background}; expected a grey level from 0 (black) to 1 (white).`);

  const rows = Math.ceil(count / columns);
  const cellWidth = width * scale;
  const cellHeight = height * scale;
  const gridWidth = padding + columns * (cellWidth + padding);
  const gridHeight = padding + rows * (cellHeight + padding);
  const data = new Uint8Array(gridWidth * gridHeight * channels).fill(Math.round(background * 255));
  if (channels === 4) for (let alpha = 3; alpha < data.length; alpha += 4) data[alpha] = 255;

  const rowBytes = gridWidth * channels;
  for (let index = 0; index < count; index++) {
    const left = padding + (index % columns) * (cellWidth + padding);
    const top = padding + Math.floor(index / columns) * (cellHeight + padding);
    for (let y = 0; y < height; y++) {
      const source = (index * height + y) * width * channels;
      const start = (top + y * scale) * rowBytes + left * channels;
      let target = start;
      for (let x = 0; x < width; x++) {
        for (let repeat = 0; repeat < scale; repeat++) {
          for (let channel = 0; channel < channels; channel++) {
            data[target++] = toByte(images.data[source + x * channels + channel] ?? Number.NaN, index, y, x);
          }
        }
      }
      for (let repeat = 1; repeat < scale; repeat++) data.copyWithin(start + repeat * rowBytes, start, target);
    }
  }
  return { width: gridWidth, height: gridHeight, channels, data, rows, columns, cellWidth, cellHeight, padding };
}

function toByte(value: number, index: number, y: number, x: number): number {
  if (Number.isNaN(value))
    throw new ConfigError(
      `Image ${index} is NaN at row ${y}, column ${x}; expected values in [0, 1]. ` +
        'A model that produced it has probably diverged: look at its losses.',
    );
  return Math.round(Math.min(1, Math.max(0, value)) * 255);
}

function batchShape({ data, shape }: ImageBatch) {
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  const fits = shape.length === 4 && shape.every((size) => Number.isInteger(size) && size >= 1);
  if (!fits || (channels !== 1 && channels !== 3 && channels !== 4))
    throw new ShapeError(
      `Received images of shape [${shape.join(', ')}]; expected [N, H, W, C] with at least one image, and C = 1, 3 or 4.`,
    );
  if (data.length !== count * height * width * channels)
    throw new ShapeError(
      `Received ${data.length} pixel values for the shape [${shape.join(', ')}]; ` +
        `expected ${count * height * width * channels}.`,
    );
  return { count, height, width, channels } as const;
}

function wholeNumber(option: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new ConfigError(`The grid's ${option} is ${value}; expected a whole number of at least ${least}.`);
}
