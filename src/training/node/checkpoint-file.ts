// The checkpoint of a run folder: one safetensors file with all variables, so that it is always of one moment. Its metadata hold the
// step and the metrics that have not become a row yet.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FileFormatError } from '../../core/errors.js';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import type { Checkpoint } from '../observer.js';
import { valuesFromSafetensors, valuesToSafetensors } from '../state-file.js';

/** The file's place in a run folder. */
export const checkpointFile = join('checkpoint', 'state.safetensors');

const metadataSchema = z.object({
  format: z.literal('verisim-checkpoint'),
  step: z.string().regex(/^\d+$/).transform(Number),
  window: z.string().transform((text, context) => {
    const parsed = windowSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: 'no window of metrics' });
    return z.NEVER;
  }),
});

const windowSchema = z.object({ steps: z.int().min(0), sums: z.record(z.string(), z.number()) });

/** Replaces the checkpoint, all or nothing. */
export async function writeCheckpoint(folder: string, { step, variables, window }: Checkpoint): Promise<void> {
  const metadata = { format: 'verisim-checkpoint', step: String(step), window: JSON.stringify(window) };
  await writeFileAtomic(join(folder, checkpointFile), valuesToSafetensors(variables, metadata));
}

/** The newest checkpoint, or undefined before the first. @throws FileFormatError for a damaged file */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, checkpointFile);
  if (!existsSync(path)) return undefined;
  const { values, metadata } = valuesFromSafetensors(await readFile(path), path);
  try {
    const { step, window } = metadataSchema.parse(metadata);
    return { step, variables: values, window };
  } catch {
    throw new FileFormatError(path, 'is no checkpoint of a training.');
  }
}
