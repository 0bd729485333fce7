// Rows in a grid of a given width, as pictures where the file is one; otherwise as numbers.
import { extname } from 'node:path';
import { type TableSchema, writeFileAtomic } from '../../data/index.js';
import type { Samples } from '../../models/contract.js';
import { encodeSamples, naturalEnding } from '../../models/encode-samples.js';
import { encodePng, encodeSvgGrid, imageGrid } from '../../plot/index.js';

/** Where results go when nobody says: a picture of images, a table of other rows. */
export function defaultFile(name: string, exampleShape: readonly number[]): string {
  return `${name}${naturalEnding(exampleShape)}`;
}

/**
 * Writes rows, all or nothing.
 *
 * @param columns images beside each other, in pictures
 * @param table the table that the model was fitted to, in whose units a .csv file is
 * @throws ConfigError for a picture of rows that are no images, UnknownNameError for another kind of file
 */
export async function writeGrid(path: string, samples: Samples, columns: number, table?: TableSchema): Promise<void> {
  const ending = extname(path).toLowerCase();
  // Says what is wrong with rows that are no images.
  const content = await encodeSamples(samples, ending, table);
  if (ending !== '.png' && ending !== '.svg') return writeFileAtomic(path, content);
  const grid = imageGrid(samples, { columns });
  return writeFileAtomic(path, ending === '.png' ? await encodePng(grid) : await encodeSvgGrid(grid));
}
