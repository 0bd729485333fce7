// The one way to data from outside the program: by name or by path.
import { stat } from 'node:fs/promises';
import { extname, sep } from 'node:path';
import { DatasetError } from '../../core/errors.js';
import { unknownName } from '../../core/nearest.js';
import type { Dataset } from '../dataset.js';
import { cifar10 as cifar10Entry } from '../named/cifar-10.js';
import { fashionMnist as fashionMnistEntry } from '../named/fashion-mnist.js';
import { namedDatasets } from '../named/index.js';
import { mnist as mnistEntry } from '../named/mnist.js';
import { openFile } from './open-file.js';
import { openFolder, splitsOfFolder, undivided } from './open-folder.js';
import { openNamed } from './open-named.js';
import type { OpenOptions } from './open-options.js';

/**
 * Opens a named data set, a folder of images, a folder of IDX or CIFAR-10 files, or a CSV, Parquet, IDX, .npy or CIFAR-10 file.
 * A name wins over a path; write ./mnist for a folder of that name.
 *
 * @throws UnknownNameError for what is neither, with the nearest name
 * @throws DatasetError where the data cannot be found or used
 * @throws FileFormatError where a file is damaged
 * @example const data = await openDataset('mnist', { split: 'test' })
 * @example const cars = await openDataset('cars.csv', { label: 'maker', missing: 'drop' })
 * @example const faces = await openDataset('./photos', { size: 64 })
 */
export async function openDataset(nameOrPath: string, options: OpenOptions = {}): Promise<Dataset> {
  const entry = Object.hasOwn(namedDatasets, nameOrPath) ? namedDatasets[nameOrPath] : undefined;
  if (entry !== undefined) return openNamed(entry, options);
  const status = await stat(nameOrPath).catch(() => undefined);
  if (status?.isDirectory()) return openFolder(nameOrPath, options);
  if (status !== undefined) {
    if (options.split !== undefined && options.split !== 'train') throw undivided(nameOrPath, options.split);
    return openFile(nameOrPath, options);
  }
  if (nameOrPath.includes('/') || nameOrPath.includes(sep) || extname(nameOrPath) !== '')
    throw new DatasetError(
      `There is no file or folder ${nameOrPath}. Check the path, or use a name: ${Object.keys(namedDatasets).join(', ')}.`,
    );
  throw unknownName('data set', nameOrPath, Object.keys(namedDatasets));
}

/**
 * Whether a data set that openDataset opens has a part of its own for testing: named ones that come with one, folders with test/ or files named
 * so. Generated data has as many rows of every part as are wanted.
 *
 * @example await hasTestRows('mnist')      // true
 */
export async function hasTestRows(nameOrPath: string): Promise<boolean> {
  const entry = Object.hasOwn(namedDatasets, nameOrPath) ? namedDatasets[nameOrPath] : undefined;
  if (entry !== undefined) return entry.kind === 'generated' || entry.lengths.test !== undefined;
  const status = await stat(nameOrPath).catch(() => undefined);
  return status?.isDirectory() === true && (await splitsOfFolder(nameOrPath)).includes('test');
}

/** MNIST: 60000 and 10000 grey images of digits, [28, 28, 1]. @example const data = await mnist({ split: 'test' }) */
export async function mnist(options: OpenOptions = {}): Promise<Dataset> {
  return openNamed(mnistEntry, options);
}

/** Fashion-MNIST: 60000 and 10000 grey images of clothes, [28, 28, 1]. @example const data = await fashionMnist() */
export async function fashionMnist(options: OpenOptions = {}): Promise<Dataset> {
  return openNamed(fashionMnistEntry, options);
}

/** CIFAR-10: 50000 and 10000 colour photographs, [32, 32, 3]. @example const data = await cifar10() */
export async function cifar10(options: OpenOptions = {}): Promise<Dataset> {
  return openNamed(cifar10Entry, options);
}
