// What a model draws while it is being trained, to watch it learn.
import { isImageShape } from '../data/dataset.js';
import type { GenerativeModel } from './contract.js';
import { encodeSamples, type FileContent, naturalEnding } from './encode-samples.js';

/** A grid of 64 images, or a table of 1000 other rows: enough to see a distribution. */
const counts = { images: 64, rows: 1000 } as const;

/** Samples of a model of rows of some shape, always of the same codes, as the content of a file and its ending. */
export async function drawSamples(
  model: GenerativeModel,
  exampleShape: readonly number[],
  seed: number,
): Promise<{ readonly ending: string; readonly content: FileContent }> {
  const samples = await model.sample(isImageShape(exampleShape) ? counts.images : counts.rows, { seed });
  const ending = naturalEnding(exampleShape);
  return { ending, content: await encodeSamples(samples, ending, model.table) };
}
