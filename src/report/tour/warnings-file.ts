// warnings.json of a stage's run folder: what its training warned of when it had ended, an array of sentences.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FileFormatError } from '../../core/errors.js';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import { errorCode } from '../../data/node/file-errors.js';

/** The file's name. */
export const warningsFile = 'warnings.json';

const schema = z.array(z.string());

/** Writes the warnings, all or nothing. */
export async function writeWarnings(folder: string, warnings: readonly string[]): Promise<void> {
  await writeFileAtomic(join(folder, warningsFile), `${JSON.stringify(warnings, undefined, 2)}\n`);
}

/** The warnings of a run; none where none were written. @throws FileFormatError where the file is damaged */
export async function readWarnings(folder: string): Promise<readonly string[]> {
  const path = join(folder, warningsFile);
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new FileFormatError(path, 'holds no warnings of a training. Remove it; it is only told about.');
  }
}
