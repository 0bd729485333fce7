// Restoring any kind of model from its folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, FileFormatError, ShapeError } from '../../core/errors.js';
import type { GenerativeModel } from '../contract.js';
import { modelDefinition } from '../registry.js';
import { readModelFolder } from './model-folder.js';

/**
 * The model in a folder: one that `save` wrote, or a run folder's.
 *
 * @throws RunFolderError, FileFormatError for a folder that holds none, a damaged one or one of a foreign kind
 * @example const model = await load('runs/dcgan-mnist');
 */
export async function load(folder: string): Promise<GenerativeModel> {
  const place = existsSync(join(folder, 'model', 'model.json')) ? join(folder, 'model') : folder;
  const saved = await readModelFolder(place);
  try {
    return modelDefinition(saved.kind).restore(saved);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof ShapeError)
      throw new FileFormatError(place, `holds no model that this version of Verisim knows. ${error.message}`);
    throw error;
  }
}
