// The data of the figures.
import { binarise, type Dataset } from '../../src/data/index.js';
import { openDataset } from '../../src/index.js';
import type { FigureData } from './figure.js';

/** All training rows, or all test rows. */
export async function openRowsOf(data: FigureData, split: 'train' | 'test'): Promise<Dataset> {
  if (data === 'mnist above one half') return binarise(await openDataset('mnist', { split }));
  return openDataset(data, { split });
}
