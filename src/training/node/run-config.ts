// config.json of a run folder: what a run was asked to do, everything needed to do it again.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FileFormatError, RunFolderError } from '../../core/errors.js';
import { writeFileAtomic } from '../../data/node/atomic-write.js';

/** The file's name. */
export const configFile = 'config.json';

const schema = z.looseObject({
  format: z.literal('verisim-run'),
  /** When the run was started, ISO 8601. */
  started: z.string(),
  model: z.string(),
  /** The model's options, defaults filled in. */
  options: z.looseObject({}),
  training: z.looseObject({
    epochs: z.number().positive().optional(),
    steps: z.int().positive().optional(),
    /** The optimisation steps that epochs come to; known once training starts. */
    totalSteps: z.int().positive().optional(),
    batchSize: z.int().positive().optional(),
    /** Models that take all rows at once: how many iterations the finished fit took, and whether it converged. */
    iterations: z.int().nonnegative().optional(),
    converged: z.boolean().optional(),
    seed: z.int(),
    augment: z.array(z.enum(['flip', 'shift'])).optional(),
    /** The rows that it is validated on: a split, or a share of the rows; and when it stops for them. */
    validation: z.union([z.enum(['valid', 'test']), z.number().positive().lt(1)]).optional(),
    patience: z.int().positive().optional(),
    device: z.enum(['cpu', 'webgpu', 'wasm']),
    /** The threads used: another number rounds sums differently. */
    threads: z.int().positive(),
  }),
  data: z.looseObject({
    /** A data set's name, or the absolute path of a file or folder. */
    name: z.string(),
    split: z.string(),
    /** The height and width that images were brought to, where that was asked for. */
    size: z.tuple([z.int().positive(), z.int().positive()]).optional(),
    /** How numbers were made 0 and 1: above a threshold, or drawn. */
    binarise: z.union([z.number(), z.literal('draw')]).optional(),
    /** How a table was read. */
    table: z
      .looseObject({
        label: z.string().exactOptional(),
        columns: z.record(z.string(), z.enum(['numeric', 'categorical', 'ignore'])).exactOptional(),
        missing: z.enum(['drop', 'fill', 'category']).exactOptional(),
        missingTexts: z.array(z.string()).exactOptional(),
        categorical: z.enum(['one-hot', 'codes']).exactOptional(),
        standardise: z.boolean().exactOptional(),
      })
      .optional(),
    length: z.int().positive(),
    exampleShape: z.array(z.int().positive()),
    classes: z.array(z.string()),
    /** SHA-256 of some rows spread over the data, as the model sees them. */
    fingerprint: z.string(),
    source: z.looseObject({}),
  }),
  versions: z.record(z.string(), z.string()),
});

/** What a run was asked to do. */
export type RunConfig = z.output<typeof schema>;

/** Writes the configuration of a run, all or nothing. */
export async function writeRunConfig(folder: string, config: RunConfig): Promise<void> {
  await writeFileAtomic(join(folder, configFile), `${JSON.stringify(config, undefined, 2)}\n`);
}

/** The configuration of a run. @throws RunFolderError, FileFormatError where the folder is no run, or is damaged */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const path = join(folder, configFile);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new RunFolderError(
      `${folder} is no run folder: it has no ${configFile}. Runs are made by "verisim train", by default in runs/.`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new FileFormatError(
      path,
      `is no JSON (${error instanceof Error ? error.message : error}). It may have been edited or truncated.`,
    );
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new FileFormatError(
    path,
    `is no configuration of a Verisim run: ${place === '' ? '' : `${place}: `}${issue?.message}.`,
  );
}
