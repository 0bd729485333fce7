// Where the files of a named data set may already be, in the order of looking: an explicit path, $VERISIM_DATA/<name>/,
// the cache folder, an npm package. The public address comes after all of them.
import { access, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { FileEntry, OriginalFile } from '../named/entry.js';
import { cacheFolder, type Environment } from './cache-folder.js';

/** A folder that may hold original files. */
export interface Place {
  /** What the place is, as in an error message. */
  readonly what: string;
  readonly folder: string;
}

/** An original file as it was found: unpacked, or as it is fetched. */
export interface FoundFile {
  readonly file: OriginalFile;
  readonly path: string;
  /** Whether `path` is the archive that has the file in it. */
  readonly isArchive: boolean;
}

/** The folder of the cache that a named data set is kept in. */
export function cachePlace(name: string, environment: Environment): string {
  return join(cacheFolder(environment), name);
}

/** The places for a data set. An explicit path stands alone: what was asked for is not silently replaced by something else. */
export async function placesOf(
  entry: FileEntry,
  environment: Environment,
  explicitPath: string | undefined,
): Promise<readonly Place[]> {
  if (explicitPath !== undefined) {
    const isFile = await stat(explicitPath).then(
      (status) => status.isFile(),
      () => false,
    );
    return [{ what: 'the given path', folder: isFile ? dirname(explicitPath) : explicitPath }];
  }
  const data = environment.VERISIM_DATA;
  const packaged = entry.npmPackage && packageFolder(entry.npmPackage.name);
  return [
    ...(data === undefined || data === '' ? [] : [{ what: '$VERISIM_DATA', folder: join(data, entry.name) }]),
    { what: 'the cache', folder: cachePlace(entry.name, environment) },
    ...(packaged === undefined || entry.npmPackage === undefined
      ? []
      : [{ what: `the npm package ${entry.npmPackage.name}`, folder: join(packaged, entry.npmPackage.folder) }]),
  ];
}

/** All of `files` in one folder, or undefined where one is missing. */
export async function findIn(folder: string, files: readonly OriginalFile[]): Promise<FoundFile[] | undefined> {
  const found: FoundFile[] = [];
  for (const file of files) {
    const candidates = [
      ...new Set([file.name, basename(file.name), `${file.name}.gz`, `${basename(file.name)}.gz`]),
    ].map((name) => ({ file, path: join(folder, name), isArchive: false }));
    if (file.from.packing === 'tar.gz') candidates.push({ file, path: join(folder, file.from.name), isArchive: true });
    let hit: FoundFile | undefined;
    for (const candidate of candidates) {
      if (await isReadable(candidate.path)) {
        hit = candidate;
        break;
      }
    }
    if (hit === undefined) return undefined;
    found.push(hit);
  }
  return found;
}

/** Where an npm package is installed, seen from this package or from the program's folder. */
function packageFolder(name: string): string | undefined {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return dirname(createRequire(from).resolve(`${name}/package.json`));
    } catch {
      // Not installed there: the package is optional.
    }
  }
  return undefined;
}

async function isReadable(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
