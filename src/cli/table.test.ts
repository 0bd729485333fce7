import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textTable, wrap } from './table.js';

test('columns are as wide as their content', () => {
  assert.equal(
    textTable(
      ['name', 'n'],
      [
        ['a', '1'],
        ['longer', '22'],
      ],
      80,
    ),
    'name    n\n------  --\na       1\nlonger  22',
  );
});

test('the last column is broken between words where the terminal is narrow', () => {
  assert.equal(
    textTable(['name', 'meaning'], [['size', 'how many of them there are in all']], 30),
    'name  meaning\n----  ------------------------\nsize  how many of them there\n      are in all',
  );
});

test('words longer than a line stay whole', () => {
  assert.deepEqual(wrap('a incomprehensibilities b', 5), ['a', 'incomprehensibilities', 'b']);
  assert.deepEqual(wrap('', 5), ['']);
});
