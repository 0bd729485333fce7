// Training models that take all rows at once: no epochs, no checkpoints, charts of what they tell.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { z } from 'zod';
import { fromArrays, sha256, writeNpy } from '../data/index.js';
import type { FitOptions } from '../models/contract.js';
import type { ModelDefinition } from '../models/definition.js';
import { readModelFolder } from '../models/node/model-folder.js';
import { ExactGaussian } from '../models/tools/testing/exact-gaussian.js';
import { readMetrics } from '../training/node/metrics-file.js';
import { readRunConfig } from '../training/node/run-config.js';
import { RunFolder } from '../training/node/run-folder.js';
import { runJob } from './actions/train-run.js';
import { workplace } from './testing/workplace.js';

const place = await workplace();
await place.writePoints(64);

const data = fromArrays({ x: [[1], [2], [4]], name: 'three' });
const definition: ModelDefinition = {
  ...{
    kind: 'exact-gaussian',
    family: 'bayes',
    description: 'A Gaussian.',
    strengths: 'Tests.',
    weaknesses: 'Tells little.',
    paper: 'Gauss 1809',
    schema: z.object({}),
  },
  create: () => new ExactGaussian(),
  restore: () => new ExactGaussian(),
};

/** What would be written to a terminal. */
const written: string[] = [];
const terminal = { isTTY: true, columns: 60, write: (text: string) => written.push(text) };

/** A job of a model that needs some iterations. */
async function job(name: string, model: ExactGaussian, fit: FitOptions = {}) {
  const run = await RunFolder.create(place.path(name), {
    ...{ format: 'verisim-run', started: '2026-01-01T00:00:00.000Z', model: model.kind, options: {} },
    training: { seed: 0, device: 'cpu', threads: 1 },
    data: { name: 'three', split: 'train', length: 3, exampleShape: [1], classes: [], fingerprint: '', source: {} },
    versions: {},
  });
  return { run, definition, model, data, fit, isNew: true, close: async () => {} };
}

test('a run folder with the model, what it told, samples and curves over iterations, without checkpoints', async () => {
  const one = await job('five', new ExactGaussian({ iterations: 5 }));
  const report = await runJob(one, { stream: terminal });
  await one.run.close();
  assert.equal(report?.iterations, 5);
  assert.ok(written.includes('\rFitting ...\u001b[K'));
  assert.ok(written.includes('\riteration 5 of at most 100  lowerBound -0.200\u001b[K'), written.join());
  const path = one.run.path;
  assert.deepEqual(
    (await readMetrics(path)).map(({ step, metrics }) => [step, metrics.lowerBound]),
    [1, 2, 3, 4, 5].map((step) => [step, -1 / step]),
  );
  assert.deepEqual(await readdir(`${path}/samples`), ['step-0000005.csv']);
  assert.deepEqual(await readdir(`${path}/checkpoint`), []);
  const svg = await readFile(`${path}/charts/training.svg`, 'utf8');
  assert.match(svg, />lowerBound</);
  assert.match(svg, />iteration</);
  assert.deepEqual(
    (await readModelFolder(`${path}/model`)).weights.means?.data,
    Float64Array.of(1 / 3 + 2 / 3 + 4 / 3),
  );
  const { training } = await readRunConfig(path);
  assert.deepEqual([training.iterations, training.converged, training.totalSteps], [5, true, undefined]);
  const { stdout } = await place.run(['info', 'five']);
  assert.match(stdout, /\nstate {5}finished\nprogress {2}iteration 5\n/);
});

test('the charts that a kind of model asks for are drawn', async () => {
  const one = await job('panels', new ExactGaussian({ iterations: 3 }));
  const charts = [{ label: 'bound (nats)', metrics: ['lowerBound'] }];
  await runJob({ ...one, definition: { ...definition, charts } }, { stream: terminal });
  await one.run.close();
  assert.match(await readFile(`${one.run.path}/charts/training.svg`, 'utf8'), />bound \(nats\)</);
});

test('a fit that was stopped keeps the model as it is, and is not finished', async () => {
  const model = new ExactGaussian({ iterations: 1e9 });
  const one = await job('stopped', model);
  const fit = model.fit.bind(model);
  model.fit = (rows, options) =>
    fit(rows, {
      ...options,
      observer: {
        ...options?.observer,
        onMetrics: async (row) => {
          await options?.observer?.onMetrics?.(row);
          // The signal that Ctrl-C sends, in this process.
          if (row.step === 4) process.emit('SIGINT');
        },
      },
    });
  const report = await runJob(one, { stream: terminal });
  await one.run.close();
  assert.deepEqual([report?.stoppedBecause, report?.iterations], ['aborted', 4]);
  assert.match(written.join(''), /\nStopping after the running iteration and saving;/);
  assert.ok(existsSync(`${one.run.path}/model/weights.safetensors`));
  assert.equal((await readRunConfig(one.run.path)).training.iterations, undefined);
  const { stdout } = await place.run(['info', 'stopped']);
  assert.match(stdout, /state {5}stopped before its end.*\nprogress {2}iteration 4\n/);
});

