import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { tinyGan, workplace } from './testing/workplace.js';

const place = await workplace();
const trained = await place.run([
  'train',
  'gan',
  '--data',
  'two-moons',
  '--steps',
  '12',
  '--batch',
  '8',
  '--out',
  'r',
  ...tinyGan,
]);

test('a run is told from its configuration to its weights', async () => {
  assert.equal(trained.code, 0, trained.stderr);
  const { code, stdout, stderr } = await place.run(['info', 'r']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^run {7}r, started 20\d\d-/);
  assert.match(stdout, /\nmodel {5}gan\n {2}latentSize = 2\n/);
  assert.match(stdout, /\ndata {6}two-moons, train: 10000 rows of 2\n/);
  assert.match(stdout, /\nstate {5}finished\nprogress {2}step 12 of 12, epoch 0\.0096\n {2}discriminatorLoss \d/);
  // 2 x 8 + 8, 8 x 2 + 2 and 2 x 8 + 8, 8 x 1 + 1.
  assert.match(stdout, /\nweights {3}75 numbers\n/);
  assert.match(stdout, /\n {2}generator\/output\/weight +\[8, 2\] {2}16\n/);
});

test('the same as one JSON document', async () => {
  const document = JSON.parse((await place.run(['info', 'r', '--json'])).stdout);
  assert.deepEqual([document.folder, document.isTraining, document.size, document.last.step], ['r', false, 75, 12]);
  assert.equal(document.run.options.latentSize, 2);
  assert.equal(document.model.kind, 'gan');
  assert.equal(document.weights.length, 8);
});

test('a model folder can be looked at too, and explained', async () => {
  const { stdout } = await place.run(['info', 'r/model', '--explain']);
  assert.match(stdout, /^model {5}gan\n/);
  assert.match(stdout, /gan-decode: \d+ operators.*\n(.*\n)*generator\/output +matmul/);
  assert.doesNotMatch(stdout, /progress/);
});

test('a run without weights yet can be looked at', async () => {
  await place.run([
    'train',
    'gan',
    '--data',
    'two-moons',
    '--steps',
    '2',
    '--batch',
    '8',
    '--out',
    'young',
    ...tinyGan,
  ]);
  for (const part of ['model', 'metrics.jsonl']) await rm(place.path('young', part), { recursive: true });
  const { code, stdout, stderr } = await place.run(['info', 'young']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /progress {2}no metrics yet\nweights {3}none yet: the first checkpoint is still to come\n$/);
});

test('missing, foreign and damaged folders fail with one line', async () => {
  await writeFile(place.path('young', 'config.json'), '{');
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['nowhere', /There is no folder nowhere/],
    ['r/samples', /holds no model: model\.json is missing/],
    ['young', /config\.json: is no JSON/],
  ];
  for (const [folder, message] of wrong) {
    const { code, stdout, stderr } = await place.run(['info', folder]);
    assert.deepEqual([code, stdout], [1, ''], stderr);
    assert.match(stderr, message);
    assert.match(stderr, /^verisim: .*\n$/);
  }
});
