// Opening a file of rows, told by its content: IDX, .npy, CIFAR-10 binary, Parquet or CSV, gzipped or not; in memory, or row by row
// from disk.
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { DatasetError } from '../../core/errors.js';
import { arrayDataset } from '../array-dataset.js';
import { rowShape } from '../array-shape.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { cifarRecordBytes, cifarShape, readCifar } from '../formats/cifar-binary.js';
import { isIdx, readIdx } from '../formats/idx.js';
import { isNpy, readNpy } from '../formats/npy.js';
import type { NumberArray } from '../formats/numbers.js';
import { cifar10 } from '../named/cifar-10.js';
import { jointChecksum, sha256 } from './checksum.js';
import { openCsv } from './csv-file.js';
import { arrayOnDisk, cifarOnDisk } from './disk-dataset.js';
import { isGzip } from './gzip.js';
import { defaultMemoryBudget, type OpenOptions } from './open-options.js';
import { readPlain } from './original-files.js';
import { isParquet, openParquet } from './parquet-file.js';
import { readStart } from './row-file.js';

/**
 * The rows of one file.
 *
 * @throws DatasetError where it cannot be read or is of a kind that is not known
 * @throws FileFormatError where it is damaged
 */
export async function openFile(path: string, options: OpenOptions = {}): Promise<Dataset> {
  const { memoryBudget = defaultMemoryBudget } = options;
  const name = basename(path);
  const { size, start } = await readStart(path, 8);
  if (isParquet(start)) return openParquet(path, name, { ...options, memoryBudget });
  if (isTableName(name) || (isTableAsked(options) && !isArrayStart(start)))
    return openCsv(path, name, { ...options, memoryBudget });
  if (isCifarName(name) && !isGzip(start)) return openCifar([path], name, memoryBudget);
  const labelsPath = options.labels ?? (await labelsBeside(path));
  const labels = labelsPath === undefined ? undefined : await readLabels(labelsPath, memoryBudget);
  const source: DatasetSource = { description: 'rows of a file', path };
  const known = labels === undefined ? {} : { labels, classes: classNames(labels) };
  if (size > memoryBudget && !isGzip(start)) return arrayOnDisk(path, { name, source, ...known });
  const { shape, data, checksum } = await readArray(path, memoryBudget);
  return arrayDataset({
    name,
    exampleShape: rowShape(shape, path),
    data,
    source: { ...source, sha256: checksum },
    ...known,
  });
}

/** The records of CIFAR-10 binary files one after the other, from disk where they are more than the budget. */
export async function openCifar(paths: readonly string[], name: string, memoryBudget: number): Promise<Dataset> {
  const source: DatasetSource = {
    description: 'CIFAR-10 binary files',
    ...(paths[0] === undefined ? {} : { path: paths[0] }),
  };
  const classes = cifar10.classes ?? [];
  const sizes = await Promise.all(paths.map(async (path) => (await readStart(path, 0)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > memoryBudget) return cifarOnDisk(paths, { name, source, classes });
  const data = new Uint8Array(total - total / cifarRecordBytes);
  const labels: number[] = [];
  const checksums: string[] = [];
  for (const path of paths) {
    const bytes = await readPlain(path, memoryBudget);
    const part = readCifar(bytes, path);
    checksums.push(sha256(bytes));
    data.set(part.images, labels.length * (cifarRecordBytes - 1));
    for (const label of part.labels) labels.push(label);
  }
  return arrayDataset({
    name,
    exampleShape: cifarShape,
    data,
    labels,
    classes,
    source: { ...source, sha256: jointChecksum(checksums) },
  });
}

/** Whether a file of this name is taken for CIFAR-10 binary, which has no magic number of its own. */
export function isCifarName(name: string): boolean {
  return name.endsWith('.bin');
}

/** Whether a file of this name is taken for CSV, which has no magic number; UCI's tables end in .data. */
function isTableName(name: string): boolean {
  return /\.(csv|tsv|tab|data)(\.gz)?$/i.test(name);
}

/** Whether the options speak of a table, so that a file of any name is taken for CSV. */
function isTableAsked({ label, header, names, delimiter, columns, schema }: OpenOptions): boolean {
  return [label, header, names, delimiter, columns, schema].some((option) => option !== undefined);
}

function isArrayStart(start: Uint8Array): boolean {
  return isNpy(start) || isIdx(start) || isGzip(start);
}

async function readArray(
  path: string,
  memoryBudget: number,
): Promise<{ readonly shape: readonly number[]; readonly data: NumberArray; readonly checksum: string }> {
  const bytes = await readPlain(path, memoryBudget);
  if (isNpy(bytes)) return { ...readNpy(bytes, path), checksum: sha256(bytes) };
  if (isIdx(bytes)) return { ...readIdx(bytes, path), checksum: sha256(bytes) };
  throw new DatasetError(
    `${path} is of no known kind. A data file is IDX (as MNIST), .npy, CSV (.csv, .tsv, .data), Parquet or CIFAR-10 binary (.bin); the first three may be gzipped. ` +
      'For images, give the folder that they are in.',
  );
}

async function readLabels(path: string, memoryBudget: number): Promise<NumberArray> {
  const { shape, data } = await readArray(path, memoryBudget);
  if (shape.length !== 1)
    throw new DatasetError(
      `${path} holds an array of shape [${shape.join(', ')}]; labels are one number per row, [N].`,
    );
  return data;
}

/** Labels without names are named by their numbers. */
function classNames(labels: NumberArray): string[] {
  let highest = 0;
  for (const label of labels) highest = Math.max(highest, Number(label));
  // Class numbers count classes; anything larger is a mistake that checkLabels would name, not a million class names.
  return Array.from({ length: Math.min(highest, 65535) + 1 }, (_, label) => String(label));
}

/** MNIST's way of naming: x-images-idx3-ubyte and x-labels-idx1-ubyte. */
async function labelsBeside(path: string): Promise<string | undefined> {
  const name = basename(path);
  if (!/images.idx\d-ubyte/.test(name)) return undefined;
  const folder = path.slice(0, path.length - name.length);
  const plain = name.replace(/images(.)idx\d-ubyte/, 'labels$1idx1-ubyte').replace(/\.gz$/, '');
  for (const candidate of [plain, `${plain}.gz`]) {
    const there = await access(folder + candidate).then(
      () => true,
      () => false,
    );
    if (there) return folder + candidate;
  }
  return undefined;
}
