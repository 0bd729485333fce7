// One writer at a time: a lock file that names the process that holds it. A lock whose process is gone, as after kill -9, is taken over.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunFolderError } from '../../core/errors.js';
import { errorCode, writeError } from '../../data/node/file-errors.js';

const lockFile = '.lock';

/**
 * Locks a folder.
 *
 * @returns the function that unlocks it
 * @throws RunFolderError where another live process holds it, VerisimError where the folder cannot be written to
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockFile);
  const own = `${process.pid} ${startOf(process.pid) ?? '-'} ${hostname()} ${randomUUID()}\n`;
  for (let attempt = 0; !(await placeFile(path, own)); attempt++) {
    const held = await readFile(path, 'utf8').catch(() => '');
    if (attempt >= 3 || isHeld(held)) throw inUse(folder, path, held);
    await removeStale(path, held);
  }
  return async () => {
    if ((await readFile(path, 'utf8').catch(() => '')) === own) await rm(path, { force: true });
  };
}

/** Who holds a folder: `process 4711 on host`, or undefined where nobody does. */
export async function folderHolder(folder: string): Promise<string | undefined> {
  const held = await readFile(join(folder, lockFile), 'utf8').catch(() => '');
  return isHeld(held) ? holderOf(held) : undefined;
}

/** Puts a whole file in place, unless one is there already: a reader never sees half a lock. @returns whether it did */
async function placeFile(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await link(temporary, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // File systems without links, such as FAT: here the file is created empty and filled a moment later.
    if (['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'].includes(errorCode(error) ?? ''))
      return createFile(path, content);
    throw writeError(path, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function createFile(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw writeError(path, error);
  }
}

/** Moves a stale lock out of the way. Where another process has just replaced it by its own, that one is put back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const moved = `${path}.${randomUUID()}.tmp`;
  try {
    await rename(path, moved);
  } catch {
    return;
  }
  if ((await readFile(moved, 'utf8').catch(() => '')) !== stale) await link(moved, path).catch(() => undefined);
  await rm(moved, { force: true });
}

/** Whether the process that a lock names may still be running: of processes on other machines nobody knows. */
function isHeld(lock: string): boolean {
  const [pid = '', start, host] = lock.trim().split(' ');
  if (host === undefined) return false;
  return host !== hostname() || isAlive(Number(pid), start);
}

function isAlive(pid: number, start: string | undefined): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false;
  }
  // Numbers of processes are used again, in containers at once: the one that runs now has to be the one that took the lock.
  const now = startOf(pid);
  return now === undefined || start === '-' || now === start;
}

/** When a process started, in clock ticks since the machine did; undefined where the system does not say, and 'ended' for one that waits for burial. */
function startOf(pid: number): string | undefined {
  try {
    // The second field is the name in brackets, which may hold spaces; state is the third field and the start the 22nd.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

function inUse(folder: string, path: string, lock: string): RunFolderError {
  return new RunFolderError(
    `${folder} is in use by ${holderOf(lock)}. Wait for it to end, name another folder, or remove ${path} if that process is gone.`,
  );
}

function holderOf(lock: string): string {
  const [pid = '', , host] = lock.trim().split(' ');
  return pid === '' ? 'another process' : `process ${pid} on ${host ?? 'an unknown machine'}`;
}
