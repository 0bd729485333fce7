// Restoring any kind of model from its folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GenerativeModel } from '../contract.js';
import { modelDefinition } from '../registry.js';
import { readModelFolder } from './model-folder.js';

/**
 * The model in a folder: one that `save` wrote, or a run folder's.
 *
 * @throws RunFolderError, FileFormatError for a folder that holds none or a damaged one; UnknownNameError for a foreign kind
 * @example const model = await load('runs/dcgan-mnist');
 */
export async function load(folder: string): Promise<GenerativeModel> {
  const saved = await readModelFolder(existsSync(join(folder, 'model', 'model.json')) ? join(folder, 'model') : folder);
  return modelDefinition(saved.kind).restore(saved);
}
