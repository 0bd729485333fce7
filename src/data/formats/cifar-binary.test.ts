import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cifarPixels, readCifar } from './cifar-binary.js';

/** A record whose red, green and blue planes count up from different starts. */
const record = (label: number) =>
  Uint8Array.of(label, ...Array.from({ length: 3072 }, (_, i) => ((i % 1024) + 50 * Math.floor(i / 1024)) % 256));

test('labels and pixels come out, the planes side by side', () => {
  const { labels, images } = readCifar(new Uint8Array([...record(3), ...record(9)]));
  assert.deepEqual([...labels], [3, 9]);
  assert.equal(images.length, 2 * 3072);
  for (const [pixel, start] of [
    [0, 0],
    [33, 0],
    [1023, 3072],
  ] as const)
    assert.deepEqual(
      [...images.subarray(start + 3 * pixel, start + 3 * pixel + 3)],
      [pixel % 256, (pixel + 50) % 256, (pixel + 100) % 256],
    );
});

test('one record as numbers in [0, 1] is the same pixels divided by 255', () => {
  const into = new Float32Array(3072);
  cifarPixels(record(0).subarray(1), into, 0);
  const { images } = readCifar(record(0));
  assert.deepEqual(
    into,
    Float32Array.from(images, (byte) => byte / 255),
  );
});

test('files that are empty, truncated or of another format are refused', () => {
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /0 bytes/],
    [record(1).subarray(0, 3000), /3000 bytes, which is not a whole number/],
    [new Uint8Array([...record(1), 0]), /not a whole number/],
    [new Uint8Array([...record(1), ...record(10)]), /label of record 1 is 10/],
  ];
  for (const [bytes, message] of cases)
    assert.throws(() => readCifar(bytes, 'a.bin'), { name: 'FileFormatError', message, path: 'a.bin' });
});
