// How the pictures of the presets came about, in docs/adversarial-gallery.json.
import { join } from 'node:path';
import { z } from 'zod';
import { addToRecordFile, readRecordFile } from '../figure-runs/record-file.js';

const file = join('docs', 'adversarial-gallery.json');

const schema = z.object({
  /** The model's. */
  name: z.string(),
  options: z.looseObject({}),
  steps: z.number(),
  /** Of two cores that do nothing else. */
  minutes: z.number(),
});

/** A training whose samples are shown. */
export type GalleryRecord = z.output<typeof schema>;

/** The records so far, none where there is no file yet. */
export async function readGallery(): Promise<GalleryRecord[]> {
  return readRecordFile(file, schema);
}

/** Puts a record into the file, in the order of `names`. */
export async function addToGallery(drawn: GalleryRecord, names: readonly string[]): Promise<void> {
  await addToRecordFile(file, await readGallery(), [drawn], names);
}
