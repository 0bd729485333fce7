import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../core/errors.js';
import { imageGrid } from './image-grid.js';
import type { RawImage } from './raw-image.js';

/** The bytes of one pixel. */
function pixel({ width, channels, data }: RawImage, x: number, y: number): number[] {
  return Array.from(data.subarray((y * width + x) * channels, (y * width + x + 1) * channels));
}

test('every pixel lands at its place in its cell', () => {
  // Three 2 x 3 images whose values are their own positions: image n, row y, column x holds (n*6 + y*3 + x) / 255.
  const pixels = Float32Array.from({ length: 18 }, (_, index) => index / 255);
  const grid = imageGrid({ data: pixels, shape: [3, 2, 3, 1] }, { columns: 2, padding: 1, scale: 1, background: 1 });
  assert.deepEqual(
    Array.from({ length: grid.height }, (_, y) => Array.from({ length: grid.width }, (_, x) => pixel(grid, x, y)[0])),
    [
      [255, 255, 255, 255, 255, 255, 255, 255, 255],
      [255, 0, 1, 2, 255, 6, 7, 8, 255],
      [255, 3, 4, 5, 255, 9, 10, 11, 255],
      [255, 255, 255, 255, 255, 255, 255, 255, 255],
      [255, 12, 13, 14, 255, 255, 255, 255, 255],
      [255, 15, 16, 17, 255, 255, 255, 255, 255],
      [255, 255, 255, 255, 255, 255, 255, 255, 255],
    ],
  );
});

test('a scale turns each pixel into a square, without blending', () => {
  const pixels = Float32Array.from([0, 1, 0.5, 0.25]);
  const grid = imageGrid({ data: pixels, shape: [1, 2, 2, 1] }, { padding: 0, scale: 3 });
  assert.deepEqual([grid.width, grid.height, grid.cellWidth, grid.cellHeight], [6, 6, 6, 6]);
  for (let y = 0; y < 6; y++)
    for (let x = 0; x < 6; x++) {
      const expected = [
        [0, 255],
        [128, 64],
      ][Math.floor(y / 3)]?.[Math.floor(x / 3)];
      assert.equal(pixel(grid, x, y)[0], expected, `at ${x}, ${y}`);
    }
});

test('the cells are where the grid says they are', () => {
  const count = 7;
  const pixels = Float32Array.from({ length: count * 4 }, (_, index) => Math.floor(index / 4) / 10);
  const grid = imageGrid(
    { data: pixels, shape: [count, 2, 2, 1] },
    { columns: 3, padding: 4, scale: 2, background: 0 },
  );
  assert.deepEqual([grid.rows, grid.columns], [3, 3]);
  for (let index = 0; index < count; index++) {
    const x = grid.padding + (index % 3) * (grid.cellWidth + grid.padding);
    const y = grid.padding + Math.floor(index / 3) * (grid.cellHeight + grid.padding);
    const last = [x + grid.cellWidth - 1, y + grid.cellHeight - 1] as const;
    assert.deepEqual(
      [pixel(grid, x, y), pixel(grid, ...last)],
      [[index * 25.5 + 0.5], [index * 25.5 + 0.5]].map(([v = 0]) => [Math.floor(v)]),
    );
  }
});

test('colours keep their channels, and empty places with alpha are opaque', () => {
  const red = Float32Array.from([1, 0, 0]);
  assert.deepEqual(pixel(imageGrid({ data: red, shape: [1, 1, 1, 3] }, { padding: 1, scale: 1 }), 1, 1), [255, 0, 0]);
  const glass = Float32Array.from([0, 0, 1, 0.5]);
  const grid = imageGrid({ data: glass, shape: [1, 1, 1, 4] }, { padding: 1, scale: 1, background: 0 });
  assert.deepEqual(
    [pixel(grid, 1, 1), pixel(grid, 0, 0)],
    [
      [0, 0, 255, 128],
      [0, 0, 0, 255],
    ],
  );
});

test('by default the grid is square and small images are enlarged to at most 64 pixels', () => {
  const grid = imageGrid({ data: new Float32Array(10 * 28 * 28), shape: [10, 28, 28, 1] });
  assert.deepEqual([grid.columns, grid.rows, grid.cellWidth], [4, 3, 56]);
  const large = imageGrid({ data: new Float32Array(100 * 90), shape: [1, 100, 90, 1] });
  assert.deepEqual([large.cellWidth, large.cellHeight], [90, 100]);
});

test('values outside [0, 1] are clipped, infinities too', () => {
  const pixels = Float32Array.from([-0.2, 1.7, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  const grid = imageGrid({ data: pixels, shape: [1, 1, 4, 1] }, { padding: 0, scale: 1 });
  assert.deepEqual(Array.from(grid.data), [0, 255, 255, 0]);
});

test('a NaN is an error that says where it is', () => {
  const pixels = new Float32Array(2 * 2 * 2);
  pixels[6] = Number.NaN;
  assert.throws(
    () => imageGrid({ data: pixels, shape: [2, 2, 2, 1] }),
    (error: unknown) => error instanceof ConfigError && /Image 1 is NaN at row 1, column 0/.test(error.message),
  );
});

test('shapes and options that do not fit are refused', () => {
  const pixels = new Float32Array(4);
  for (const shape of [[4], [1, 2, 2], [1, 2, 1, 2], [0, 2, 2, 1], [2, 2, 2, 1], [1, 1.5, 2, 1]])
    assert.throws(() => imageGrid({ data: pixels, shape }), ShapeError, `shape ${shape}`);
  for (const options of [
    { columns: 0 },
    { padding: -1 },
    { scale: 1.5 },
    { background: 2 },
    { background: Number.NaN },
  ])
    assert.throws(
      () => imageGrid({ data: pixels, shape: [1, 2, 2, 1] }, options),
      ConfigError,
      JSON.stringify(options),
    );
});
