import assert from 'node:assert/strict';
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parseEvaluation } from '../report/evaluation.js';
import { stageDisplay } from './stage-display.js';
import { tinyGan, workplace } from './testing/workplace.js';

const place = await workplace({ hasCache: true });
await place.writePoints(100);
await rename(place.path('points.npy'), place.path('held.npy'));
await place.writePoints(120);
const run = (...args: string[]) => place.run(args);
const bayes = await run('train', 'gaussian-bayes', '--data', 'points.npy', '--out', 'bayes');
await run('train', 'gan', '--data', 'points.npy', '--steps', '30', '--batch', '8', '--out', 'gan', ...tinyGan);
await run('train', 'gaussian-bayes', '--data', 'two-moons', '--out', 'moons');

/** Held-out rows, and few samples: every metric is quick. */
const few = ['--samples', '60', '--data', 'held.npy'];
const density = ['--metrics', 'log-density', '--samples', '20'];

test('a table with values, intervals and readings, and files in the run folder', async () => {
  assert.equal(bayes.code, 0, bayes.stderr);
  const { code, stdout, stderr } = await run('evaluate', 'bayes', ...few);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /^model {6}gaussian-bayes\ndata {7}points\.npy: 100 held-out rows \(all rows\), 120 training rows\n/,
  );
  assert.match(stdout, /\nsamples {4}60, seed 0, compared in pixels\n/);
  assert.match(stdout, /\ncost {7}trained in \d.*, \d+ numbers, \d+ MB in training, samples at .* a second\n/);
  assert.match(stdout, /\nlikelihood:\n {2}log-density\S* +−?\d[\d.]* nats +−?\d.* to .*\n {6}\w/);
  assert.match(stdout, /\nsamples:\n {2}fid\[pixels\] +\d.* to .* {2}real rows: \d/);
  assert.match(stdout, /\ncopying:\n/);
  assert.match(stdout, /\nwritten {4}bayes\/evaluation\.json\nwritten {4}bayes\/evaluation\/samples\.svg\n$/);
  const parsed = parseEvaluation(JSON.parse(await readFile(place.path('bayes', 'evaluation.json'), 'utf8')));
  assert.ok('evaluation' in parsed && parsed.evaluation.samples === 60);
  const picture = await readFile(place.path('bayes', 'evaluation', 'samples.svg'), 'utf8');
  assert.match(picture, /<title>60 samples of gaussian-bayes/);
});

test('as one JSON document, of some metrics; the same seed gives the same', async () => {
  const evaluated = async (...more: string[]) => {
    const { code, stdout, stderr } = await run(
      'evaluate',
      'bayes',
      ...few,
      '--metrics',
      'log-density',
      '--json',
      ...more,
    );
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const first = await evaluated();
  assert.deepEqual(
    [first.run, first.model.kind, first.rows.map(({ metric }: { metric: string }) => metric), first.skipped],
    ['bayes', 'gaussian-bayes', ['log-density'], []],
  );
  const { made, rows, cost, ...rest } = await evaluated();
  assert.deepEqual(rest.data, first.data);
  assert.deepEqual([rows[0].value, rows[0].interval], [first.rows[0].value, first.rows[0].interval]);
});

test('the rows to judge by are the test split, where there is one, or those that are named', async () => {
  const heldOut = async (...args: string[]) =>
    JSON.parse((await run('evaluate', ...args, ...density, '--json')).stdout).data.heldOut;
  assert.equal((await heldOut('moons')).split, 'test');
  assert.equal((await heldOut('moons', '--split', 'valid')).split, 'valid');
  assert.deepEqual((await heldOut('moons', '--data', 'held.npy')).rows, 100);
});

test('a folder with test/ in it is judged by what is there', async () => {
  await place.writeImages('shots/train', [
    [3, 3],
    [3, 3],
    [3, 3],
    [3, 3],
  ]);
  await place.writeImages('shots/test', [
    [3, 3],
    [3, 3],
  ]);
  await run('train', 'gaussian-bayes', '--data', 'shots', '--out', 'shots-bayes');
  const { code, stdout, stderr } = await run('evaluate', 'shots-bayes', ...density);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\ndata {7}shots: 2 held-out rows \(test\), 4 training rows\n/);
});

test('undivided data has no held-out rows, unless the training left some out', async () => {
  const { data, warnings } = JSON.parse((await run('evaluate', 'bayes', ...density, '--json')).stdout);
  assert.equal(data.heldOut, undefined);
  assert.match(warnings[0], /no held-out rows/);
  const made = ['train', 'made', '--data', 'points.npy', '--steps', '2', '--batch', '8', '--set', 'output=gaussian'];
  const trained = await run(...made, '--set', 'hiddenLayers=[4]', '--validation', '0.25', '--out', 'left');
  assert.equal(trained.code, 0, trained.stderr);
  const left = JSON.parse((await run('evaluate', 'left', ...density, '--json')).stdout);
  assert.deepEqual([left.data.heldOut.rows, left.data.heldOut.split, left.data.training.rows], [30, 'validation', 90]);
});

