// Opening a folder, told by what is in it: IDX files named as MNIST's, CIFAR-10 binary files, sub-folders train/ and test/, or images.
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ConfigError, DatasetError } from '../../core/errors.js';
import type { Dataset } from '../dataset.js';
import type { Split } from '../named/entry.js';
import { imageFolder } from './image-folder.js';
import { openCifar, openFile } from './open-file.js';
import { defaultMemoryBudget, type OpenOptions } from './open-options.js';

/** How each split may be called at the start of a file's name. */
const prefixes: Readonly<Record<Split, RegExp>> = {
  train: /^train/,
  valid: /^valid/,
  test: /^(t10k|test)/,
};

const idxImages = /images.idx\d-ubyte(\.gz)?$/;

const cifarFiles: Readonly<Record<Split, RegExp>> = {
  train: /^(data_batch_\d+|train)\.bin$/,
  valid: /^valid\.bin$/,
  test: /^test(_batch)?\.bin$/,
};

/**
 * The rows in a folder.
 *
 * @throws DatasetError where nothing in it can be read as rows
 * @throws ConfigError for a split that the folder does not have
 */
export async function openFolder(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  return openNamedFolder(folder, basename(resolve(folder)), options);
}

/** The parts that a folder is divided into; one that is not divided is all `train`. */
export async function splitsOfFolder(folder: string): Promise<readonly Split[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const isIn = (split: Split): boolean =>
    entries.some((entry) =>
      entry.isDirectory()
        ? entry.name === split
        : cifarFiles[split].test(entry.name) || (idxImages.test(entry.name) && prefixes[split].test(entry.name)),
    );
  const splits = (['train', 'valid', 'test'] as const).filter(isIn);
  return splits.length === 0 ? ['train'] : splits;
}

async function openNamedFolder(folder: string, name: string, options: OpenOptions): Promise<Dataset> {
  const { split = 'train', memoryBudget = defaultMemoryBudget } = options;
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);

  const idx = files.filter((file) => idxImages.test(file));
  if (idx.length > 0) {
    const file = idx.find((name) => prefixes[split].test(name));
    if (file === undefined) throw noSplit(folder, split, idx);
    return openFile(join(folder, file), options);
  }
  const bins = files.filter((name) => Object.values(cifarFiles).some((pattern) => pattern.test(name)));
  if (bins.length > 0) {
    const parts = bins.filter((name) => cifarFiles[split].test(name)).sort();
    if (parts.length === 0) throw noSplit(folder, split, bins);
    const paths = parts.map((name) => join(folder, name));
    return openCifar(paths, name, memoryBudget);
  }
  const splits = folders.filter((name) => ['train', 'valid', 'test'].includes(name));
  if (splits.length > 0) {
    if (!splits.includes(split)) throw noSplit(folder, split, splits);
    const { split: _, ...rest } = options;
    return openNamedFolder(join(folder, split), name, rest);
  }
  if (options.split !== undefined && options.split !== 'train') throw undivided(folder, options.split);
  return imageFolder(folder, { ...options, name });
}

/** The error for a split of data that is one piece. */
export function undivided(path: string, split: Split): ConfigError {
  return new ConfigError(
    `${path} is not divided, so it has no split "${split}". Put the parts in sub-folders train/ and test/, ` +
      'or open all of it and divide it with split().',
  );
}

function noSplit(folder: string, split: Split, have: readonly string[]): DatasetError {
  return new DatasetError(`${folder} has no ${split} split; it has ${[...have].sort().join(', ')}.`);
}
