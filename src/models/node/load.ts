// Restoring any kind of model from its folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, FileFormatError, ShapeError } from '../../core/errors.js';
import { capabilities, type FittableModel } from '../contract.js';
import { modelDefinition } from '../registry.js';
import { readModelFolder } from './model-folder.js';

/**
 * The model in a folder: one that `save` wrote, or a run folder's.
 *
 * @param isWanted tells whether a model can do what it is wanted for, such as `canSample`; the result has that type
 * @throws RunFolderError, FileFormatError for a folder that holds none, a damaged one or one of a foreign kind
 * @throws ConfigError for a model that cannot do what it is wanted for
 * @example
 * const model = await load('runs/dcgan-mnist', canSample);
 * const { data } = await model.sample(16, { seed: 1 });
 */
export async function load(folder: string): Promise<FittableModel>;
export async function load<Wanted extends object>(
  folder: string,
  isWanted: (model: object) => model is Wanted,
): Promise<FittableModel & Wanted>;
export async function load(folder: string, isWanted: (model: object) => boolean = () => true): Promise<FittableModel> {
  const model = await restored(folder);
  if (isWanted(model)) return model;
  const has = Object.entries(capabilities).flatMap(([name, can]) => (can(model) ? [name] : []));
  throw new ConfigError(
    `The model in ${folder} is a ${model.kind}, which cannot do what is wanted here. It can: ${has.join(', ')}.`,
  );
}

async function restored(folder: string): Promise<FittableModel> {
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
