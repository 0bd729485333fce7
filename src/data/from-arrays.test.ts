import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatasetError, ShapeError } from '../core/errors.js';
import { type Batch, type Dataset, gatherAll } from './dataset.js';
import { fromArrays } from './from-arrays.js';

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
