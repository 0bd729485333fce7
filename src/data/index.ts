// The public surface of src/data in Node: what runs anywhere, and what reads files, folders and addresses.
export {
  type ArrayContent,
  type ArrayOptions,
  type Augmentation,
  type AugmentationName,
  arrayDataset,
  augmentations,
  type Batch,
  type Batcher,
  type BatchOptions,
  batcher,
  batchIndices,
  type CifarRecords,
  cropImages,
  type Dataset,
  type DatasetSource,
  epochOrder,
  exampleSize,
  type FileEntry,
  flipHorizontally,
  fromArrays,
  type GeneratedEntry,
  type GeneratedRows,
  type GenerateOptions,
  gatherAll,
  generate,
  type IdxArray,
  type ImageSize,
  isImageShape,
  type NamedEntry,
  type NpyArray,
  type NumberArray,
  type NumberType,
  namedDatasets,
  readCifar,
  readIdx,
  readNpy,
  readSafetensors,
  resizeImages,
  type SafeTensor,
  type SafeTensors,
  type SafeTensorType,
  type Split,
  type SplitOptions,
  type StepRows,
  split,
  subset,
  writeIdx,
  writeNpy,
  writeSafetensors,
} from './index.browser.js';
export { writeFileAtomic } from './node/atomic-write.js';
export { cacheFolder, type Environment } from './node/cache-folder.js';
export { sha256, sha256OfFile } from './node/checksum.js';
export { type DatasetStatus, datasetStatus } from './node/dataset-status.js';
export { arrayOnDisk, cifarOnDisk, type DiskOptions } from './node/disk-dataset.js';
export { type DownloadOptions, type DownloadProgress, download } from './node/download.js';
export type { ImageOptions } from './node/image-files.js';
export { type ImageFolderOptions, imageFolder } from './node/image-folder.js';
export { cifar10, fashionMnist, mnist, openDataset } from './node/open-dataset.js';
export type { OpenOptions } from './node/open-options.js';
