import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FileFormatError, RunFolderError } from '../../core/errors.js';
import { float32, float64, int64Scalar } from '../../runtime/runtime.js';
import type { Checkpoint, MetricRow } from '../observer.js';
import { readMetrics } from './metrics-file.js';
import { type RunConfig, readRunConfig } from './run-config.js';
import { RunFolder } from './run-folder.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-run-'));
after(() => rm(home, { recursive: true }));
let runs = 0;
const place = () => join(home, `run-${runs++}`);

const config: RunConfig = {
  format: 'verisim-run',
  started: '2026-01-01T00:00:00.000Z',
  model: 'gan',
  options: { latentSize: 2 },
  training: { steps: 5, batchSize: 4, seed: 0, device: 'cpu', threads: 1 },
  data: {
    name: 'two-moons',
    split: 'train',
    length: 10,
    exampleShape: [2],
    classes: [],
    fingerprint: 'abc',
    source: { description: 'made up' },
  },
  versions: { verisim: '0.1.0' },
};

const checkpoint: Checkpoint = {
  step: 13,
  variables: { step: int64Scalar(13), w: float32(Float32Array.of(1, 2.5), [2]) },
  window: { steps: 3, sums: { loss: 0.1 + 0.2 } },
};

const row = (step: number): MetricRow => ({ step, epoch: step / 10, metrics: { loss: 1 / step, 'D(x)': 0.5 } });

test('a run keeps its configuration and checkpoint exactly', async () => {
  const path = place();
  const run = await RunFolder.create(path, config);
  assert.equal(await run.readCheckpoint(), undefined);
  await run.writeCheckpoint(checkpoint);
  await run.close();
  const again = await RunFolder.open(path);
  assert.deepEqual(again.config, config);
  assert.deepEqual(await again.readCheckpoint(), checkpoint);
  const longer = { ...config, training: { ...config.training, steps: 9 } };
  await again.configure(longer);
  await again.close();
  assert.deepEqual(await readRunConfig(path), longer);
});

test('a checkpoint keeps the best weights and what observers had seen apart from the variables', async () => {
  const run = await RunFolder.create(place(), config);
  const seen = { 'watch/step': float64(Float64Array.of(1 / 3, 2), [2]) };
  const best = { weights: { w: float32(Float32Array.of(3, 4), [2]) }, loss: 0.1, step: 7, looksSince: 1 };
  const named = { ...checkpoint.variables, 'seen/w': float32(Float32Array.of(5), [1]) };
  for (const kept of [
    { ...checkpoint, best, seen },
    { ...checkpoint, seen },
    { ...checkpoint, best, variables: named },
  ]) {
    await run.writeCheckpoint(kept);
    assert.deepEqual(await run.readCheckpoint(), kept);
  }
  await run.close();
});

