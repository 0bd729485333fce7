// What the operating system's errors mean for the user: one sentence and a remedy per code.
import { VerisimError } from '../../core/errors.js';

const meanings: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space or choose another place; what was there before is unchanged.',
  EDQUOT: 'your disk quota is used up. Free some space or choose another place; what was there before is unchanged.',
  EACCES: 'permission was denied. Check the rights of the folder or choose another place.',
  EPERM: 'the operation is not permitted. Check the rights of the folder or choose another place.',
  EROFS: 'the file system is read-only. Choose another place.',
  ENOENT: 'the folder does not exist. Create it first.',
  ENOTDIR: 'a part of the path is a file, not a folder. Choose another place.',
  EEXIST: 'there is a file of that name. Choose another name.',
  EISDIR: 'there is a folder of that name. Choose another name.',
  EMFILE: 'too many files are open. Close some, or raise the limit (ulimit -n).',
};

/** The system's code of an error, such as 'ENOENT', where it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** An error that says that `path` could not be written, why, and what to do; the system's own is its cause. */
export function writeError(path: string, cause: unknown): VerisimError {
  const meaning = meanings[errorCode(cause) ?? ''] ?? `${cause instanceof Error ? cause.message : String(cause)}.`;
  return Object.assign(new VerisimError(`${path} could not be written: ${meaning}`), { cause });
}
