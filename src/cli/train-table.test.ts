// Tables from the command line: trained on, resumed, and sampled as rows of the same table.
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { openDataset } from '../data/index.js';
import { load } from '../models/node/load.js';
import { random } from '../runtime/random.js';
import { tinyGan, workplace } from './testing/workplace.js';

const place = await workplace();
const header = 'price;count;colour;kind';
const stream = random(8);
const lines = Array.from({ length: 100 }, (_, i) =>
  [
    (1000 + 10 * stream.next()).toFixed(2),
    Math.floor(stream.next() * 50),
    i === 5 ? '?' : ['red', 'light blue'][i % 2],
    ['u', 'v', 'w'][i % 3],
  ].join(';'),
);
await writeFile(place.path('cars.csv'), `${header}\r\n${lines.join('\r\n')}\r\n`);

const train = (...args: string[]) => place.run(['train', 'gan', '--data', 'cars.csv', ...tinyGan, ...args]);

test('a gan of a table draws rows of that table, standardised and one-hot inside', async () => {
  const { code, stderr } = await train(
    ...['--label', 'kind', '--missing', 'drop', '--steps', '4', '--batch', '8', '--out', 'cars'],
  );
  assert.equal(code, 0, stderr);
  const config = JSON.parse(await readFile(place.path('cars', 'config.json'), 'utf8'));
  assert.deepEqual(config.data.table, { label: 'kind', missing: 'drop', standardise: true });
  assert.deepEqual([config.data.length, config.data.exampleShape, config.data.classes], [99, [4], ['u', 'v', 'w']]);

  const sampled = await place.run(['sample', 'cars', '--count', '50', '--seed', '1', '--out', 'rows.csv']);
  assert.equal(sampled.code, 0, sampled.stderr);
  const text = await readFile(place.path('rows.csv'), 'utf8');
  const [first, ...rows] = text.trimEnd().split('\n');
  assert.equal(first, 'price;count;colour');
  assert.equal(rows.length, 50);
  for (const row of rows) assert.match(row, /^\d{3,4}\.\d\d;\d{1,2};(red|light blue)$/);
  // They can be read as that table again.
  const model = await load(place.path('cars'));
  assert.ok(model.table !== undefined);
  const again = await openDataset(place.path('rows.csv'), { schema: model.table });
  assert.deepEqual([again.length, again.exampleShape], [50, [4]]);
  await model.dispose();
  // What was drawn on the way are rows of the table too.
  for (const name of await readdir(place.path('cars', 'samples')))
    assert.ok((await readFile(place.path('cars', 'samples', name), 'utf8')).startsWith('price;count;colour\n'), name);
});

test('a resumed run reads the table as before', async () => {
  const options = ['--label', 'kind', '--missing', 'category', '--column', 'count=ignore', '--batch', '8'];
  await train(...options, '--steps', '6', '--out', 'whole');
  await train(...options, '--steps', '3', '--out', 'part');
  const resumed = await place.run(['train', '--resume', 'part', '--steps', '6']);
  assert.equal(resumed.code, 0, resumed.stderr);
  const weights = (run: string) => readFile(place.path(run, 'model', 'weights.safetensors'));
  assert.deepEqual(await weights('part'), await weights('whole'));
  const changed = await place.run(['train', '--resume', 'part', '--label', 'colour']);
  assert.deepEqual([changed.code, changed.stdout], [2, '']);
  assert.match(changed.stderr, /so --label cannot be given with it/);
});

test('a text among numbers is named, and can be said to stand for a missing value', async () => {
  await writeFile(
    place.path('prices.csv'),
    `price\n${Array.from({ length: 20 }, (_, i) => i).join('\n')}\non request\n`,
  );
  const fit = (...args: string[]) =>
    place.run([
      'train',
      'gan',
      '--data',
      'prices.csv',
      ...tinyGan,
      ...args,
      '--steps',
      '1',
      '--batch',
      '8',
      '--out',
      'prices',
    ]);
  const refused = await fit();
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /line 22: column "price" holds "on request" among 20 numbers.*--missing-text/);
  const { code, stderr } = await fit('--missing', 'drop', '--missing-text', 'On Request');
  assert.equal(code, 0, stderr);
  const { table } = await load(place.path('prices'));
  assert.deepEqual([table?.columns[0]?.kind, table?.columns[0]?.missing], ['integer', 1]);
});

test('numbers can be kept as they are', async () => {
  const { code, stderr } = await train(
    ...[
      '--no-standardise',
      '--categorical',
      'codes',
      '--missing',
      'fill',
      '--steps',
      '1',
      '--batch',
      '8',
      '--out',
      'raw',
    ],
  );
  assert.equal(code, 0, stderr);
  const { table } = await load(place.path('raw'));
  assert.deepEqual([table?.standardisation, table?.categorical], [undefined, 'codes']);
  assert.equal(table?.columns[2]?.fill, 'red');
});

test('wrong uses say what to do and leave nothing', async () => {
  await place.writePoints(20);
  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['--label', 'kind'], 1, /values are missing in "colour" \(1\), first in line 7.*--missing/],
    [['--label', 'kid', '--missing', 'drop'], 2, /Unknown column "kid"\. Did you mean "kind"/],
    [['--missing', 'drop', '--column', 'colour=red'], 2, /Expected name=kind with a kind out of numeric, categorical/],
    [['--missing', 'drop', '--column', 'color=ignore'], 2, /Unknown column "color"\. Did you mean "colour"/],
    [['--missing', 'guess'], 2, /Allowed choices are drop, fill, category/],
    [['--data', 'points.npy', '--label', 'x'], 2, /--label is for tables.*"points\.npy" is none/],
    [['--data', 'two-moons', '--standardise'], 2, /--standardise is for tables/],
  ];
  for (const [args, code, message] of wrong) {
    const result = await train(...args, '--out', 'wrong');
    assert.deepEqual([result.code, result.stdout], [code, ''], result.stderr);
    assert.match(result.stderr, message);
    assert.ok(!(await readdir(place.folder)).includes('wrong'));
  }
});
