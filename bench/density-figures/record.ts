// The records of measured figures in docs/density-figures.json. Defaults are what older records were about.
import { join } from 'node:path';
import { z } from 'zod';
import { addToRecordFile, readRecordFile } from '../figure-runs/record-file.js';
import { recordNames } from './figures.js';

const file = join('docs', 'density-figures.json');

export const recordSchema = z.object({
  name: z.string(),
  model: z.string(),
  options: z.looseObject({}),
  data: z.string().default('binarized-mnist'),
  /** What was measured. */
  measure: z.string(),
  unit: z.enum(['nats an image', 'bits per dimension', '% of the test images']).default('nats an image'),
  /** A number; empty where nothing was aimed at. */
  goal: z.string(),
  published: z.string(),
  value: z.number(),
  /** Of the value, by the choice of test images. */
  standardError: z.number(),
  /** Of training alone, by the clock. */
  minutes: z.number(),
  /** Of training alone: processor time of all cores, in minutes for each. Null where it was not measured. */
  processorMinutes: z.number().nullable().default(null),
  /** Of scoring the test rows, by the clock; null where it was not measured. */
  scoringMinutes: z.number().nullable().default(null),
  steps: z.number(),
  cores: z.number(),
  peakMegabytes: z.number(),
  /** Minutes, and the loss of the validation rows in nats an image. */
  curve: z.array(z.tuple([z.number(), z.number()])),
});

/** What was measured, and with which training. */
export type DensityRecord = z.output<typeof recordSchema>;

/** The records so far, none where there is no file yet. */
export async function readRecords(): Promise<DensityRecord[]> {
  return readRecordFile(file, recordSchema);
}

/** Puts records into the file, in the order of the figures. */
export async function addRecords(measured: readonly DensityRecord[]): Promise<void> {
  await addToRecordFile(file, await readRecords(), measured, recordNames());
}
