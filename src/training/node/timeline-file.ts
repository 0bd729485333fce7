// timeline.jsonl of a run folder: when which step was done, { step, seconds, megabytes } a line. It stands beside metrics.jsonl, not in it,
// because the same training gives the same metrics in another time.
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import { writeError } from '../../data/node/file-errors.js';

/** The file's name. */
export const timelineFile = 'timeline.jsonl';

const lineSchema = z.object({ step: z.number(), seconds: z.number(), megabytes: z.number() });

/** How long a training had taken when a step was done, pauses left out, and the most memory its process had used. */
export type TimelineRow = z.output<typeof lineSchema>;

/** Adds a row. */
export async function appendTimeline(folder: string, row: TimelineRow): Promise<void> {
  const path = join(folder, timelineFile);
  try {
    await appendFile(path, `${JSON.stringify(row)}\n`);
  } catch (error) {
    throw writeError(path, error);
  }
}

/** The rows of a run, none where it was not recorded; a line that a crash cut short is left out. */
export async function readTimeline(folder: string): Promise<TimelineRow[]> {
  const text = await readFile(join(folder, timelineFile), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [lineSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

/** Keeps the rows up to a step and removes the others from the file. */
export async function rewindTimeline(folder: string, step: number): Promise<void> {
  const rows = await readTimeline(folder);
  if (rows.length === 0) return;
  const kept = rows.filter((row) => row.step <= step);
  await writeFileAtomic(join(folder, timelineFile), kept.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
