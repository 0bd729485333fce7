// A file of the UCI Machine Learning Repository, which has them unpacked at a lasting address.
import type { OriginalFile, Split } from './entry.js';

/** The file at `path` of the repository, and what it has to be. */
export function uciFile(path: string, bytes: number, sha256: string, split: Split = 'train'): OriginalFile {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const url = `https://archive.ics.uci.edu/ml/machine-learning-databases/${path}`;
  return { name, bytes, sha256, split, from: { name, url, bytes, sha256, packing: 'none' } };
}
