// The list of figures: what would only show after hours of training.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createModel } from '../../src/index.js';
import { ganFigures } from './figures.js';

test('names are unique, and so are the files of sheets', () => {
  const unique = (names: readonly string[]) => new Set(names).size === names.length;
  assert.ok(unique(ganFigures.map(({ name }) => name)));
  assert.ok(unique(ganFigures.flatMap(({ picture }) => (picture === undefined ? [] : [picture.file]))));
});

test('every model takes its options', () => {
  for (const { model, options } of ganFigures) createModel(model, { ...options });
});

test('every training ends, and what is compared on CIFAR-10 computes for as long', () => {
  for (const { fit } of ganFigures) assert.ok(fit.steps !== undefined || fit.minutes !== undefined);
  const colour = ganFigures.filter(({ data }) => data === 'cifar-10').map(({ fit }) => fit.minutes);
  assert.equal(new Set(colour).size, 1);
});
