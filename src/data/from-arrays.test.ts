import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatasetError, ShapeError } from '../core/errors.js';
import { binarise } from './binarise.js';
import { type Batch, type Dataset, gatherAll } from './dataset.js';
import { fromArrays } from './from-arrays.js';
import { resizeImages } from './image-size.js';
import { split, subset } from './split.js';

const gather = (data: Dataset, ...rows: number[]): Batch => {
  const batch = data.gather(rows);
  if (batch instanceof Promise) throw new Error('data in memory answers at once');
  return batch;
};

test('rows come back in the order asked for, with their labels, as often as asked for', () => {
  const data = fromArrays({
    x: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    labels: [0, 1, 1],
    classes: ['low', 'high'],
  });
  assert.equal(data.length, 3);
  assert.deepEqual(data.exampleShape, [2]);
  assert.deepEqual(data.classes, ['low', 'high']);
  const { x, labels } = gather(data, 2, 0, 2);
  assert.deepEqual([...x], [5, 6, 1, 2, 5, 6]);
  assert.deepEqual([...(labels ?? [])], [1, 0, 1]);
});

test('flat arrays of every kind give the same rows', async () => {
  for (const x of [Float32Array.of(0, 1, 2, 3), Float64Array.of(0, 1, 2, 3), Uint8Array.of(0, 1, 2, 3)])
    assert.deepEqual([...(await gatherAll(fromArrays({ x, shape: [2] }))).x], [0, 1, 2, 3]);
});

test('every byte becomes the float32 nearest to byte / 255, on the fast path and on the slow one', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const expected = Array.from(bytes, (byte) => Math.fround(byte / 255));
  // The fast path needs rows of a multiple of four bytes, aligned; the slow one takes the rest.
  const unaligned = new Uint8Array(257).subarray(1);
  unaligned.set(bytes);
  assert.deepEqual([...(await gatherAll(fromArrays({ x: bytes, shape: [8, 8, 1] }))).x], expected);
  assert.deepEqual([...(await gatherAll(fromArrays({ x: unaligned, shape: [8, 8, 1] }))).x], expected);
  assert.deepEqual([...(await gatherAll(fromArrays({ x: bytes, shape: [1, 1, 1] }))).x], expected);
});

test('bytes come as they are kept, with what makes the same numbers of them', async () => {
  const bytes = Uint8Array.from({ length: 512 }, (_, i) => i);
  const labels = [3, 1];
  const images = fromArrays({ x: bytes, shape: [16, 16, 1], labels });
  const chosen = [1, 0, 1];
  const kept = await images.gather.bytes?.gather(chosen);
  const { x, labels: expectedLabels } = gather(images, ...chosen);
  assert.equal(images.gather.bytes?.divisor, 255);
  assert.deepEqual(
    kept?.bytes.map((byte) => byte),
    Uint8Array.from(x, (value) => Math.round(value * 255)),
  );
  // Division in float32 is what a device does.
  assert.deepEqual(
    Float32Array.from(kept?.bytes ?? [], (byte) => Math.fround(byte / 255)),
    x,
  );
  assert.deepEqual(kept?.labels, expectedLabels);
  assert.throws(() => images.gather.bytes?.gather([2]), DatasetError);
  // Fresh memory: the data set is not changed through it.
  kept?.bytes.fill(7);
  assert.deepEqual(gather(images, ...chosen).x, x);
  assert.equal(fromArrays({ x: bytes, shape: [256] }).gather.bytes?.divisor, 1);
  assert.equal(fromArrays({ x: Float32Array.of(1, 2), shape: [2] }).gather.bytes, undefined);
});

test('views of bytes have the bytes of their own rows, and a data set with other rows has none', async () => {
  const bytes = Uint8Array.from({ length: 60 }, (_, i) => 4 * i);
  const images = fromArrays({ x: bytes, shape: [2, 2, 1] });
  const views = [
    subset(images, [7, 0, 3]),
    subset(subset(images, [7, 0, 3]), [2, 0]),
    ...split(images, { fractions: [0.5, 0.5] }),
    binarise(images),
    subset(binarise(images, { threshold: 0.3 }), [9, 4]),
  ];
  for (const view of views) {
    const rows = Array.from({ length: view.length }, (_, row) => row).reverse();
    const { bytes: kept = new Uint8Array() } = (await view.gather.bytes?.gather(rows)) ?? {};
    const divisor = view.gather.bytes?.divisor ?? Number.NaN;
    assert.deepEqual(
      Float32Array.from(kept, (byte) => Math.fround(byte / divisor)),
      (await view.gather(rows)).x,
    );
  }
  assert.equal(binarise(images, { seed: 1 }).gather.bytes, undefined);
  const changed: Dataset = { ...images, gather: (indices) => ({ x: new Float32Array(4 * indices.length) }) };
  assert.equal(changed.gather.bytes, undefined);
  assert.equal(resizeImages(images, 4).gather.bytes, undefined);
});

test('bytes of rows that are no images stay the numbers they are', () => {
  assert.deepEqual([...gather(fromArrays({ x: Uint8Array.of(0, 255), shape: [2] }), 0).x], [0, 255]);
});

test('bad values are named by row, place and value', () => {
  const cases: [() => unknown, RegExp][] = [
    [() => fromArrays({ x: [[1], [Number.NaN]] }), /Row 1 .* NaN at position 0/],
    [
      () =>
        fromArrays({
          x: [
            [1, 2],
            [3, Number.POSITIVE_INFINITY],
          ],
        }),
      /Row 1 .* Infinity at position 1 of 2/,
    ],
    [() => fromArrays({ x: Float64Array.of(1e300), shape: [1] }), /finite as a float32/],
    [() => fromArrays({ x: Float32Array.of(0.5, 255), shape: [1, 1, 1] }), /Row 1 .* 255 .* \[0, 1\].* 255/],
    [() => fromArrays({ x: [[1], [2]], labels: [0] }), /2 rows but 1 labels/],
    [() => fromArrays({ x: [[1], [2]], labels: [0, 2], classes: ['a', 'b'] }), /label of row 1 .* is 2/],
    [() => fromArrays({ x: [[1]], labels: [0.5] }), /label of row 0 .* 0\.5/],
    [() => fromArrays({ x: [], shape: [1] }), /no rows/],
  ];
  for (const [build, message] of cases) assert.throws(build, { name: 'DatasetError', message });
});

test('shapes that do not fit are refused', () => {
  assert.throws(() => fromArrays({ x: Float32Array.of(1, 2, 3), shape: [2] }), ShapeError);
  assert.throws(() => fromArrays({ x: Float32Array.of(1, 2, 3) }), /without a shape/);
  assert.throws(() => fromArrays({ x: [[1, 2], [3]] }), /Row 1 .* has 1 numbers/);
  assert.throws(() => fromArrays({ x: Float32Array.of(1), shape: [0] }), ShapeError);
});

test('a row that does not exist is an error, not a row of NaN', () => {
  const data = fromArrays({ x: [[1], [2]] });
  for (const row of [2, -1, 0.5, Number.NaN]) assert.throws(() => gather(data, row), DatasetError);
});

test('a batch is fresh memory', () => {
  const data = fromArrays({ x: Float32Array.of(1, 2), shape: [2] });
  gather(data, 0).x.fill(9);
  assert.deepEqual([...gather(data, 0).x], [1, 2]);
});
