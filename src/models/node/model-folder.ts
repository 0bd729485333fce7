// How models lie on disk: model.json says what it is, weights.safetensors holds the numbers. Nothing in them is ever executed.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FileFormatError, RunFolderError } from '../../core/errors.js';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import { makeFolder } from '../../data/node/make-folder.js';
import { tableSchema } from '../../data/table/schema.js';
import { valuesFromSafetensors, valuesToSafetensors } from '../../training/state-file.js';
import type { SavedModel } from '../saved-model.js';

const descriptionFile = 'model.json';
const weightsFile = 'weights.safetensors';

const descriptionSchema = z.object({
  format: z.literal('verisim-model'),
  version: z.literal(1),
  kind: z.string(),
  config: z.looseObject({}),
  exampleShape: z.array(z.int().positive()),
  classes: z.array(z.string()),
  table: tableSchema.exactOptional(),
});

/** Writes a model into a folder, weights first, each file all or nothing; in half precision, its matrices take half of the space. */
export async function writeModelFolder(
  folder: string,
  { kind, config, exampleShape, classes, table, weights }: SavedModel,
  precision: { readonly halfPrecision?: boolean } = {},
): Promise<void> {
  await makeFolder(folder);
  const metadata = { format: 'verisim-weights', kind };
  await writeFileAtomic(join(folder, weightsFile), valuesToSafetensors(weights, metadata, precision));
  const description = { format: 'verisim-model', version: 1, kind, config, exampleShape, classes, table };
  await writeFileAtomic(join(folder, descriptionFile), `${JSON.stringify(description, undefined, 2)}\n`);
}

/** Reads a model. @throws RunFolderError, FileFormatError for a folder that holds none, or a damaged one */
export async function readModelFolder(folder: string): Promise<SavedModel> {
  const path = join(folder, descriptionFile);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    if (!existsSync(folder)) throw new RunFolderError(`There is no folder ${folder}. Runs are by default in runs/.`);
    throw new RunFolderError(
      `${folder} holds no model: ${descriptionFile} is missing. Give a run folder that "verisim train" made, or its model/ folder.`,
    );
  }
  const description = parseJson(path, text);
  const parsed = descriptionSchema.safeParse(description);
  if (!parsed.success)
    throw new FileFormatError(
      path,
      `is no model description of this version of Verisim (${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}).`,
    );
  const weightsPath = join(folder, weightsFile);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(weightsPath);
  } catch {
    throw new RunFolderError(
      `${folder} is incomplete: ${weightsFile} is missing beside ${descriptionFile}. Train again, or resume the run.`,
    );
  }
  const { values } = valuesFromSafetensors(bytes, weightsPath);
  return { ...parsed.data, weights: values };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileFormatError(
      path,
      `is no JSON (${error instanceof Error ? error.message : error}). It may have been edited or truncated.`,
    );
  }
}
