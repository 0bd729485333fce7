import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { encodePng } from '../../plot/index.js';
import type { Checkpoint } from '../observer.js';
import { readMetrics } from './metrics-file.js';
import { type Recorded, recorder } from './recorder.js';
import { RunFolder } from './run-folder.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-recorder-'));
after(() => rm(home, { recursive: true }));

const config = {
  format: 'verisim-run' as const,
  started: '2026-01-01T00:00:00.000Z',
  model: 'gan',
  options: {},
  training: { steps: 5, seed: 0, device: 'cpu' as const, threads: 1 },
  data: { name: 'x', split: 'train', length: 1, exampleShape: [2], classes: [], fingerprint: '', source: {} },
  versions: {},
};

const at = (step: number): Checkpoint => ({ step, variables: {}, window: { steps: 0, sums: {} } });
const charts = { panels: [{ label: 'loss (nats)', metrics: ['loss'] }], axis: 'epoch' } as const;

/** A model whose picture is one grey pixel that gets lighter. */
function greyModel(): Recorded & { readonly saves: string[] } {
  const saves: string[] = [];
  let drawn = 0;
  return {
    saves,
    async draw() {
      drawn += 1;
      const image = { width: 1, height: 1, channels: 1 as const, data: Uint8Array.of(40 * drawn) };
      return { ending: '.png', content: await encodePng(image) };
    },
    async save(folder) {
      saves.push(folder);
      await writeFile(join(folder, 'model.json'), `${saves.length}`);
    },
  };
}

test('metrics are on disk at once, checkpoints bring model and curves, the end an animation', async () => {
  const run = await RunFolder.create(join(home, 'a'), config);
  const model = greyModel();
  const record = recorder(run, model, charts);
  await record.onSnapshot?.(at(0));
  await record.onMetrics?.({ step: 10, epoch: 1, metrics: { loss: 0.5 } });
  assert.equal((await readMetrics(run.path)).length, 1);
  await record.onMetrics?.({ step: 20, epoch: 2, metrics: { loss: 0.25 } });
  await record.onSnapshot?.(at(20));
  await record.onCheckpoint?.(at(20));
  await record.finish();
  assert.deepEqual(model.saves, [join(run.path, 'model')]);
  assert.deepEqual((await readdir(join(run.path, 'samples'))).sort(), [
    'step-0000000.png',
    'step-0000020.png',
    'training.gif',
  ]);
  assert.match(await readFile(join(run.path, 'charts', 'training.svg'), 'utf8'), /<svg/);
  assert.equal((await sharp(join(run.path, 'charts', 'training.png')).metadata()).format, 'png');
  assert.equal((await sharp(join(run.path, 'samples', 'training.gif')).metadata()).pages, 2);
  await run.close();
});

test('a long training gives an animation of a hundred frames', async () => {
  const run = await RunFolder.create(join(home, 'long'), config);
  const record = recorder(run, greyModel(), charts);
  const levels = Array.from({ length: 130 }, (_, step) => step);
  for (const step of levels) {
    const image = { width: 1, height: 1, channels: 1 as const, data: Uint8Array.of(step % 2 === 0 ? 0 : 255) };
    await run.write(join('samples', `step-${String(step).padStart(7, '0')}.png`), await encodePng(image));
  }
  await record.finish();
  const { pages, delay } = await sharp(join(run.path, 'samples', 'training.gif')).metadata();
  // Neighbours that are equal become one frame that is shown longer, so time is counted instead of frames.
  assert.ok((pages ?? 0) <= 100 && (pages ?? 0) > 50);
  assert.equal(
    (delay ?? []).reduce((sum, one) => sum + one, 0),
    99 * 120 + 1500,
  );
  await run.close();
});

test('figures of what was learnt are drawn at the end, as SVG and PNG', async () => {
  const run = await RunFolder.create(join(home, 'figures'), config);
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="#00f"/></svg>';
  const record = recorder(run, { ...greyModel(), pictures: async () => [{ name: 'means', svg }] }, charts);
  await record.onCheckpoint?.(at(1));
  assert.deepEqual(await readdir(join(run.path, 'charts')), []);
  await record.finish();
  assert.deepEqual((await readdir(join(run.path, 'charts'))).sort(), ['means.png', 'means.svg']);
  assert.equal(await readFile(join(run.path, 'charts', 'means.svg'), 'utf8'), svg);
  assert.equal((await sharp(join(run.path, 'charts', 'means.png')).metadata()).width, 16);
  await run.close();
});

test('a training without pictures or metrics leaves no animation and no chart', async () => {
  const run = await RunFolder.create(join(home, 'b'), config);
  const record = recorder(
    run,
    { draw: async () => ({ ending: '.csv', content: 'x1\n1\n' }), save: async () => {} },
    charts,
  );
  await record.onSnapshot?.(at(0));
  await record.finish();
  assert.deepEqual(await readdir(join(run.path, 'samples')), ['step-0000000.csv']);
  assert.deepEqual(await readdir(join(run.path, 'charts')), []);
  await run.close();
});

