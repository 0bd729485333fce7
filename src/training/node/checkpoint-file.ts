// The checkpoint of a run folder: one safetensors file with all variables, so that it is always of one moment. Its metadata hold the
// step, the metrics that have not become a row yet, and what the best look at validation rows found, whose weights are in the same file, as
// is what observers had seen.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FileFormatError } from '../../core/errors.js';
import { present } from '../../core/present.js';
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
  seen: z.literal('true').optional(),
});

/** Before the names of the best look's weights, and of what observers had seen. */
const bestPrefix = 'best/';
const seenPrefix = 'seen/';

/** Replaces the checkpoint, all or nothing. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const { step, variables, window, best, seen } = checkpoint;
  const { weights = {}, ...found } = best ?? {};
  const metadata = present({
    format: 'verisim-checkpoint',
    step: String(step),
    window: JSON.stringify(window),
    best: best && JSON.stringify(found),
    seen: seen && 'true',
  });
  const values = { ...variables, ...prefixed(bestPrefix, weights), ...prefixed(seenPrefix, seen ?? {}) };
  await writeFileAtomic(join(folder, checkpointFile), valuesToSafetensors(values, metadata));
}

/** The newest checkpoint, or undefined before the first. @throws FileFormatError for a damaged file */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, checkpointFile);
  if (!existsSync(path)) return undefined;
  const { values, metadata } = valuesFromSafetensors(await readFile(path), path);
  try {
    const { step, window, best, seen } = metadataSchema.parse(metadata);
    // Without them, a variable may be named so.
    const ofBest = best === undefined ? {} : underPrefix(bestPrefix, values);
    const ofSeen = seen === undefined ? {} : underPrefix(seenPrefix, values);
    const others = new Set([
      ...Object.keys(prefixed(bestPrefix, ofBest)),
      ...Object.keys(prefixed(seenPrefix, ofSeen)),
    ]);
    const variables = Object.fromEntries(Object.entries(values).filter(([name]) => !others.has(name)));
    return {
      ...{ step, variables, window },
      ...present({ best: best && { ...best, weights: ofBest }, seen: seen && ofSeen }),
    };
  } catch {
    throw new FileFormatError(path, 'is no checkpoint of a training.');
  }
}

function prefixed(prefix: string, values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

/** The values whose names begin with a prefix, without it. */
function underPrefix(prefix: string, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}
