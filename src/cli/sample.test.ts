import assert from 'node:assert/strict';
import { cp, readFile, truncate, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import sharp from 'sharp';
import { fromArrays, readNpy } from '../data/index.js';
import { dcgan } from '../models/adversarial/dcgan.js';
import { gan } from '../models/adversarial/gan.js';
import { load } from '../models/node/load.js';
import { canSample } from '../models/tools/abilities.js';
import { random } from '../runtime/random.js';
import { workplace } from './testing/workplace.js';

const place = await workplace();
const points = gan({ latentSize: 2, generatorLayers: [8], discriminatorLayers: [8] });
await points.fit(fromArrays({ x: random(1).normal(80), shape: [2] }), { steps: 2, batchSize: 8 });
await points.save(place.path('points'));
await points.dispose();
const images = dcgan({ latentSize: 2, channels: 2 });
await images.fit(fromArrays({ x: random(1).uniform(8 * 80), shape: [8, 10, 1] }), { steps: 1, batchSize: 4 });
await images.save(place.path('images'));
await images.dispose();

const arrayOf = async (name: string) => readNpy(await readFile(place.path(name)), name);

test('points become a table, images a grid, where no file is named', async () => {
  const table = await place.run(['sample', 'points', '--count', '3', '--seed', '1']);
  assert.deepEqual([table.code, table.stdout], [0, 'samples.csv: 3 samples of 2, drawn with seed 1\n']);
  assert.equal((await readFile(place.path('samples.csv'), 'utf8')).split('\n').length, 1 + 3 + 1);
  const grid = await place.run(['sample', 'images', '--count', '4']);
  assert.equal(grid.code, 0);
  assert.match(grid.stdout, /^samples\.png: 4 samples of 8x10x1, drawn with seed \d+\n$/);
  assert.equal((await sharp(place.path('samples.png')).metadata()).format, 'png');
});

test('the seed that was drawn with is told, and gives the same rows again', async () => {
  const { stdout } = await place.run(['sample', 'points', '--count', '5', '--out', 'a.npy', '--json']);
  const { seed, ...rest } = JSON.parse(stdout);
  assert.deepEqual(rest, { out: 'a.npy', model: 'gan', shape: [5, 2] });
  await place.run(['sample', 'points', '--count', '5', '--out', 'b.npy', '--seed', String(seed)]);
  await place.run(['sample', 'points', '--count', '5', '--out', 'c.npy']);
  const first = await arrayOf('a.npy');
  assert.deepEqual(await arrayOf('b.npy'), first);
  assert.notDeepEqual((await arrayOf('c.npy')).data, first.data);
});

test('images can be written in every format', async () => {
  for (const [name, start] of [
    ['x.png', '\u0089PNG'],
    ['x.svg', '<svg'],
    ['x.npy', '\u0093NUMPY'],
    ['x.csv', 'x1,x2'],
    ['X.PNG', '\u0089PNG'],
  ] as const) {
    const { code, stderr } = await place.run(['sample', 'images', '--count', '2', '--out', name]);
    assert.equal(code, 0, stderr);
    const content = await readFile(place.path(name), 'latin1');
    assert.ok(content.includes(start.slice(0, 4)), name);
  }
});

test('wrong uses exit 2 with one line, failures 1', async () => {
  await cp(place.path('points'), place.path('cut'), { recursive: true });
  await truncate(place.path('cut', 'weights.safetensors'), 300);
  await cp(place.path('points'), place.path('foreign'), { recursive: true });
  await writeFile(
    place.path('foreign', 'model.json'),
    '{"format":"verisim-model","version":1,"kind":"gann","config":{},"exampleShape":[2],"classes":[]}',
  );
  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['points', '--count', '0'], 2, /--count.*Expected a whole number from 1, received "0"/],
    [['points', '--count', 'ten'], 2, /received "ten"/],
    [['points', '--count', '1e15'], 2, /do not fit in memory at once; draw at most/],
    [['points', '--seed', '-1'], 2, /whole number from 0, received "-1"/],
    [['points', '--out', 'x.jpg'], 2, /Unknown kind of file "\.jpg"\. Did you mean "\.png"\?/],
    [['points', '--out', 'x'], 2, /--out x has no ending .* one of \.png, \.svg, \.npy, \.csv/],
    [['points', '--out', 'x.png'], 2, /cannot be shown as images; write them to a \.npy or \.csv file/],
    [['points', '--out', 'no/such/x.npy'], 1, /no\/such\/x\.npy could not be written: the folder does not exist/],
    [['nowhere'], 1, /There is no folder nowhere/],
    [['cut'], 1, /cut\/weights\.safetensors: /],
    [['foreign'], 1, /foreign: holds no model.*Unknown model "gann"\. Did you mean "gan"\?/],
    [[], 2, /missing required argument 'run'/],
  ];
  for (const [args, code, message] of wrong) {
    const result = await place.run(['sample', ...args]);
    assert.deepEqual([result.code, result.stdout], [code, ''], result.stderr);
    assert.match(result.stderr, message);
    assert.match(result.stderr, /^verisim: .*\n$/);
  }
});

test('rows of a class, of models that know it', async () => {
  await place.run(['train', 'gaussian-bayes', '--data', 'two-moons', '--out', 'bayes']);
  const model = await load(place.path('bayes'), canSample);
  const { data } = await model.sample(5, { seed: 3, given: { label: 'lower moon' } });
  await model.dispose();
  const args = ['sample', 'bayes', '--count', '5', '--seed', '3', '--out', 'lower.npy'];
  const { code, stdout, stderr } = await place.run([...args, '--given', 'label=lower moon']);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'lower.npy: 5 samples of 2 of class lower moon, drawn with seed 3\n');
  assert.deepEqual(readNpy(await readFile(place.path('lower.npy'))).data, data);
  const unlabelled = await place.run([
    'train',
    'gaussian-bayes',
    '--data',
    await place.writePoints(20),
    '--out',
    'plain',
  ]);
  assert.equal(unlabelled.code, 0, unlabelled.stderr);
  await place.run(['train', 'histogram', '--data', 'two-moons', '--out', 'histogram']);
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['bayes', '--given', 'label=lowermoon'], /Unknown class "lowermoon"\. Did you mean "lower moon"\?/],
    [['bayes', '--given', 'lower moon'], /Expected label=class, such as label=7; received "lower moon"/],
    [['plain', '--given', 'label=a'], /fitted without labels/],
    [
      ['histogram', '--given', 'label=a'],
      /histogram has no classes that rows can be asked of\. Models that have: naive-bayes/,
    ],
  ];
  for (const [words, message] of wrong) {
    const refused = await place.run(['sample', ...words]);
    assert.deepEqual([refused.code, refused.stdout], [2, '']);
    assert.match(refused.stderr, message);
  }
});
