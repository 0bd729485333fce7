import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, FileFormatError } from '../../core/errors.js';
import { readIdx, writeIdx } from './idx.js';

test('reads the layout that the MNIST page describes, byte by byte', () => {
  // Magic 0x00000801: unsigned bytes, one axis; its length; three labels.
  const labels = readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4));
  assert.deepEqual(labels, { type: 'uint8', shape: [3], data: Uint8Array.of(5, 0, 4) });
  // Magic 0x00000B02: 16-bit numbers, big-endian, two axes.
  const table = readIdx(Uint8Array.of(0, 0, 11, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 0, 255, 254));
  assert.deepEqual(table, { type: 'int16', shape: [1, 2], data: Int16Array.of(256, -2) });
});

test('what is written is read back, for every kind of number', () => {
  const arrays = [
    Uint8Array.of(0, 255, 1, 2, 3, 4),
    Int8Array.of(-128, 127, 0, 1, 2, 3),
    Int16Array.of(-32768, 32767, 0, 1, 2, 3),
    Int32Array.of(-2147483648, 2147483647, 0, 1, 2, 3),
    Float32Array.of(1.5, -0, 3.4e38, 1e-45, 0.1, Number.NaN),
    Float64Array.of(Math.PI, -1e308, 5e-324, 0, 1, 2),
  ];
  for (const data of arrays) assert.deepEqual(readIdx(writeIdx({ shape: [2, 3], data })).data, data);
});

test('a view into a larger buffer reads the same', () => {
  const bytes = writeIdx({ shape: [2], data: Float64Array.of(1, 2) });
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  assert.deepEqual(readIdx(shifted).data, Float64Array.of(1, 2));
});

test('files that are empty, foreign, truncated or too long are refused by name', () => {
  const good = writeIdx({ shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) });
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /digits.idx: only 0 bytes/],
    [new TextEncoder().encode('<html>not found</html>'), /3c 68 74 6d, which is not the magic/],
    [Uint8Array.of(0, 0, 7, 1, 0, 0, 0, 0), /not the magic/],
    [good.subarray(0, 9), /ends inside its header/],
    [good.subarray(0, good.length - 1), /has 15 bytes, but shape \[2, 2\] of uint8 takes 16. It is truncated/],
    [new Uint8Array([...good, 0]), /damaged/],
    [Uint8Array.of(0, 0, 8, 3, ...new Array(12).fill(255)), /no file can hold/],
  ];
  for (const [bytes, message] of cases)
    assert.throws(() => readIdx(bytes, 'digits.idx'), { name: 'FileFormatError', message, path: 'digits.idx' });
  assert.throws(() => readIdx(Uint8Array.of(0, 0, 8, 0)), FileFormatError);
});

test('numbers that IDX cannot hold are refused', () => {
  assert.throws(() => writeIdx({ shape: [1], data: BigInt64Array.of(1n) }), ConfigError);
  assert.throws(() => writeIdx({ shape: [2], data: Uint8Array.of(1) }), ConfigError);
});
