// The checkpoint of a run folder: one safetensors file with all variables, so that it is always of one moment. Its metadata hold the
// step, the metrics that have not become a row yet, and what the best look at validation rows found, whose weights are in the same file.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FileFormatError } from '../../core/errors.js';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import type { Values } from '../../runtime/runtime.js';
import type { Checkpoint } from '../observer.js';
import { valuesFromSafetensors, valuesToSafetensors } from '../state-file.js';

/** The file's place in a run folder. */
export const checkpointFile = join('checkpoint', 'state.safetensors');

const windowSchema = z.object({ steps: z.int().min(0), sums: z.record(z.string(), z.number()) });
const bestSchema = z.object({ loss: z.number(), step: z.int().min(1), looksSince: z.int().min(0) });

const metadataSchema = z.object({
  format: z.literal('verisim-checkpoint'),
  step: z.string().regex(/^\d+$/).transform(Number),
  window: z.string().transform((text) => windowSchema.parse(JSON.parse(text))),
  best: z
    .string()
    .transform((text) => bestSchema.parse(JSON.parse(text)))
    .optional(),
});

/** Before the names of the best look's weights. */
const bestPrefix = 'best/';

/** Replaces the checkpoint, all or nothing. */
export async function writeCheckpoint(folder: string, { step, variables, window, best }: Checkpoint): Promise<void> {
  const metadata = { format: 'verisim-checkpoint', step: String(step), window: JSON.stringify(window) };
  const path = join(folder, checkpointFile);
  if (best === undefined) return writeFileAtomic(path, valuesToSafetensors(variables, metadata));
  const { weights, ...found } = best;
  const values = { ...variables, ...renamed(weights, (name) => bestPrefix + name) };
  await writeFileAtomic(path, valuesToSafetensors(values, { ...metadata, best: JSON.stringify(found) }));
}

/** The newest checkpoint, or undefined before the first. @throws FileFormatError for a damaged file */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, checkpointFile);
  if (!existsSync(path)) return undefined;
  const { values, metadata } = valuesFromSafetensors(await readFile(path), path);
  try {
    const { step, window, best } = metadataSchema.parse(metadata);
    if (best === undefined) return { step, variables: values, window };
    const isBest = ([name]: readonly [string, unknown]) => name.startsWith(bestPrefix);
    const weights = renamed(Object.fromEntries(Object.entries(values).filter(isBest)), (name) =>
      name.slice(bestPrefix.length),
    );
    const variables = Object.fromEntries(Object.entries(values).filter((entry) => !isBest(entry)));
    return { step, variables, window, best: { ...best, weights } };
  } catch {
    throw new FileFormatError(path, 'is no checkpoint of a training.');
  }
}

function renamed(values: Values, rename: (name: string) => string): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]));
}
