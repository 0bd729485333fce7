// One writer at a time: a lock file that names the process that holds it. A lock whose process is gone, as after kill -9, is taken over.
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunFolderError } from '../../core/errors.js';
import { errorCode, writeError } from '../../data/node/file-errors.js';

const lockFile = '.lock';

/** Locks a folder. @returns the function that unlocks it @throws RunFolderError where another live process holds it */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockFile);
  const token = `${process.pid} ${hostname()} ${randomUUID()}\n`;
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(path, 'wx');
      await handle.writeFile(token);
      await handle.close();
      break;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw writeError(path, error);
    }
    const held = await readFile(path, 'utf8').catch(() => '');
    const [pid, host] = held.split(' ');
    if (attempt > 3 || host !== hostname() || isAlive(Number(pid)))
      throw new RunFolderError(
        `${folder} is in use by process ${pid || 'unknown'}${host === undefined ? '' : ` on ${host}`}. Wait for it to end, name another folder with ` +
          `--out, or remove ${path} if that process is gone.`,
      );
    // Two processes may find the same stale lock: moving it away succeeds for one of them only.
    const stale = `${path}.${randomUUID()}`;
    await rename(path, stale).catch(() => undefined);
    await rm(stale, { force: true });
  }
  return async () => {
    if ((await readFile(path, 'utf8').catch(() => '')) === token) await rm(path, { force: true });
  };
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
