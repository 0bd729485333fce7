import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greyShare } from './grey-share.js';

test('paper does not count, full ink is sharp, and what lies between is grey', () => {
  assert.equal(greyShare([0, 0.05, 1, 1, 1, 0.5]), 1 / 4);
  assert.equal(greyShare([1, 1, 0]), 0);
  assert.equal(greyShare([0.3, 0.3, 0]), 1);
  assert.equal(greyShare([0, 0]), 0);
});

test('the mean of sharp images that differ is grey', () => {
  const images = [
    [1, 0, 0, 1],
    [0, 1, 0, 1],
  ];
  assert.equal(greyShare(images.flat()), 0);
  const mean = [0, 1, 2, 3].map((pixel) => images.reduce((sum, image) => sum + (image[pixel] ?? 0) / 2, 0));
  assert.equal(greyShare(mean), 2 / 3);
});