test('metrics come back as they were; a line cut short by a crash is left out', async () => {
  const path = place();
  const run = await RunFolder.create(path, config);
  for (const step of [5, 10, 13, 20]) await run.appendMetrics(row(step));
  await appendFile(join(path, 'metrics.jsonl'), '{"step":25,"epo');
  assert.deepEqual(await readMetrics(path), [5, 10, 13, 20].map(row));
  // The checkpoint's window began after step 10: the row of step 13 was of a part of it.
  assert.deepEqual(await run.rewindMetrics(checkpoint), [5, 10].map(row));
  assert.equal((await readFile(join(path, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n').length, 2);
  assert.deepEqual(await run.rewindMetrics(undefined), []);
  await run.close();
});

test('a run is never written over', async () => {
  const path = place();
  await (await RunFolder.create(path, config)).close();
  await assert.rejects(RunFolder.create(path, config), (error) => {
    assert.ok(error instanceof RunFolderError);
    assert.match(error.message, /already holds a run/);
    // Each way on is there to be typed, and the other name is free.
    for (const command of [`verisim info ${path}"`, `verisim train --resume ${path}.`, `--out ${path}-2`])
      assert.ok(error.message.includes(command), error.message);
    return true;
  });
  await mkdir(`${path}-2`);
  await assert.rejects(RunFolder.create(`${path}/`, config), { message: new RegExp(`--out ${path}-3$`) });
  const foreign = place();
  await mkdir(foreign);
  await writeFile(join(foreign, 'thesis.txt'), 'years of work');
  await assert.rejects(RunFolder.create(foreign, config), /is not empty/);
  assert.deepEqual(await readdir(foreign), ['thesis.txt']);
  const empty = place();
  await mkdir(empty);
  // What a crash leaves before there is a configuration.
  await writeFile(join(empty, '.lock'), '');
  await writeFile(join(empty, '.config.json.123.abc.tmp'), '{');
  await (await RunFolder.create(empty, config)).close();
});

test('two processes cannot write the same run', async () => {
  const path = place();
  const run = await RunFolder.create(path, config);
  await assert.rejects(RunFolder.open(path), /is in use by process/);
  await run.close();
  await (await RunFolder.open(path)).close();
});

test('what a crash left half-written is removed when the run is opened again', async () => {
  const path = place();
  await (await RunFolder.create(path, config)).close();
  await writeFile(join(path, 'checkpoint', '.state.safetensors.123.abc.tmp'), 'half');
  await writeFile(join(path, '.config.json.123.abc.tmp'), 'half');
  await rm(join(path, 'charts'), { recursive: true });
  await (await RunFolder.open(path)).close();
  assert.deepEqual(await readdir(join(path, 'checkpoint')), []);
  assert.deepEqual((await readdir(path)).sort(), ['charts', 'checkpoint', 'config.json', 'model', 'samples']);
});

test('a run that has not begun can be taken back, but not what others put there', async () => {
  const path = place();
  await (await RunFolder.create(path, config)).discard();
  assert.equal(existsSync(path), false);
  const shared = await RunFolder.create(path, config);
  await writeFile(join(path, 'notes.txt'), 'mine');
  await shared.discard();
  assert.deepEqual(await readdir(path), ['notes.txt']);
});

test('missing, foreign and damaged folders are told apart', async () => {
  await assert.rejects(
    RunFolder.open(place()),
    (error) => error instanceof RunFolderError && /no run folder/.test(error.message),
  );
  const path = place();
  await (await RunFolder.create(path, config)).close();
  const damages: readonly (readonly [string, RegExp])[] = [
    ['{"format": "verisim-ru', /is no JSON.*truncated/],
    ['{"format": "other"}', /is no configuration of a Verisim run: format/],
    ['[]', /is no configuration of a Verisim run/],
    [JSON.stringify({ ...config, training: { ...config.training, threads: 0 } }), /training\.threads/],
  ];
  for (const [content, message] of damages) {
    await writeFile(join(path, 'config.json'), content);
    await assert.rejects(RunFolder.open(path), (error) => {
      assert.ok(error instanceof FileFormatError);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.equal(existsSync(join(path, '.lock')), false);
});

test('a damaged checkpoint is an error with its path', async () => {
  const path = place();
  const run = await RunFolder.create(path, config);
  await run.writeCheckpoint(checkpoint);
  const file = join(path, 'checkpoint', 'state.safetensors');
  const bytes = await readFile(file);
  for (const damaged of [bytes.subarray(0, bytes.length - 3), Buffer.from('no checkpoint'), Buffer.alloc(0)]) {
    await writeFile(file, damaged);
    await assert.rejects(run.readCheckpoint(), (error) => error instanceof FileFormatError && error.path === file);
  }
  // Right format, wrong content: another kind of safetensors file.
  const { writeSafetensors } = await import('../../data/index.js');
  await writeFile(file, writeSafetensors({}, { format: 'verisim-weights' }));
  await assert.rejects(run.readCheckpoint(), /is no checkpoint of a training/);
  await writeFile(file, writeSafetensors({}, { format: 'verisim-checkpoint', step: '3', window: '{"steps":' }));
  await assert.rejects(run.readCheckpoint(), /is no checkpoint of a training/);
  await run.close();
});

test('a place that cannot be written is an error that says why', async () => {
  const file = place();
  await writeFile(file, '');
  await assert.rejects(
    RunFolder.create(join(file, 'run'), config),
    /could not be written: a part of the path is a file/,
  );
});
