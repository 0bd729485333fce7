import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RunFolder } from './run-folder.js';
import { appendTimeline, readTimeline, rewindTimeline, timelineFile } from './timeline-file.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-timeline-'));
after(() => rm(home, { recursive: true }));

const rows = [10, 20, 30].map((step) => ({ step, seconds: step / 10, megabytes: 100 }));

test('rows are read as they were written; a line that a crash cut short is left out', async () => {
  assert.deepEqual(await readTimeline(home), []);
  for (const row of rows) await appendTimeline(home, row);
  await appendFile(join(home, timelineFile), '{"step": 40, "sec');
  assert.deepEqual(await readTimeline(home), rows);
});

test('what comes after a step is cut off', async () => {
  await rewindTimeline(home, 20);
  assert.deepEqual(await readTimeline(home), rows.slice(0, 2));
});

test('a run goes on from the time that it had taken, and from the beginning without a checkpoint', async () => {
  const path = join(home, 'run');
  const config = {
    format: 'verisim-run' as const,
    started: '2026-01-01T00:00:00.000Z',
    model: 'gan',
    options: {},
    training: { steps: 5, seed: 0, device: 'cpu' as const, threads: 1 },
    data: { name: 'x', split: 'train', length: 1, exampleShape: [2], classes: [], fingerprint: '', source: {} },
    versions: {},
  };
  const run = await RunFolder.create(path, config);
  await run.appendMetrics({ step: 10, epoch: 1, metrics: { loss: 1 } });
  await run.close();
  const [first] = await readTimeline(path);
  assert.ok(first !== undefined && first.seconds >= 0 && first.megabytes > 10);
  await rewindTimeline(path, 0);
  await appendTimeline(path, { step: 10, seconds: 100, megabytes: 50 });

  const resumed = await RunFolder.open(path);
  await resumed.rewindMetrics({ step: 10, variables: {}, window: { steps: 0, sums: {} } });
  await resumed.appendMetrics({ step: 20, epoch: 2, metrics: { loss: 1 } });
  const [, second] = await readTimeline(path);
  assert.ok(second !== undefined && second.seconds >= 100 && second.seconds < 1000);
  await resumed.rewindMetrics(undefined);
  assert.deepEqual(await readTimeline(path), []);
  await resumed.close();
});
