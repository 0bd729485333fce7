// Images and other rows in [0, 1] made black and white, for models of binary data.
import { ConfigError } from '../core/errors.js';
import { present } from '../core/present.js';
import { random } from '../runtime/random.js';
import { type ByteRows, type Dataset, gatherWithBytes } from './dataset.js';

/** How to decide between 0 and 1. */
export type BinariseOptions =
  | {
      /** Numbers above it become 1. Default 0.5. */
      readonly threshold?: number;
    }
  | {
      /** Each number is drawn once as 0 or 1 with itself as the probability of 1 (Salakhutdinov and Murray 2008); always the same draw. */
      readonly seed: number;
    };

/**
 * A view of a data set whose numbers are 0 and 1.
 *
 * @throws ConfigError for a threshold outside [0, 1)
 * @example const digits = binarise(await mnist());                    // above one half
 * const drawn = binarise(await mnist(), { seed: 0 });                 // brightness is the probability
 */
export function binarise(data: Dataset, options: BinariseOptions = {}): Dataset {
  const change = 'seed' in options ? drawn(options.seed) : thresholded(options.threshold ?? 0.5);
  const how =
    'seed' in options ? `drawn as 0 and 1 by seed ${options.seed}` : `1 above ${options.threshold ?? 0.5}, else 0`;
  const { name, exampleShape, length, classes, labels, source } = data;
  const { bytes } = data.gather;
  return {
    name,
    exampleShape,
    length,
    ...present({ classes, labels }),
    source: { ...source, description: `${source.description}; ${how}` },
    gather: gatherWithBytes(
      async (indices) => {
        const batch = await data.gather(indices);
        change(batch.x, indices);
        return batch;
      },
      'seed' in options || bytes === undefined ? undefined : thresholdedBytes(bytes, options.threshold ?? 0.5),
    ),
  };
}

type Change = (x: Float32Array, indices: ArrayLike<number>) => void;

function thresholded(threshold: number): Change {
  if (!(threshold >= 0 && threshold < 1))
    throw new ConfigError(`The threshold is ${threshold}; it has to be in [0, 1), so that both sides exist.`);
  return (x) => {
    for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) > threshold ? 1 : 0;
  };
}

/** Bytes 0 and 1 in place of those of the numbers. */
function thresholdedBytes({ divisor, gather }: ByteRows, threshold: number): ByteRows {
  const above = Uint8Array.from({ length: 256 }, (_, byte) => (Math.fround(byte / divisor) > threshold ? 1 : 0));
  return {
    divisor: 1,
    async gather(indices) {
      const { bytes, ...others } = await gather(indices);
      for (let i = 0; i < bytes.length; i++) bytes[i] = above[bytes[i] ?? 0] ?? 0;
      return { bytes, ...others };
    },
  };
}

/** A row's draw depends on its number only. */
function drawn(seed: number): Change {
  const stream = random(seed).split('binarise');
  return (x, indices) => {
    const size = x.length / Math.max(1, indices.length);
    for (let row = 0; row < indices.length; row++) {
      const uniform = stream.split(indices[row] ?? 0).uniform(size);
      for (let i = 0; i < size; i++) x[row * size + i] = (uniform[i] ?? 0) < (x[row * size + i] ?? 0) ? 1 : 0;
    }
  };
}