test('the curves of a resumed run begin with the earlier metrics', async () => {
  const run = await RunFolder.create(join(home, 'c'), config);
  const later = { step: 20, epoch: 2, metrics: { loss: 0.25 } };
  const whole = recorder(run, greyModel(), charts);
  await whole.onMetrics?.({ step: 10, epoch: 1, metrics: { loss: 0.5 } });
  await whole.onMetrics?.(later);
  await whole.finish();
  const expected = await readFile(join(run.path, 'charts', 'training.svg'), 'utf8');
  const rest = recorder(run, greyModel(), charts, [{ step: 10, epoch: 1, metrics: { loss: 0.5 } }]);
  await rest.onMetrics?.(later);
  await rest.finish();
  assert.equal(await readFile(join(run.path, 'charts', 'training.svg'), 'utf8'), expected);
  await run.close();
});

test('a model without checkpoints is saved at the end, with what it did not tell on the way', async () => {
  const run = await RunFolder.create(join(home, 'e'), config);
  const model = greyModel();
  const record = recorder(run, model, { axis: 'iteration' });
  const history = [1, 2, 3].map((step) => ({ step, epoch: step, metrics: { lowerBound: -1 / step, shift: 2 / step } }));
  await record.finish({ iterations: 3, history });
  assert.deepEqual(model.saves, [join(run.path, 'model')]);
  assert.deepEqual(await readMetrics(run.path), history);
  assert.deepEqual(await readdir(join(run.path, 'samples')), ['step-0000003.png']);
  const svg = await readFile(join(run.path, 'charts', 'training.svg'), 'utf8');
  // Without a layout every metric has its panel, over iterations.
  for (const text of ['lowerBound', 'shift', 'iteration']) assert.match(svg, new RegExp(`>${text}<`));
  await run.close();
});

test('what a model without checkpoints told on the way is not written twice; one that cannot draw leaves no samples', async () => {
  const run = await RunFolder.create(join(home, 'f'), config);
  const record = recorder(run, { draw: async () => undefined, save: async () => {} }, { axis: 'iteration' });
  const row = { step: 1, epoch: 1, metrics: { lowerBound: -1 } };
  await record.onMetrics?.(row);
  await record.finish({ iterations: 1, history: [row] });
  assert.deepEqual(await readMetrics(run.path), [row]);
  assert.deepEqual(await readdir(join(run.path, 'samples')), []);
  // A single point is no curve.
  assert.deepEqual(await readdir(join(run.path, 'charts')), []);
  await run.close();
});

test('looks at validation rows, which have rows of their own, interrupt no curve, and are joined by one', async () => {
  const run = await RunFolder.create(join(home, 'looks'), config);
  const record = recorder(run, greyModel(), {
    panels: [{ label: 'nats', metrics: ['loss', 'validationLoss'] }],
    axis: 'epoch',
  });
  for (const step of [1, 2, 3, 4, 5, 6]) {
    await record.onMetrics?.({ step, epoch: step, metrics: { loss: 1 / step } });
    if (step % 2 === 0) await record.onMetrics?.({ step, epoch: step, metrics: { validationLoss: 2 / step } });
  }
  await record.finish();
  const svg = await readFile(join(run.path, 'charts', 'training.svg'), 'utf8');
  const curves = [...svg.matchAll(/ d="(M[^"]*L[^"]*)"/g)].map(([, path = '']) => path.split('M').length - 1);
  // The loss as it is and smoothed, and the validation loss as it is.
  assert.deepEqual(curves, [1, 1, 1]);
  await run.close();
});

test('a panel whose metrics a training does not have is left out', async () => {
  const run = await RunFolder.create(join(home, 'g'), config);
  const panels = [...charts.panels, { label: 'probability', metrics: ['D(x)'] }];
  const record = recorder(run, greyModel(), { panels, axis: 'epoch' });
  await record.onMetrics?.({ step: 10, epoch: 1, metrics: { loss: 0.5 } });
  await record.finish();
  assert.doesNotMatch(await readFile(join(run.path, 'charts', 'training.svg'), 'utf8'), /probability|D\(x\)/);
  await run.close();
});

test('a folder that vanishes is an error with its path, and the lock goes', async () => {
  const run = await RunFolder.create(join(home, 'd'), config);
  await rm(join(run.path, 'checkpoint'), { recursive: true });
  const record = recorder(run, greyModel(), charts);
  await assert.rejects(Promise.resolve(record.onCheckpoint?.(at(1))), /state\.safetensors could not be written/);
  await run.close();
  assert.equal(existsSync(join(run.path, '.lock')), false);
});
