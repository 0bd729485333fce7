// Data sets that stay on disk: rows of uncompressed IDX, .npy and CIFAR-10 files, read when a batch asks for them.
// Memory holds one batch and the labels, however large the file is.
import { DatasetError, FileFormatError } from '../../core/errors.js';
import { rowShape } from '../array-shape.js';
import { checkIndices, type Dataset, type DatasetSource, exampleSize, gatherLabels, isImageShape } from '../dataset.js';
import {
  checkCifarLabel,
  cifarPixels,
  cifarRecordBytes,
  cifarRecordCount,
  cifarShape,
} from '../formats/cifar-binary.js';
import { idxHeaderBytes, isIdx, readIdxHeader } from '../formats/idx.js';
import { isNpy, npyHeaderBytes, readNpyHeader } from '../formats/npy.js';
import { decodeNumbers, type NumberType, numberTypes } from '../formats/numbers.js';
import { checkLabels, checkValues } from '../values.js';
import { RowFile, readStart } from './row-file.js';

/** What comes with the rows of a file on disk. */
export interface DiskOptions {
  readonly name: string;
  readonly source: DatasetSource;
  readonly labels?: ArrayLike<number | bigint>;
  readonly classes?: readonly string[];
}

interface ArrayFile {
  readonly type: NumberType;
  readonly littleEndian: boolean;
  readonly shape: readonly number[];
  readonly dataOffset: number;
}

/**
 * The rows of an uncompressed IDX or .npy file, read from disk batch by batch. Dispose of it to close the file.
 *
 * @throws FileFormatError where it is neither, is truncated, or is a .npy in Fortran order
 * @example const data = await arrayOnDisk('photos.npy', { name: 'photos', source: { description: 'my photos' } })
 */
export async function arrayOnDisk(path: string, options: DiskOptions): Promise<Dataset> {
  const { name, source, classes } = options;
  const { type, littleEndian, shape, dataOffset } = await readArrayHeader(path);
  const exampleShape = rowShape(shape, path);
  const size = exampleSize(exampleShape);
  const length = shape[0] ?? 0;
  const labels = options.labels === undefined ? undefined : checkLabels(name, options.labels, length, classes);
  const scale = type === 'uint8' && isImageShape(exampleShape) ? 1 / 255 : 1;
  const file = await RowFile.open(path, { offset: dataOffset, rowBytes: size * numberTypes[type].bytes });
  return {
    name,
    exampleShape,
    length,
    source,
    ...(classes === undefined ? {} : { classes }),
    ...(labels === undefined ? {} : { labels }),
    async gather(indices) {
      checkIndices({ name, length }, indices);
      const x = new Float32Array(indices.length * size);
      await file.read(indices, (bytes, place) => {
        const numbers = decodeNumbers(bytes, type, littleEndian);
        const start = place * size;
        if (scale === 1) for (let i = 0; i < size; i++) x[start + i] = Number(numbers[i]);
        else for (let i = 0; i < size; i++) x[start + i] = Number(numbers[i]) * scale;
      });
      if (type !== 'uint8') checkValues(name, x, exampleShape, (place) => indices[place] ?? place);
      return labels === undefined ? { x } : { x, labels: gatherLabels(labels, indices) };
    },
    dispose: () => file.close(),
  };
}

/**
 * The records of CIFAR-10 binary files, one file after the other, read from disk batch by batch. Opening reads through the files
 * once to learn the labels. Dispose of it to close the files.
 *
 * @throws FileFormatError where one is no such file
 */
export async function cifarOnDisk(paths: readonly string[], options: DiskOptions): Promise<Dataset> {
  const { name, source, classes } = options;
  const size = exampleSize(cifarShape);
  const files: { file: RowFile; first: number; end: number }[] = [];
  const close = async () => {
    await Promise.all(files.map(({ file }) => file.close()));
  };
  let length = 0;
  let labels: Int32Array<ArrayBuffer>;
  try {
    for (const path of paths) {
      const { size: fileBytes } = await readStart(path, 0);
      const first = length;
      length += cifarRecordCount(fileBytes, path);
      files.push({ file: await RowFile.open(path, { offset: 0, rowBytes: cifarRecordBytes }), first, end: length });
    }
    if (length === 0) throw new DatasetError(`"${name}" was given no CIFAR-10 files; at least one is needed.`);
    labels = new Int32Array(length);
    for (const { file, first, end } of files) {
      for (let from = first; from < end; from += 1024) {
        const rows = Array.from({ length: Math.min(1024, end - from) }, (_, i) => from + i - first);
        await file.read(rows, (record, place) => {
          labels[from + place] = checkCifarLabel(record[0] ?? 0, from + place - first, file.path);
        });
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    name,
    exampleShape: cifarShape,
    length,
    source,
    labels,
    ...(classes === undefined ? {} : { classes }),
    async gather(indices) {
      checkIndices({ name, length }, indices);
      const x = new Float32Array(indices.length * size);
      const places = Array.from(indices, (row, place) => ({ row, place }));
      for (const { file, first, end } of files) {
        const here = places.filter(({ row }) => row >= first && row < end);
        const rows = here.map(({ row }) => row - first);
        await file.read(rows, (record, i) => cifarPixels(record.subarray(1), x, (here[i]?.place ?? 0) * size));
      }
      return { x, labels: gatherLabels(labels, indices) };
    },
    dispose: close,
  };
}

/** The header of an IDX or .npy file, checked against the file's length. */
async function readArrayHeader(path: string): Promise<ArrayFile> {
  const { size, start } = await readStart(path, Math.max(npyHeaderBytes, idxHeaderBytes));
  if (!isNpy(start) && !isIdx(start))
    throw new FileFormatError(path, 'is neither an IDX nor a .npy file (compressed ones cannot be read row by row).');
  const header = isNpy(start) ? readNpyHeader(start, path) : { ...readIdxHeader(start, path), littleEndian: false };
  if ('fortranOrder' in header && header.fortranOrder && header.shape.length > 1)
    throw new FileFormatError(
      path,
      'is in Fortran order, whose rows do not lie together. Save np.ascontiguousarray(x) instead.',
    );
  if (header.fileBytes !== size)
    throw new FileFormatError(
      path,
      `has ${size} bytes, but shape [${header.shape.join(', ')}] of ${header.type} takes ${header.fileBytes}. ` +
        (size < header.fileBytes ? 'It is truncated.' : 'It is damaged.'),
    );
  return header;
}
