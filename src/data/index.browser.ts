// The public surface of src/data that runs anywhere: no module below this line touches Node.
export { type ArrayContent, arrayDataset } from './array-dataset.js';
export { type Augmentation, type AugmentationName, augmentations, flipHorizontally, shiftImages } from './augment.js';
export { type Batcher, type BatchOptions, batcher, batchIndices, epochOrder, type StepRows } from './batching.js';
export { type BinariseOptions, binarise } from './binarise.js';
export {
  type Batch,
  type ByteBatch,
  type ByteRows,
  type Dataset,
  type DatasetSource,
  exampleSize,
  type Gather,
  gatherAll,
  gatherWithBytes,
  isImageShape,
} from './dataset.js';
export { type CifarRecords, readCifar } from './formats/cifar-binary.js';
export { type IdxArray, readIdx, writeIdx } from './formats/idx.js';
export { type MatlabMatrix, readMatlab } from './formats/matlab.js';
export { type NpyArray, readNpy, writeNpy } from './formats/npy.js';
export type { NumberArray, NumberType } from './formats/numbers.js';
export {
  readSafetensors,
  type SafeTensor,
  type SafeTensors,
  type SafeTensorType,
  writeSafetensors,
} from './formats/safetensors.js';
export { type ArrayOptions, fromArrays } from './from-arrays.js';
export { type GenerateOptions, generate } from './generate.js';
export { cropImages, type ImageSize, resizeImages } from './image-size.js';
export type { FileEntry, GeneratedEntry, GeneratedRows, Modes, NamedEntry, Split } from './named/entry.js';
export { namedDatasets } from './named/index.js';
export { type SplitOptions, split, subset } from './split.js';
export { defaultMissingTexts } from './table/cells.js';
export { columnNames, decodeRows, type EncodedRows, encodeTable, type TableRow } from './table/decode.js';
export type { ColumnDeclaration, MissingPolicy, TableOptions } from './table/options.js';
export { type CategoricalEncoding, type TableColumn, type TableSchema, tableSchema } from './table/schema.js';
export { Standardisation, type StandardisationParameters, standardise } from './table/standardisation.js';
