// The options of `openDataset`: one flat object, of which each kind of data set uses its part.
import type { Split } from '../named/entry.js';
import type { TableOptions } from '../table/options.js';
import type { Environment } from './cache-folder.js';
import type { DownloadProgress } from './download.js';
import type { ImageOptions } from './image-files.js';

/** What `openDataset` takes. */
export interface OpenOptions extends ImageOptions, TableOptions {
  /** Default: 'train', and all rows where the data at a path is not divided. */
  readonly split?: Split;
  /** Named data sets: the folder with the original files, instead of looking for them. */
  readonly path?: string;
  /** Named data sets: whether their public address may be asked when the files are nowhere else. Default: true. */
  readonly download?: boolean;
  /** Generated data sets: how many rows. Default: 10000. */
  readonly count?: number;
  /** Generated data sets: what the rows follow from. Default: 0. */
  readonly seed?: number;
  /** IDX and .npy files: the file with the labels. Default: the one beside them that is named as MNIST's are. */
  readonly labels?: string;
  /** The most bytes of rows to keep in memory; more are read from disk batch by batch. Default: 1 GiB. */
  readonly memoryBudget?: number;
  /** Stops downloading and decoding. */
  readonly signal?: AbortSignal;
  /** Called while files are fetched. */
  readonly onDownload?: (progress: DownloadProgress) => void;
  /** Called while the images of a folder are decoded. */
  readonly onDecoded?: (done: number, total: number) => void;
  /** Default: process.env. */
  readonly environment?: Environment;
}

/** The default of `memoryBudget`, in bytes. */
export const defaultMemoryBudget = 2 ** 30;
