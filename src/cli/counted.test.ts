import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from './counted.js';
import { tinyGan, workplace } from './testing/workplace.js';

test('words agree with their numbers', () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => counted(count, 'step')),
    ['0 steps', '1 step', '2 steps'],
  );
});

test('a training of one step, and its continuation by one', async () => {
  const place = await workplace();
  const one = await place.run([
    'train',
    'gan',
    '--data',
    'two-moons',
    '--steps',
    '1',
    '--batch',
    '8',
    '--out',
    'r',
    ...tinyGan,
  ]);
  assert.match(one.stdout, /^Trained 1 step in \d+ s\.\n/, one.stderr);
  const again = await place.run(['train', '--resume', 'r']);
  assert.match(again.stdout, /^The only step had been done before\.\n/, again.stderr);
  const more = await place.run(['train', '--resume', 'r', '--steps', '2']);
  assert.match(more.stdout, /^Trained step 2 in \d+ s\.\n/, more.stderr);
});
