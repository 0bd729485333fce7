// tour.json: what a tour was asked to do and how far it is, so that it can be taken up again after an interruption.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FileFormatError } from '../../core/errors.js';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import { errorCode } from '../../data/node/file-errors.js';
import { tourRouteNames } from './routes/index.js';

/** The file's name. */
export const tourFile = 'tour.json';

const schema = z.object({
  format: z.literal('verisim-tour'),
  /** Tours of before there were several took the first one. */
  route: z.enum(tourRouteNames).default('models'),
  data: z.string(),
  minutes: z.number().positive(),
  seed: z.int(),
  /** The height and width that images were brought to, and the column with the classes of a table, where they were given. */
  size: z.tuple([z.int().positive(), z.int().positive()]).exactOptional(),
  label: z.string().exactOptional(),
  /** Seconds that every model is trained for, where all of them get the same. */
  trainingSeconds: z.number().nonnegative().exactOptional(),
  /** Seconds of the time that were spent in stages that are over. */
  spent: z.number().nonnegative(),
  stages: z.array(
    z.object({
      name: z.string(),
      /** Seconds it took to train and to judge the model; training without judging where the latter was interrupted. */
      trainingSeconds: z.number().nonnegative().optional(),
      judgingSeconds: z.number().nonnegative().optional(),
      /** Why it could not be trained or judged. */
      failed: z.string().optional(),
    }),
  ),
});

/** What a tour was asked to do and how far it is. */
export type TourState = z.output<typeof schema>;

/** Writes the state of a tour, all or nothing. */
export async function writeTour(folder: string, state: TourState): Promise<void> {
  await writeFileAtomic(join(folder, tourFile), `${JSON.stringify(state, undefined, 2)}\n`);
}

/** The state of a tour; undefined where the folder holds none. @throws FileFormatError where it is damaged */
export async function readTour(folder: string): Promise<TourState | undefined> {
  const path = join(folder, tourFile);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const problem = error instanceof z.ZodError ? error.issues[0]?.message : String(error);
    throw new FileFormatError(
      path,
      `is no state of a tour (${problem}). Remove that file and take another folder for a new tour, with --out, or remove ${folder}.`,
    );
  }
}
