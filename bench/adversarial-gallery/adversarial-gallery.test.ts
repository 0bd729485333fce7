// The page of the presets: none left out, and the codes of an InfoGAN's sheet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { models } from '../../src/index.js';
import { presetGallery, presetGalleryText } from '../adversarial-gallery.js';
import { codesByCategory } from './draw-sheet.js';

test('every adversarial model is on the page, with options that it takes', () => {
  const family = Object.values(models).filter(({ family }) => family === 'adversarial');
  assert.deepEqual(new Set(presetGallery.map(({ model }) => model)), new Set(family.map(({ kind }) => kind)));
  for (const { model, options } of presetGallery) models[model]?.create({ ...options });
});

test('a row of the sheet has one category, a column one noise', () => {
  const layout = { noise: 3, categories: [4, 2], continuous: 1, size: 10 };
  const { data, shape } = codesByCategory(layout, 5);
  const [rows = 0] = shape;
  const columns = rows / 4;
  const code = (row: number, column: number) => [...data.subarray((row * columns + column) * 10).subarray(0, 10)];
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < columns; column++) {
      assert.deepEqual(
        code(row, column).slice(3, 7),
        [0, 1, 2, 3].map((value) => (value === row ? 1 : 0)),
      );
      assert.deepEqual(code(row, column).slice(0, 3), code(0, column).slice(0, 3));
      assert.deepEqual(code(row, column).slice(7), code(0, column).slice(7));
    }
});

test('a preset that has been drawn is told with how long that took', () => {
  assert.equal(presetGalleryText([]), 'Nothing has been drawn yet.');
  const text = presetGalleryText([{ name: 'wgan', options: { channels: 32 }, steps: 500, minutes: 1.26 }]);
  assert.match(text, /^### `wgan`/);
  assert.match(text, /500 steps on mnist in 1\.3 minutes of two cores, `\{"channels":32\}`/);
  assert.match(text, /images\/preset-wgan\.png/);
});
