// Images of another size, as views: `resizeImages` resamples, `cropImages` cuts the middle out or pads around it.
// Resampling is separable with a triangle filter, bilinear when enlarging and widened when shrinking so that it averages instead
// of skipping pixels (the anti-aliased bilinear of PIL; weights are non-negative, so pixels stay in [0, 1]).
import { ConfigError, ShapeError } from '../core/errors.js';
import { type Batch, type Dataset, exampleSize, isImageShape } from './dataset.js';

/** Height and width in pixels; one number means a square. */
export type ImageSize = number | readonly [height: number, width: number];

/**
 * A view of a data set of images, resampled to `size`. The aspect ratio is not kept; crop first where it matters.
 *
 * @throws ShapeError where the rows are not images
 * @example resizeImages(await mnist(), 32)
 */
export function resizeImages(dataset: Dataset, size: ImageSize): Dataset {
  const [height, width, channels] = imageShape(dataset);
  const [toHeight, toWidth] = imageSize(size);
  const rows = filter(height, toHeight);
  const columns = filter(width, toWidth);
  return mapImages(dataset, [toHeight, toWidth, channels], `resized to ${toHeight} x ${toWidth}`, (from, to) => {
    const narrowed = new Float32Array(height * toWidth * channels);
    for (let y = 0; y < height; y++)
      apply(columns, from, y * width * channels, narrowed, y * toWidth * channels, channels, channels);
    const stride = toWidth * channels;
    apply(rows, narrowed, 0, to, 0, stride, stride);
  });
}

/**
 * A view of a data set of images with the middle `size` pixels of each; where the image is smaller, `fill` surrounds it.
 *
 * @param fill the value of pixels outside the image, in [0, 1]; default 0
 * @throws ShapeError where the rows are not images
 * @example cropImages(await mnist(), 32) // two black pixels on every side
 */
export function cropImages(dataset: Dataset, size: ImageSize, fill = 0): Dataset {
  const [height, width, channels] = imageShape(dataset);
  const [toHeight, toWidth] = imageSize(size);
  if (!(fill >= 0 && fill <= 1)) throw new ConfigError(`The fill is ${fill}; pixels lie in [0, 1].`);
  const top = Math.floor((height - toHeight) / 2);
  const left = Math.floor((width - toWidth) / 2);
  const firstColumn = Math.max(0, -left);
  const lastColumn = Math.min(toWidth, width - left);
  return mapImages(dataset, [toHeight, toWidth, channels], `cropped to ${toHeight} x ${toWidth}`, (from, to) => {
    to.fill(fill);
    for (let y = Math.max(0, -top); y < Math.min(toHeight, height - top); y++) {
      const start = ((y + top) * width + left) * channels;
      to.set(
        from.subarray(start + firstColumn * channels, start + lastColumn * channels),
        (y * toWidth + firstColumn) * channels,
      );
    }
  });
}

function mapImages(
  dataset: Dataset,
  shape: readonly number[],
  what: string,
  convert: (from: Float32Array, to: Float32Array) => void,
): Dataset {
  const { name, length, classes, labels, source } = dataset;
  const fromSize = exampleSize(dataset.exampleShape);
  const toSize = exampleSize(shape);
  const convertAll = (batch: Batch): Batch => {
    const count = batch.x.length / fromSize;
    const x = new Float32Array(count * toSize);
    for (let i = 0; i < count; i++)
      convert(batch.x.subarray(i * fromSize, (i + 1) * fromSize), x.subarray(i * toSize, (i + 1) * toSize));
    return { ...batch, x };
  };
  return {
    name,
    exampleShape: shape,
    length,
    source: { ...source, description: `${source.description}; ${what}` },
    ...(classes === undefined ? {} : { classes }),
    ...(labels === undefined ? {} : { labels }),
    gather(indices) {
      const batch = dataset.gather(indices);
      return batch instanceof Promise ? batch.then(convertAll) : convertAll(batch);
    },
  };
}

/** For each place of the result: the first source place it averages, and the weights from there on. */
type Filter = readonly { readonly first: number; readonly weights: readonly number[] }[];

function filter(from: number, to: number): Filter {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const end = Math.min(from, Math.floor(centre + reach + 0.5));
    const raw = Array.from({ length: end - first }, (_, i) =>
      Math.max(0, 1 - Math.abs(first + i + 0.5 - centre) / reach),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}

/** Averages blocks of `width` numbers, `stride` apart, by the filter's weights. */
function apply(
  filters: Filter,
  from: Float32Array,
  fromStart: number,
  to: Float32Array,
  toStart: number,
  stride: number,
  width: number,
): void {
  filters.forEach(({ first, weights }, place) => {
    for (let k = 0; k < width; k++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++)
        sum += (weights[i] ?? 0) * (from[fromStart + (first + i) * stride + k] ?? 0);
      // Weights add up to 1 only to the last bit; a white pixel must not become more than white.
      to[toStart + place * stride + k] = Math.min(1, sum);
    }
  });
}

function imageShape(dataset: Dataset): readonly [number, number, number] {
  if (!isImageShape(dataset.exampleShape))
    throw new ShapeError(
      `The rows of "${dataset.name}" have shape [${dataset.exampleShape.join(', ')}]; images have three axes, [H, W, C].`,
    );
  return dataset.exampleShape;
}

/** @throws ConfigError for a size that is not one or two whole numbers above 0 */
export function imageSize(size: ImageSize): readonly [number, number] {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  if (!Number.isInteger(height) || !Number.isInteger(width) || height < 1 || width < 1)
    throw new ConfigError(`The image size is [${height}, ${width}]; both have to be whole numbers of 1 or more.`);
  return [height, width];
}
