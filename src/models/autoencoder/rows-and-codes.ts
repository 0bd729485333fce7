// What autoencoders check about codes and data.
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize, isImageShape } from '../../data/dataset.js';
import type { Samples } from '../contract.js';
import type { Survey } from '../survey.js';

/** The most numbers of one result: 8 GiB, near the longest Float32Array. */
const mostNumbers = 2 ** 31;

/** The number of codes. @throws ShapeError for codes that are not [N, latentSize], ConfigError for numbers that are not finite */
export function checkCodes(kind: string, { data, shape }: Samples, latentSize: number): number {
  const [count = 0, size] = shape;
  if (shape.length !== 2 || count < 1 || size !== latentSize || data.length !== count * latentSize)
    throw new ShapeError(
      `${kind}: codes have to be [N, ${latentSize}]; received [${shape.join(', ')}] with ${data.length} numbers.`,
    );
  const broken = data.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0)
    throw new ConfigError(
      `${kind}: code ${Math.floor(broken / latentSize)} holds ${data[broken]}; codes have to be finite numbers.`,
    );
  return count;
}

/** @throws ConfigError where so many rows cannot be held at once */
export function checkMemory(kind: string, count: number, exampleShape: readonly number[], latentSize: number): void {
  const size = Math.max(exampleSize(exampleShape), latentSize);
  if (count * size > mostNumbers)
    throw new ConfigError(
      `${kind}: ${count} rows of ${size} numbers do not fit in memory at once; draw at most ${Math.floor(mostNumbers / size)} at a time.`,
    );
}

/** At most `most` rows of a data set, evenly spaced. */
export async function evenlySpaced(data: Dataset, most: number): Promise<Samples> {
  const count = Math.min(most, data.length);
  const { x, labels } = await data.gather(
    Uint32Array.from({ length: count }, (_, i) => Math.floor((i * data.length) / count)),
  );
  return { data: x, shape: [count, ...data.exampleShape], ...(labels === undefined ? {} : { labels }) };
}

/** Says where columns are of very different sizes, which no single variance and step size suits. */
export function scaleWarnings(data: Dataset, { means, squares }: Survey): string[] {
  if (isImageShape(data.exampleShape)) return [];
  const isFar = (column: number): boolean => {
    const mean = means[column] ?? 0;
    const variance = (squares[column] ?? 0) - mean ** 2;
    return Math.abs(mean) > 10 || variance > 100 || (variance > 0 && variance < 1e-4);
  };
  const far = Array.from(means.keys()).filter(isFar);
  if (far.length === 0) return [];
  const [first = 0] = far;
  return [
    `${far.length} of ${means.length} columns of ${data.name} are far from mean 0 and variance 1 (column ${first + 1} has the mean ` +
      `${Number((means[first] ?? 0).toPrecision(3))}). Standardise them, as standardise(data) does.`,
  ];
}

/** @throws ConfigError for rows with numbers outside [0, 1], saying why they have to be inside */
export function checkRange(kind: string, data: Dataset, { smallest, largest }: Survey, why: string): void {
  if (smallest >= 0 && largest <= 1) return;
  throw new ConfigError(
    `${kind}: ${data.name} holds numbers from ${smallest} to ${largest}, but ${why}, so they have to be in [0, 1]. ` +
      'Divide 8-bit pixels by 255, or choose an output for real numbers.',
  );
}
