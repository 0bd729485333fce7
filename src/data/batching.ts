// Which rows a training step sees: a pure function of seed and step, so that training can resume at any step without saved state.
// Every epoch is a permutation of the rows, cut into batches.
import { ConfigError } from '../core/errors.js';
import { random } from '../runtime/random.js';

/** How rows become batches. */
export interface BatchOptions {
  /** How many rows the data set has. */
  readonly length: number;
  /** Rows per batch. */
  readonly batchSize: number;
  readonly seed: number;
  /** Leaves out the incomplete batch at an epoch's end, so that every batch has the same shape. Default: true. */
  readonly dropLast?: boolean;
}

/** The rows of one training step. */
export interface StepRows {
  /** Epochs completed before this step. */
  readonly epoch: number;
  readonly indices: Uint32Array<ArrayBuffer>;
}

/** The rows of any step of a training. */
export interface Batcher {
  readonly stepsPerEpoch: number;
  /** @throws ConfigError for a step that is not a whole number from 0 */
  at(step: number): StepRows;
}

/** The order in which `epoch` visits the rows 0 to length - 1. */
export function epochOrder(length: number, seed: number, epoch: number): Uint32Array<ArrayBuffer> {
  return random(seed).split('order').split(epoch).permutation(length);
}

/**
 * The rows of every step, keeping the order of the epoch it is in.
 *
 * @throws ConfigError for a batch size that is not a whole number from 1 to the number of rows
 * @example const batches = batcher({ length: data.length, batchSize: 64, seed: 0 }); batches.at(0).indices
 */
export function batcher({ length, batchSize, seed, dropLast = true }: BatchOptions): Batcher {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new ConfigError(`The batch size is ${batchSize}; it has to be a whole number of 1 or more.`);
  if (batchSize > length)
    throw new ConfigError(
      `The batch size ${batchSize} is more than the ${length} rows there are; use at most ${length}.`,
    );
  const stepsPerEpoch = dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
  let last: { epoch: number; order: Uint32Array<ArrayBuffer> } | undefined;
  return {
    stepsPerEpoch,
    at(step) {
      if (!Number.isSafeInteger(step) || step < 0)
        throw new ConfigError(`Step ${step} was asked for; steps are whole numbers from 0.`);
      const epoch = Math.floor(step / stepsPerEpoch);
      if (last?.epoch !== epoch) last = { epoch, order: epochOrder(length, seed, epoch) };
      const start = (step % stepsPerEpoch) * batchSize;
      return { epoch, indices: last.order.slice(start, start + batchSize) };
    },
  };
}

/** The rows of one step; `batcher` is faster for many. */
export function batchIndices(options: BatchOptions & { readonly step: number }): StepRows {
  return batcher(options).at(options.step);
}
