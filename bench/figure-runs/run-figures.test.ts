// Which figures are meant by what somebody types.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenFigures } from './run-figures.js';

const figures = ['ring', 'ring, unrolled', 'grid'].map((name) => ({ name }));
const chosen = (...wanted: string[]): string[] => chosenFigures(figures, wanted).map(({ name }) => name);

test('a part of a name means all figures that have it, in their order', () => {
  assert.deepEqual(chosen('gri', 'rin'), ['ring', 'ring, unrolled', 'grid']);
  assert.deepEqual(chosen('unrolled'), ['ring, unrolled']);
});

test('a whole name means that figure alone', () => {
  assert.deepEqual(chosen('ring'), ['ring']);
});

test('nothing is meant by no name, or by one that there is not', () => {
  assert.deepEqual(chosen(), []);
  assert.deepEqual(chosen('cifar'), []);
});
