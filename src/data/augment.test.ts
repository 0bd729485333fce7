import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { flipHorizontally, shiftImages } from './augment.js';

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

test('each image is moved by up to an eighth of its sides, all moves about equally often', () => {
  // One bright pixel in the middle of 16x9 images: at most two rows and one column of moves.
  const [height, width] = [16, 9];
  const [row, column] = [8, 4];
  const x = new Float32Array(3000 * height * width);
  for (let i = 0; i < 3000; i++) x[i * height * width + row * width + column] = 1;
  const moved = shiftImages({ x }, [height, width, 1], random(1)).x;
  const counts = new Map<string, number>();
  for (let i = 0; i < 3000; i++) {
    const image = moved.subarray(i * height * width, (i + 1) * height * width);
    assert.equal(
      image.reduce((sum, value) => sum + value, 0),
      1,
    );
    const place = image.indexOf(1);
    const move = `${Math.floor(place / width) - row},${(place % width) - column}`;
    counts.set(move, (counts.get(move) ?? 0) + 1);
  }
  const moves = [-2, -1, 0, 1, 2].flatMap((down) => [-1, 0, 1].map((right) => `${down},${right}`));
  assert.deepEqual([...counts.keys()].sort(), moves.sort());
  // Binomial(3000, 1/15) has the mean 200 and standard deviation 13.7; five of them are allowed.
  for (const [move, count] of counts) assert.ok(Math.abs(count - 200) < 69, `${move}: ${count}`);
});

test('all channels move together, what comes in is black, labels and the batch given stay', () => {
  const colours = Float32Array.from({ length: 8 * 8 * 2 }, (_, i) => i + 1);
  const labels = Int32Array.of(3);
  const { x, labels: kept } = shiftImages({ x: colours, labels }, [8, 8, 2], random(4));
  assert.equal(kept, labels);
  assert.deepEqual(shiftImages({ x: colours }, [8, 8, 2], random(4)).x, x);
  const at = (image: Float32Array, down: number, right: number, channel: number) =>
    down < 0 || down > 7 || right < 0 || right > 7 ? 0 : (image[(down * 8 + right) * 2 + channel] ?? 0);
  const places = Array.from({ length: 128 }, (_, i) => [Math.floor(i / 16), Math.floor(i / 2) % 8, i % 2] as const);
  const fits = [-1, 0, 1].flatMap((down) =>
    [-1, 0, 1].filter((right) => places.every(([r, c, k]) => at(x, r, c, k) === at(colours, r - down, c - right, k))),
  );
  assert.equal(fits.length, 1);
  assert.equal(colours[0], 1);
});

test('rows that are no images are not shifted', () => {
  assert.throws(() => shiftImages(batch, [6], random(0)), ShapeError);
});