test('a model folder needs its data named', async () => {
  const { code, stderr } = await run('evaluate', 'bayes/model');
  assert.equal(code, 2);
  assert.match(stderr, /does not tell what it was trained on\. Name the data/);
  const named = await run('evaluate', 'bayes/model', '--data', 'points.npy', ...density, '--json');
  assert.equal(named.code, 0, named.stderr);
});

test('what cannot be asked for is refused before anything is computed', async () => {
  const refused = async (expected: RegExp, ...args: string[]) => {
    const { code, stdout, stderr } = await run('evaluate', 'gan', ...args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, expected);
  };
  await refused(/Unknown metric "log-densitty"\. Did you mean "log-density"\?/, '--metrics', 'log-densitty');
  await refused(
    /log-density cannot be computed here: gan has no density, nor a bound on one/,
    '--metrics',
    'log-density',
  );
  await refused(/Unknown feature space "pixel"\. Did you mean "pixels"\?/, '--features', 'pixel');
  await refused(/Expected names between commas/, '--metrics', ',');
  await refused(/Expected a whole number from 1/, '--samples', '0');
  await refused(/The rows of .* have shape|shape/, '--features', 'mnist-classifier');
});

test('a run that is missing or damaged', async () => {
  const missing = await run('evaluate', 'nowhere');
  assert.deepEqual([missing.code, missing.stdout], [1, '']);
  assert.match(missing.stderr, /There is no folder nowhere/);
  await cp(place.path('bayes'), place.path('damaged'), { recursive: true });
  await writeFile(place.path('damaged', 'config.json'), '{');
  const damaged = await run('evaluate', 'damaged');
  assert.equal(damaged.code, 1);
  assert.match(damaged.stderr, /damaged\/config\.json: is no JSON/);
});

test('data that have changed since the training are noticed', async () => {
  await cp(place.path('bayes'), place.path('changed'), { recursive: true });
  const path = place.path('changed', 'config.json');
  const config = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...config, data: { ...config.data, fingerprint: '0' } }));
  const { code, stderr } = await run('evaluate', 'changed', ...density, '--json');
  assert.equal(code, 0);
  assert.match(stderr, /warning: .*points\.npy has other values than when the model was trained/);
});

test('several runs on one page', async () => {
  await rm(place.path('gan', 'evaluation.json'), { force: true });
  const unready = await run('compare', 'bayes', 'gan');
  assert.equal(unready.code, 1);
  assert.match(unready.stderr, /gan has not been evaluated yet\. Add --evaluate/);
  // The rows of both are those that bayes was evaluated by above: none held out.
  await run('evaluate', 'bayes', '--samples', '60');
  const { code, stdout, stderr } = await run(
    'compare',
    'bayes',
    'gan',
    '--evaluate',
    '--samples',
    '60',
    '--out',
    'two.html',
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^two\.html: 2 models, \d+ metrics, \d+ kB\. Open it in a browser\.\n$/);
  const page = await readFile(place.path('two.html'), 'utf8');
  for (const part of ['<h1>Two models of points.npy</h1>', '<h3>gan</h3>']) assert.ok(page.includes(part), part);
  // Curves over minutes: the timeline was recorded.
  assert.ok(page.includes('>minutes</text>'));
  const { runs, metrics } = JSON.parse((await run('compare', 'bayes', 'gan', '--out', 'two.html', '--json')).stdout);
  assert.deepEqual(runs[1], { run: 'gan', name: 'gan', model: 'gan' });
  assert.ok(metrics.some(({ name }: { name: string }) => name === 'fid[pixels]'));
});

test('comparisons that make no sense', async () => {
  await run('evaluate', 'moons', ...density);
  const refused = async (expected: RegExp, code: number, ...args: string[]) => {
    const result = await run('compare', ...args);
    assert.deepEqual([result.code, result.stdout], [code, '']);
    assert.match(result.stderr, expected);
  };
  await refused(/of models of different data nothing can be compared/, 2, 'bayes', 'moons');
  await refused(/bayes was named twice/, 2, 'bayes', 'bayes');
  await refused(/There is no folder nowhere/, 1, 'bayes', 'nowhere');
  await refused(/Unknown kind of page "\.pdf".*\.html/, 2, 'bayes', '--out', 'page.pdf');
  await writeFile(place.path('gan', 'evaluation.json'), '{');
  await refused(/gan\/evaluation\.json: is no JSON.*verisim evaluate gan/s, 1, 'bayes', 'gan');
});

test('stages are shown on a terminal as one line, elsewhere only those that take long', () => {
  const written: string[] = [];
  const stream = (isTTY: boolean) => ({ isTTY, columns: 40, write: (text: string) => written.push(text) });
  const terminal = stageDisplay(stream(true));
  terminal.show('Looking', 0.5, 60);
  terminal.end();
  assert.deepEqual(written, ['\rLooking ... 50 %, about 30 s left\u001b[K', '\r\u001b[K']);
  written.length = 0;
  const file = stageDisplay(stream(false));
  file.show('Quick', 0, 1);
  file.show('Slow', 0, 60);
  file.show('Slow', 0.5, 60);
  file.note('Said.');
  file.end();
  assert.deepEqual(written, ['Slow: about 1 min 00 s\n', 'Said.\n']);
});
