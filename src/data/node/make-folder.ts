// Making folders. Not by mkdir's own `recursive`, which never ends where the system lets nobody make a folder in one that exists, such as
// /proc (Node asks for the parent again and again).
import fs from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errorCode, writeError } from './file-errors.js';

/**
 * Makes a folder and those around it, where they are not there yet.
 *
 * @throws VerisimError naming the path and the remedy where it cannot be made
 * @example await makeFolder('runs/a/samples')
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await make(resolve(path));
  } catch (error) {
    throw writeError(path, error);
  }
}

async function make(path: string): Promise<void> {
  try {
    await fs.mkdir(path);
  } catch (error) {
    // Asked first, systems may deny what is there already: a folder of a read-only disk.
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if (errorCode(error) !== 'ENOENT' || parent === path) throw error;
    if (await isFolder(parent)) throw new Error(`no folder can be made in ${parent}. Choose another place`);
    await make(parent);
    await make(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await fs.stat(path)).isDirectory();
  } catch {
    return false;
  }
}