test('a fit that fails, or is stopped before anything was learnt, leaves no run folder', async () => {
  const failing = new ExactGaussian();
  failing.fit = async () => {
    throw new Error('no such thing');
  };
  const failed = await job('failed', failing);
  await assert.rejects(runJob(failed, { stream: terminal }), /no such thing/);
  assert.equal(existsSync(failed.run.path), false);
  const early = new ExactGaussian();
  early.fit = async () => ({ converged: false, iterations: 0, stoppedBecause: 'aborted', warnings: [], history: [] });
  const before = process.exitCode;
  const stopped = await job('early', early);
  assert.equal(await runJob(stopped, { stream: terminal }), undefined);
  assert.equal(process.exitCode, 130);
  assert.match(written.at(-1) ?? '', /Interrupted before anything was learnt; nothing is saved/);
  process.exitCode = before;
  assert.equal(existsSync(stopped.run.path), false);
});

test('by the command line: iterations in the progress and the result, warnings on stderr, a run that can be used', async () => {
  await writeFile(
    place.path('flat.npy'),
    writeNpy({ data: Float32Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? i : 7)), shape: [20, 2] }),
  );
  const { code, stdout, stderr } = await place.run(['train', 'gaussian-bayes', '--data', 'flat.npy', '--out', 'flat']);
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /^Fitted in \d+ s, in one pass\.\n {2}result {3}logProb -?\d+\.\d+\n {2}samples {2}flat\/samples\/step-0000001\.csv\n {2}picture {2}flat\/charts\/density\.png\n {2}model {4}flat\/model\nNext: /,
  );
  assert.match(
    stderr,
    /^gaussian-bayes on flat\.npy: 20 rows of 2 -> flat\nFitting \.\.\.\nfitted in one pass {2}logProb /,
  );
  assert.match(stderr, /\nwarning: 1 of 2 columns never vary/);
  assert.deepEqual(await readdir(place.path('flat', 'checkpoint')), []);
  assert.equal((await place.run(['sample', 'flat', '--out', 'f.npy'])).code, 0);
  const json = await place.run(['train', 'gaussian-bayes', '--data', 'points.npy', '--out', 'json', '--json']);
  const document = JSON.parse(json.stdout);
  assert.deepEqual([document.iterations, document.converged, document.warnings], [1, true, []]);
  assert.deepEqual(document.pictures, ['json/charts/density.png']);
  assert.match(
    await readFile(place.path('json', 'charts', 'density.svg'), 'utf8'),
    />gaussian-bayes on points\.npy: density</,
  );
});

test('a mixture tells its iterations, draws its bound, and bounds them by an option', async () => {
  const args = ['train', 'gaussian-mixture', '--data', 'points.npy', '--set', 'components=2', '--out', 'mixture'];
  const { code, stdout, stderr } = await place.run(args);
  assert.equal(code, 0, stderr);
  const [, count = ''] = /^Fitted in \d+ s, (\d+) iterations: converged\.\n/.exec(stdout) ?? [];
  assert.match(stderr, new RegExp(`\niteration ${count} of at most \\d+ `));
  assert.match(stdout, /\n {2}curves {3}mixture\/charts\/training\.svg\n/);
  assert.match(await readFile(place.path('mixture', 'charts', 'training.svg'), 'utf8'), />iteration</);
  assert.deepEqual(await readdir(place.path('mixture', 'checkpoint')), []);
  const refused = await place.run([...args.slice(0, -1), 'no', '--epochs', '3']);
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /it iterates over all rows until it converges\. To bound that, use --set maxIterations=50/,
  );
  const short = await place.run([...args.slice(0, -1), 'short', '--set', 'maxIterations=1']);
  assert.match(short.stdout, /1 iteration: not converged\.\n/);
  assert.match(short.stderr, /\nwarning: .*maxIterations/);
});

test('resuming fits again, to the same bytes', async () => {
  await place.run(['train', 'gaussian-bayes', '--data', 'points.npy', '--out', 'again']);
  const files = ['model/weights.safetensors', 'model/model.json', 'metrics.jsonl', 'samples/step-0000001.csv'];
  const contents = () => Promise.all(files.map(async (file) => sha256(await readFile(place.path('again', file)))));
  const before = await contents();
  const { code, stderr } = await place.run(['train', '--resume', 'again']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /gaussian-bayes has no checkpoints: fitting again from the beginning\./);
  assert.deepEqual(await contents(), before);
});

test('options about batches are refused, with what there is instead', async () => {
  const base = ['train', 'gaussian-bayes', '--data', 'points.npy', '--out', 'no'];
  for (const given of [['--epochs', '3'], ['--steps', '3'], ['--batch', '8'], ['--flip']]) {
    const { code, stderr } = await place.run([...base, ...given]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      new RegExp(`^verisim: ${given[0]} is for models trained batch by batch\\. gaussian-bayes is not: `),
    );
    assert.equal(existsSync(place.path('no')), false);
  }
  const resumed = await place.run(['train', '--resume', 'again', '--epochs', '3']);
  assert.equal(resumed.code, 2);
  assert.match(resumed.stderr, /--epochs is for models trained batch by batch/);
});
