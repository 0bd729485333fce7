// Initial values of parameters: pure functions of shape, fans and a random stream.
//   Glorot: variance 2 / (fanIn + fanOut)  (Glorot and Bengio 2010);  He: variance 2 / ((1 + slope^2) fanIn)  (He et al. 2015)
import type { Random } from '../runtime/random.js';
import { checkNumber } from './check.js';
import { orthogonalColumns } from './orthogonal.js';

/** How many values feed one output of a layer, and how many outputs one input feeds. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Computes the initial values of a parameter, in row-major order. */
export type Initialiser = (shape: readonly number[], stream: Random, fans: Fans) => Float32Array<ArrayBuffer>;

/** Options of the initialisers after He. */
export interface HeOptions {
  /** The slope for negative values of the leaky ReLU that follows; 0 is the ReLU. Default 0. */
  readonly slope?: number;
}

/** The fans of a weight whose last two axes are inputs and outputs and whose others are places of a window. */
export function fansOf(shape: readonly number[]): Fans {
  const places = sizeOf(shape.slice(0, -2));
  return { fanIn: places * (shape.at(-2) ?? 1), fanOut: places * (shape.at(-1) ?? 1) };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Every value equal to `value`. */
function constant(value: number): Initialiser {
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}

/** N(mean, standardDeviation^2); 0.02 is what the DCGAN paper uses (Radford et al. 2016). */
function normal(standardDeviation = 0.02, mean = 0): Initialiser {
  checkNumber('initialisers.normal', 'standardDeviation', standardDeviation, 'notNegative');
  return (shape, stream) => stream.normal(sizeOf(shape), mean, standardDeviation);
}

/** Uniform in [low, high). */
function uniform(low = -0.05, high = 0.05): Initialiser {
  checkNumber('initialisers.uniform', 'high - low', high - low, 'positive');
  return (shape, stream) => stream.uniform(sizeOf(shape), low, high);
}

/** Normal numbers of the variance that `variance` makes of the fans. */
function scaledNormal(variance: (fans: Fans) => number): Initialiser {
  return (shape, stream, fans) => stream.normal(sizeOf(shape), 0, Math.sqrt(variance(fans)));
}

/** Uniform numbers of that variance: U(-a, a) has variance a^2 / 3. */
function scaledUniform(variance: (fans: Fans) => number): Initialiser {
  return (shape, stream, fans) => {
    const limit = Math.sqrt(3 * variance(fans));
    return stream.uniform(sizeOf(shape), -limit, limit);
  };
}

const glorotVariance =
  (gain: number) =>
  ({ fanIn, fanOut }: Fans): number =>
    (2 * gain ** 2) / (fanIn + fanOut);

/** Uniform numbers of variance 2 gain^2 / (fanIn + fanOut); gain sqrt(2) suits a ReLU that follows. */
function glorotUniform(gain = 1): Initialiser {
  checkNumber('initialisers.glorotUniform', 'gain', gain, 'positive');
  return scaledUniform(glorotVariance(gain));
}

const heVariance =
  (slope: number) =>
  ({ fanIn }: Fans): number =>
    2 / ((1 + slope ** 2) * fanIn);

/**
 * A random matrix with orthonormal rows or columns, whichever are fewer, times `gain`; all axes but the last are merged
 * into rows. Uniform over all such matrices (Saxe et al. 2014).
 */
function orthogonal(gain = 1): Initialiser {
  checkNumber('initialisers.orthogonal', 'gain', gain, 'positive');
  return (shape, stream) => {
    const columns = shape.at(-1) ?? 1;
    const rows = sizeOf(shape) / columns;
    const [long, short] = rows >= columns ? [rows, columns] : [columns, rows];
    const vectors = orthogonalColumns(stream, long, short);
    const result = new Float32Array(rows * columns);
    for (let i = 0; i < short; i++)
      for (let j = 0; j < long; j++)
        result[rows >= columns ? j * columns + i : i * columns + j] = gain * (vectors[i]?.[j] ?? 0);
    return result;
  };
}

/**
 * All initialisers.
 *
 * @example dense({ units: 64, weightInitialiser: initialisers.heNormal() })
 */
export const initialisers = {
  zeros: (): Initialiser => constant(0),
  ones: (): Initialiser => constant(1),
  constant,
  normal,
  uniform,
  glorotUniform,
  glorotNormal: (): Initialiser => scaledNormal(glorotVariance(1)),
  heUniform: ({ slope = 0 }: HeOptions = {}): Initialiser => scaledUniform(heVariance(slope)),
  heNormal: ({ slope = 0 }: HeOptions = {}): Initialiser => scaledNormal(heVariance(slope)),
  orthogonal,
} as const;
