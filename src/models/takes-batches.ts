// Two ways of fitting: batch by batch for epochs, or over all rows at once, in one pass or in iterations until they converge.
import type { FittableModel } from './contract.js';

/** Whether a model is trained batch by batch, so that epochs, steps, batch sizes and checkpoints mean something to it. */
export function takesBatches({ defaultBatchSize }: Pick<FittableModel, 'defaultBatchSize'>): boolean {
  return defaultBatchSize !== undefined;
}

/**
 * Rows per batch where nobody chose: the model's own number, or as many as so few rows allow.
 *
 * @param rows of the data that are trained on
 */
export function usualBatchSize(
  { defaultBatchSize, batchesPerStep = 1 }: Pick<FittableModel, 'defaultBatchSize' | 'batchesPerStep'>,
  rows: number,
): number | undefined {
  return defaultBatchSize && Math.max(1, Math.min(defaultBatchSize, Math.floor(rows / batchesPerStep)));
}
