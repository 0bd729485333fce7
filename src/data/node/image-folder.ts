// A folder of image files as a data set. Sub-folders, where there are any, are the classes.
// Pixels are kept as bytes: all of them where they fit the memory budget, else the most recently used.
import fs from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, extname, join, resolve, sep } from 'node:path';
import { DatasetError } from '../../core/errors.js';
import { arrayDataset } from '../array-dataset.js';
import { checkIndices, type Dataset, gatherLabels } from '../dataset.js';
import { errorCode } from './file-errors.js';
import { type ImageOptions, type ImagePlan, imageExtensions, planImages, readImage } from './image-files.js';

/** What `imageFolder` takes. */
export interface ImageFolderOptions extends ImageOptions {
  /** The most bytes of decoded pixels to keep. Default: 1 GiB. */
  readonly memoryBudget?: number;
  /** Default: the folder's name. */
  readonly name?: string;
  /** Stops the decoding. */
  readonly signal?: AbortSignal;
  /** Called as images are decoded while opening. */
  readonly onDecoded?: (done: number, total: number) => void;
}

/**
 * A folder of images, in the order of their paths. Hidden files and other kinds of file are passed over.
 *
 * @throws DatasetError where the folder is missing, has no images, or has them both beside and inside sub-folders
 * @throws FileFormatError naming an image that cannot be read: now where all fit the budget, in `gather` where not
 * @throws ConfigError where the images differ in size and no size was asked for
 * @example const faces = await imageFolder('photos', { size: 64, channels: 3 })
 */
export async function imageFolder(folder: string, options: ImageFolderOptions = {}): Promise<Dataset> {
  const { memoryBudget = 2 ** 30, name = basename(resolve(folder)), signal, onDecoded } = options;
  const files = await listImages(folder);
  const { classes, labels } = classesOf(folder, files);
  const paths = files.map((file) => join(folder, file));
  const plan = await planImages(paths[0] ?? '', options);
  const exampleShape = [plan.height, plan.width, plan.channels];
  const imageBytes = plan.height * plan.width * plan.channels;
  const source = { description: `${files.length} images of a folder`, path: folder };
  const known = classes === undefined ? {} : { classes, labels };
  if (paths.length * imageBytes <= memoryBudget) {
    const data = new Uint8Array(paths.length * imageBytes);
    let done = 0;
    await inParallel(paths.length, async (i) => {
      signal?.throwIfAborted();
      data.set(await readImage(paths[i] ?? '', plan), i * imageBytes);
      done += 1;
      onDecoded?.(done, paths.length);
    });
    return arrayDataset({ name, exampleShape, data, source, ...known });
  }
  const pixels = cachedImages(paths, plan, Math.max(1, Math.floor(memoryBudget / imageBytes)));
  return {
    name,
    exampleShape,
    length: paths.length,
    source,
    ...known,
    async gather(indices) {
      checkIndices({ name, length: paths.length }, indices);
      const x = new Float32Array(indices.length * imageBytes);
      await inParallel(indices.length, async (place) => {
        const bytes = await pixels(indices[place] ?? 0);
        const start = place * imageBytes;
        for (let i = 0; i < imageBytes; i++) x[start + i] = (bytes[i] ?? 0) / 255;
      });
      return classes === undefined ? { x } : { x, labels: gatherLabels(labels, indices) };
    },
  };
}

/** The paths of the images in a folder, relative to it, sorted the same way on every system. */
async function listImages(folder: string): Promise<string[]> {
  let names: string[];
  try {
    names = await fs.readdir(folder, { recursive: true });
  } catch (error) {
    const problem = errorCode(error) === 'ENOENT' ? 'there is no such folder' : String(error);
    throw Object.assign(new DatasetError(`${folder} cannot be read: ${problem}. Check the path.`), { cause: error });
  }
  const files = names
    .filter((name) => !name.split(sep).some((part) => part.startsWith('.')))
    .filter((name) => imageExtensions.includes(extname(name).slice(1).toLowerCase()))
    .sort((a, b) => (a < b ? -1 : 1));
  if (files.length === 0)
    throw new DatasetError(
      `${folder} has no images: none of its ${names.length} entries ends in ${imageExtensions.map((ending) => `.${ending}`).join(', ')}.`,
    );
  return files;
}

type Classes = { classes: readonly string[]; labels: Int32Array<ArrayBuffer> } | { classes?: never; labels?: never };

function classesOf(folder: string, files: readonly string[]): Classes {
  const folders = files.map((file) => (file.includes(sep) ? file.slice(0, file.indexOf(sep)) : undefined));
  const loose = folders.indexOf(undefined);
  if (folders.every((name) => name === undefined)) return {};
  if (loose >= 0)
    throw new DatasetError(
      `${folder} has images of its own (${files[loose]}) beside images in sub-folders. ` +
        'Put all of them directly into it (no classes), or all into sub-folders (one per class).',
    );
  const classes = [...new Set(folders.map(String))];
  return { classes, labels: Int32Array.from(folders, (name) => classes.indexOf(String(name))) };
}

/** The pixels of an image by number, keeping the `capacity` most recently used. A Map remembers the order of its insertions. */
function cachedImages(
  paths: readonly string[],
  plan: ImagePlan,
  capacity: number,
): (index: number) => Promise<Uint8Array> {
  const cache = new Map<number, Uint8Array>();
  return async (index) => {
    const bytes = cache.get(index) ?? (await readImage(paths[index] ?? '', plan));
    cache.delete(index);
    cache.set(index, bytes);
    const oldest = cache.keys().next();
    if (cache.size > capacity && !oldest.done) cache.delete(oldest.value);
    return bytes;
  };
}

/** Runs `work` for 0 to count - 1, several at once; the first error stops the rest. */
async function inParallel(count: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const i = next;
      next += 1;
      try {
        await work(i);
      } catch (error) {
        next = count;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, 2 * availableParallelism()) }, worker));
}
