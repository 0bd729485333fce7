// Two ways of fitting: batch by batch for epochs, or over all rows at once, in one pass or in iterations until they converge.
import type { FittableModel } from './contract.js';

/** Whether a model is trained batch by batch, so that epochs, steps, batch sizes and checkpoints mean something to it. */
export function takesBatches({ defaultBatchSize }: Pick<FittableModel, 'defaultBatchSize'>): boolean {
  return defaultBatchSize !== undefined;
}
