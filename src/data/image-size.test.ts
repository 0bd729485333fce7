import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { gatherAll } from './dataset.js';
import { fromArrays } from './from-arrays.js';
import { cropImages, resizeImages } from './image-size.js';

const images = (values: ArrayLike<number>, shape: readonly number[]) =>
  fromArrays({ x: Float32Array.from(values), shape });
const values = async (data: Parameters<typeof gatherAll>[0]) => [...(await gatherAll(data)).x];
const near = (received: readonly number[], expected: readonly number[]) => {
  assert.equal(received.length, expected.length);
  // Float32 sums of a few terms in [0, 1].
  received.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] ?? Number.NaN)) < 1e-6, `${received} against ${expected}`);
  });
};

test('the same size leaves images as they are', async () => {
  const pixels = random(1).uniform(2 * 5 * 4 * 3);
  near(await values(resizeImages(images(pixels, [5, 4, 3]), [5, 4])), [...pixels]);
});

test('enlarging twice is bilinear between pixel centres', async () => {
  // Centres of the new pixels lie at -0.25, 0.25, 0.75, 1.25 of the old ones; outside, the edge repeats.
  near(await values(resizeImages(images([0, 1], [1, 2, 1]), [1, 4])), [0, 0.25, 0.75, 1]);
  near(await values(resizeImages(images([0, 1], [2, 1, 1]), [4, 1])), [0, 0.25, 0.75, 1]);
});

test('shrinking averages: a triangle twice as wide, so no pixel is skipped', async () => {
  // The first new centre is at 1 with reach 2: weights of pixels 0.5, 1.5, 2.5 are 0.75, 0.75, 0.25, divided by their sum.
  near(await values(resizeImages(images([1, 0, 0, 0], [1, 4, 1]), [1, 2])), [3 / 7, 0]);
  near(await values(resizeImages(images([0, 0, 1, 0], [1, 4, 1]), [1, 2])), [1 / 7, 3 / 7]);
});

test('even images stay even at any size, and pixels stay in [0, 1]', async () => {
  for (const size of [1, 3, 7, 16] as const) {
    const white = await values(resizeImages(images(new Float32Array(5 * 6 * 3).fill(1), [5, 6, 3]), size));
    assert.ok(white.every((value) => value <= 1 && value > 1 - 1e-6));
  }
});

test('channels and images do not mix', async () => {
  const two = images([0, 1, 0, 1, 1, 0, 1, 0], [1, 2, 2]);
  near(await values(resizeImages(two, [2, 2])), [0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0]);
});

test('cropping cuts the middle out and pads around it', async () => {
  const data = images([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], [3, 3, 1]);
  near(await values(cropImages(data, 1)), [0.5]);
  near(await values(cropImages(data, [1, 5], 1)), [1, 0.4, 0.5, 0.6, 1]);
  near(await values(cropImages(data, [5, 1])), [0, 0.2, 0.5, 0.8, 0]);
});

test('28 pixels to 32 puts two rows of black on every side', async () => {
  const padded = await values(cropImages(images(new Float32Array(784).fill(1), [28, 28, 1]), 32));
  assert.equal(padded.length, 1024);
  assert.equal(padded.filter((value) => value === 1).length, 784);
  assert.equal(padded[2 * 32 + 2], 1);
  assert.equal(padded[1 * 32 + 2], 0);
  assert.equal(padded[29 * 32 + 29], 1);
  assert.equal(padded[30 * 32 + 29], 0);
});

test('what is no image or no size is refused', () => {
  const vectors = fromArrays({ x: [[1, 2]] });
  assert.throws(() => resizeImages(vectors, 2), ShapeError);
  assert.throws(() => cropImages(vectors, 2), ShapeError);
  assert.throws(() => resizeImages(images([1], [1, 1, 1]), 0), ConfigError);
  assert.throws(() => cropImages(images([1], [1, 1, 1]), 2, 2), ConfigError);
});
