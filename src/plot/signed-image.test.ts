import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../core/errors.js';
import { signedImages } from './signed-image.js';

test('zero is white, opposite numbers are as dark, blue below and red above, each image on its own scale', () => {
  const { data, shape } = signedImages({ data: Float32Array.of(-2, 0, 2, -0.1, 0.1, 0), shape: [2, 1, 3, 1] });
  assert.deepEqual(shape, [2, 1, 3, 3]);
  const pixel = (index: number): number[] => [...data.subarray(3 * index, 3 * index + 3)];
  const [red = 0, , blue = 0] = pixel(0);
  assert.ok(blue > 2 * red);
  assert.ok((pixel(2)[0] ?? 0) > 2 * (pixel(2)[2] ?? 0));
  assert.deepEqual(new Set(pixel(1)).size, 1);
  assert.ok((pixel(1)[0] ?? 0) > 0.96);
  assert.deepEqual([pixel(3), pixel(4), pixel(5)], [pixel(0), pixel(2), pixel(1)]);
});

test('an image of zeros is white; colours keep theirs around grey', () => {
  assert.ok(signedImages({ data: new Float32Array(4), shape: [1, 2, 2, 1] }).data.every((value) => value > 0.96));
  assert.deepEqual([...signedImages({ data: Float32Array.of(-4, 0, 2), shape: [1, 1, 1, 3] }).data], [0, 0.5, 0.75]);
  assert.throws(() => signedImages({ data: new Float32Array(2), shape: [1, 1, 1, 2] }), ShapeError);
});
