// What became of images through the code and back, in numbers: the mean squared error of each image.
import type { ImageRows } from './metric.js';

/** The mean of the squared differences of each pair of images, [N]. */
export function squaredErrors(originals: ImageRows, reconstructions: ImageRows): Float64Array {
  const [count] = originals.shape;
  const size = originals.data.length / count;
  return Float64Array.from({ length: count }, (_, image) => {
    let sum = 0;
    for (let i = image * size; i < (image + 1) * size; i++)
      sum += ((originals.data[i] ?? 0) - (reconstructions.data[i] ?? 0)) ** 2;
    return sum / size;
  });
}

/** The mean of numbers. */
export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
