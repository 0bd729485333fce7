import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { flipHorizontally } from './augment.js';

const shape = [1, 3, 2];
const image = [1, 2, 3, 4, 5, 6];
const mirrored = [5, 6, 3, 4, 1, 2];
const batch = { x: Float32Array.from({ length: 1000 * 6 }, (_, i) => image[i % 6] ?? 0) };
const rowsOf = (x: Float32Array) => Array.from({ length: x.length / 6 }, (_, i) => [...x.subarray(i * 6, i * 6 + 6)]);

test('each image is itself or its mirror image, both about half of the time', () => {
  const rows = rowsOf(flipHorizontally(batch, shape, random(1)).x);
  const flipped = rows.filter((row) => row.join() === mirrored.join()).length;
  const kept = rows.filter((row) => row.join() === image.join()).length;
  assert.equal(flipped + kept, 1000);
  // Binomial(1000, 1/2) has standard deviation 15.8; five of them are allowed.
  assert.ok(Math.abs(flipped - 500) < 79, `${flipped} of 1000 were flipped`);
});

test('the stream decides which, and the batch given stays as it was', () => {
  const before = batch.x.slice();
  const flip = (seed: number) => flipHorizontally(batch, shape, random(seed)).x;
  assert.deepEqual(flip(1), flip(1));
  assert.notDeepEqual(flip(1), flip(2));
  assert.deepEqual(batch.x, before);
});

test('rows that are no images are refused', () => {
  assert.throws(() => flipHorizontally(batch, [6], random(0)), ShapeError);
});
