// The records of measured figures in docs/gan-figures.json.
import { join } from 'node:path';
import { z } from 'zod';
import { addToRecordFile, readRecordFile } from '../figure-runs/record-file.js';
import { ganFigures } from './figures.js';
import { quantityNames } from './quantities.js';

const file = join('docs', 'gan-figures.json');

export const recordSchema = z.object({
  name: z.string(),
  model: z.string(),
  options: z.looseObject({}),
  data: z.string(),
  standardised: z.boolean().default(false),
  batchSize: z.number(),
  seeds: z.array(z.number()),
  samples: z.number(),
  measures: z.array(
    z.object({
      of: z.enum(quantityNames),
      /** Null where nothing was aimed at. */
      goal: z.number().nullable(),
      /** Of each seed. */
      values: z.array(z.number()),
      /** Of as many training rows. */
      real: z.number(),
    }),
  ),
  /** Of each seed's training alone: by the clock, processor time in minutes for each core, steps of the generator. */
  minutes: z.array(z.number()),
  processorMinutes: z.array(z.number()),
  steps: z.array(z.number()),
  cores: z.number(),
  peakMegabytes: z.number(),
  /** In docs/images/. */
  picture: z.object({ file: z.string(), text: z.string() }).nullable(),
});

/** What was measured, and with which training. */
export type GanRecord = z.output<typeof recordSchema>;

/** The records so far, none where there is no file yet. */
export async function readRecords(): Promise<GanRecord[]> {
  return readRecordFile(file, recordSchema);
}

/** Puts a record into the file, in the order of the figures. */
export async function addRecord(measured: GanRecord): Promise<void> {
  const names = ganFigures.map(({ name }) => name);
  await addToRecordFile(file, await readRecords(), [measured], names);
}
