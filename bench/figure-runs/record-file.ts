// Measured figures in a JSON file of the documentation: each under its name, in the order of the figures.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../../src/data/index.js';

/** The records so far, none where there is no file yet. @throws ZodError where the file holds something else */
export async function readRecordFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema>[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  return z.array(schema).parse(JSON.parse(text));
}

/** Puts records into the file, those of the same name in the place of older ones; only names that are known stay, in their order. */
export async function addToRecordFile<Record extends { readonly name: string }>(
  file: string,
  before: readonly Record[],
  measured: readonly Record[],
  names: readonly string[],
): Promise<void> {
  const records = new Map([...before, ...measured].map((one) => [one.name, one]));
  const known = names.flatMap((name) => records.get(name) ?? []);
  await writeFileAtomic(file, `${JSON.stringify(known, undefined, 1)}\n`);
}
