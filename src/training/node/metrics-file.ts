// metrics.jsonl of a run folder: one JSON object a line, { step, epoch, and each metric by its name }.
import { existsSync } from 'node:fs';
import { appendFile, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import { writeError } from '../../data/node/file-errors.js';
import type { MetricRow } from '../observer.js';

/** The file's name. */
export const metricsFile = 'metrics.jsonl';

const lineSchema = z.looseObject({ step: z.number(), epoch: z.number() });

/** Adds a row. */
export async function appendMetrics(folder: string, row: MetricRow): Promise<void> {
  const path = join(folder, metricsFile);
  try {
    await appendFile(path, lineOf(row));
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Makes the rows so far survive a loss of power. */
export async function syncMetrics(folder: string): Promise<void> {
  const path = join(folder, metricsFile);
  if (!existsSync(path)) return;
  try {
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw writeError(path, error);
  }
}

/** The rows of a run; a line that a crash cut short is left out. */
export async function readMetrics(folder: string): Promise<MetricRow[]> {
  const path = join(folder, metricsFile);
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const row = lineSchema.safeParse(jsonOf(line));
    if (!row.success) return [];
    const { step, epoch, ...rest } = row.data;
    const metrics = Object.entries(rest).map(([name, value]) => [name, typeof value === 'number' ? value : Number.NaN]);
    return [{ step, epoch, metrics: Object.fromEntries(metrics) }];
  });
}

/** Keeps the rows up to a step and removes the others from the file. */
export async function rewindMetrics(folder: string, step: number): Promise<MetricRow[]> {
  const rows = (await readMetrics(folder)).filter((row) => row.step <= step);
  await writeFileAtomic(join(folder, metricsFile), rows.map(lineOf).join(''));
  return rows;
}

function lineOf({ step, epoch, metrics }: MetricRow): string {
  return `${JSON.stringify({ step, epoch, ...metrics })}\n`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
