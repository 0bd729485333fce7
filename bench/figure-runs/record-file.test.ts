// Records in a file: read back as they were written, newer ones in the place of older ones, in the order of the figures.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { addToRecordFile, readRecordFile } from './record-file.js';

const schema = z.object({ name: z.string(), value: z.number(), since: z.number().default(1) });

test('newer records take the place of older ones; figures that are gone are dropped', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'verisim-records-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'records.json');
  assert.deepEqual(await readRecordFile(file, schema), []);
  const before = ['b', 'gone', 'a'].map((name) => ({ name, value: 0, since: 1 }));
  await addToRecordFile(file, before, [{ name: 'a', value: 5, since: 2 }], ['a', 'b', 'not yet']);
  assert.deepEqual(await readRecordFile(file, schema), [
    { name: 'a', value: 5, since: 2 },
    { name: 'b', value: 0, since: 1 },
  ]);
});

test('a file that holds something else is no empty list', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'verisim-records-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'records.json');
  await writeFile(file, '[{"name": 5}]');
  await assert.rejects(readRecordFile(file, schema), z.ZodError);
});
