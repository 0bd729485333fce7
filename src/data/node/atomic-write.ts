// Writing so that a crash at any moment leaves the old file or the new one, never a part: a temporary file in the same folder,
// flushed to the disk, renamed over the target, and the folder flushed so that the rename itself lasts.
import fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, writeError } from './file-errors.js';

/**
 * Replaces or creates a file, all or nothing.
 *
 * @throws VerisimError naming the path and the remedy where it cannot be written (a full disk, no rights); the old file stays as it was
 * @example await writeFileAtomic('runs/a/config.json', JSON.stringify(config))
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomSuffix()}.tmp`);
  try {
    // 'wx': never through a file or link that is already there.
    const handle = await fs.open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(path, error);
  }
  await syncFolder(dirname(path));
}

/** Makes renames in a folder last. Systems that cannot flush folders (Windows, some network drives) are left to their own care. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await fs.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF'].includes(errorCode(error) ?? ''))
      throw writeError(folder, error);
  }
}

function randomSuffix(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
