// Tours of one's own data: tables, images of mixed sizes, too few rows.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { readTour } from '../report/tour/tour-file.js';
import { workplace } from './testing/workplace.js';

const place = await workplace();
const points = await place.writePoints(400);

test('a folder with something else in it is left alone, and a model that the data do not allow is left out', async () => {
  await place.writeImages('photos', [[12, 12]]);
  const taken = await place.run(['tour', '--data', points, '--out', 'photos', '--no-open']);
  assert.equal(taken.code, 1, taken.stderr);
  assert.match(taken.stderr, /photos holds something that is no tour \(0\.png\)\. Name an empty or a new folder/);

  // Three rows are too few for ten components.
  await writeFile(place.path('few.csv'), 'a,b,c\n1,2,3\n2,3,1\n3,1,2\n');
  const few = await place.run(['tour', '--data', 'few.csv', '--minutes', '0.1', '--no-open', '--json']);
  assert.equal(few.code, 0, few.stderr);
  assert.match(few.stderr, /This model is left out: .*components/);
  const { page } = JSON.parse(few.stdout);
  const text = await readFile(place.path(page), 'utf8');
  assert.match(text, /id="left-out"/);
  // There are no held-out rows to compare training rows with, so nothing is said of copying.
  assert.doesNotMatch(text, /copies nothing/);
});

test('images of mixed sizes are brought to one, and classes of a table are taken from its column', async () => {
  await place.writeImages('mixed', [
    [9, 12],
    [14, 8],
    [8, 8],
  ]);
  const mixed = await place.run(['tour', '--data', 'mixed', '--minutes', '0.05', '--no-open']);
  assert.equal(mixed.code, 2, mixed.stderr);
  assert.match(mixed.stderr, /--size/);
  const rows = Array.from({ length: 60 }, (_, row) => `${row % 7},${(row * row) % 11},${row % 2 === 0 ? 'a' : 'b'}`);
  await writeFile(place.path('pairs.csv'), `x,y,kind\n${rows.join('\n')}\n`);
  const table = ['tour', '--data', 'pairs.csv', '--label', 'kind', '--minutes', '0.1', '--no-open', '--json'];
  const labelled = await place.run(table);
  assert.equal(labelled.code, 0, labelled.stderr);
  const page = await readFile(place.path('runs', 'tour-pairs', 'index.html'), 'utf8');
  assert.match(page, /npx verisim classify/);
  assert.match(page, /--label kind/);
  // The story is not that of images.
  assert.match(page, /Round clouds/);
  assert.doesNotMatch(page, /under snow|a seven|through fog|strokes/i);
  assert.equal((await readTour(place.path('runs', 'tour-pairs')))?.label, 'kind');
  const other = await place.run(['tour', '--data', 'pairs.csv', '--minutes', '0.1', '--no-open']);
  assert.equal(other.code, 2, other.stderr);
  assert.match(other.stderr, /holds a tour with label kind, not as it is/);
  const none = await place.run(['tour', '--data', points, '--label', 'kind', '--out', 'nowhere', '--no-open']);
  assert.equal(none.code, 2, none.stderr);
  assert.match(none.stderr, /--label is for tables/);
});
