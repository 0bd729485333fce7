// Rows made binary, and rows that are held out to choose the best weights by.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { writeNpy } from '../data/index.js';
import { random } from '../runtime/random.js';
import { readMetrics } from '../training/node/metrics-file.js';
import { readRunConfig } from '../training/node/run-config.js';
import { workplace } from './testing/workplace.js';

const place = await workplace();
await writeFile(place.path('grey.npy'), writeNpy({ data: random(1).uniform(80 * 6), shape: [80, 6] }));

const train = (...options: string[]) =>
  place.run(['train', 'fvsbn', '--data', 'grey.npy', '--batch', '10', '--threads', '1', ...options]);

test('a model of zeros and ones is trained on numbers made so, and stops where held-out rows get no better', async () => {
  const options = ['--binarise', '0.4', '--validation', '0.25', '--patience', '2', '--set', 'learningRate=0.5'];
  const { code, stdout, stderr } = await train('--epochs', '200', ...options, '--json');
  assert.equal(code, 0, stderr);
  const { stoppedBecause, iterations, converged } = JSON.parse(stdout);
  // Noise cannot be learnt: the held-out rows tell so after a few epochs of six steps.
  assert.deepEqual([stoppedBecause, converged], ['converged', true]);
  assert.ok(iterations < 600 && iterations % 6 === 0);
  const run = place.path('runs', 'fvsbn-grey');
  const losses = (await readMetrics(run)).flatMap(({ metrics }) => metrics.validationLoss ?? []);
  assert.equal(losses.length, iterations / 6);
  assert.equal(losses.indexOf(Math.min(...losses)), losses.length - 3);
  const { training, data } = await readRunConfig(run);
  assert.deepEqual([training.validation, training.patience, data.binarise], [0.25, 2, 0.4]);
  assert.equal(data.length, 80);
});

test('the same is done to the rows that the model looks at later', async () => {
  const { code, stdout, stderr } = await place.run(['score', 'runs/fvsbn-grey', '--data', 'grey.npy', '--json']);
  assert.equal(code, 0, stderr);
  assert.ok(JSON.parse(stdout).mean < 0);
});

test('what has converged stays where it is when it is resumed', async () => {
  const { code, stdout, stderr } = await place.run(['train', '--resume', 'runs/fvsbn-grey']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /All \d+ steps had been done before/);
});

test('without making them binary, and with a share or split that does not exist, it says what to do', async () => {
  for (const [options, message] of [
    [['--out', 'runs/a'], /holds 0\.\d+ at position 0.*--binarise/],
    [['--out', 'runs/b', '--binarise', '1'], /Expected a number from 0 to below 1, or draw, received "1"/],
    [['--out', 'runs/c', '--binarise', '--validation', '1.5'], /Expected valid, test, or a share.*received "1\.5"/],
    [['--out', 'runs/d', '--binarise', '--patience', '2'], /patience and validateEvery are about validation rows/],
    [['--out', 'runs/e', '--binarise', '--validation', 'valid'], /grey\.npy/],
  ] as const) {
    const { code, stderr } = await train('--steps', '2', ...options);
    assert.notEqual(code, 0);
    assert.match(stderr, message);
  }
});

test('another split of a named data set is validated on, of generated points and of images', async () => {
  for (const [data, more] of [
    ['two-moons', []],
    ['mnist', ['--validation', 'test']],
  ] as const) {
    const out = `runs/split-${data}`;
    const args = [
      'train',
      'made',
      '--data',
      data,
      '--set',
      'output=gaussian',
      '--set',
      'hiddenLayers=[4]',
      '--steps',
      '2',
    ];
    const { code, stderr } = await place.run([
      ...args,
      '--threads',
      '1',
      '--validation',
      'valid',
      ...more,
      '--out',
      out,
    ]);
    assert.equal(code, 0, stderr);
    const losses = (await readMetrics(place.path(out))).flatMap(({ metrics }) => metrics.validationLoss ?? []);
    assert.equal(losses.length, 1);
  }
});

test('models that take all rows at once have no use for validation rows', async () => {
  const { code, stderr } = await place.run(['train', 'pca', '--data', 'grey.npy', '--validation', '0.1']);
  assert.notEqual(code, 0);
  assert.match(stderr, /--validation is for models trained batch by batch/);
});
