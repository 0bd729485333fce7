import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { readNpy, writeNpy } from './npy.js';
import type { NumberArray } from './numbers.js';

/** A .npy file put together by hand from its header's text, as the format's description says. */
function npy(header: string, data: readonly number[], version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length, ...text, ...data);
}
const bytesOf = (data: NumberArray) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

test('reads what NumPy writes, versions 1 and 2', () => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }       \n";
  const data = Float32Array.of(1.5, -2, 0, 3);
  for (const version of [1, 2])
    assert.deepEqual(readNpy(npy(header, bytesOf(data), version)), { type: 'float32', shape: [2, 2], data });
});

test('writes the bytes that NumPy writes', () => {
  // np.save(f, np.array([[1.5, -2]], '<f4')): 128 bytes of header, its text ending in a newline, then the numbers.
  const bytes = writeNpy({ shape: [1, 2], data: Float32Array.of(1.5, -2) });
  assert.deepEqual([...bytes.subarray(0, 10)], [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x76, 0]);
  const text = new TextDecoder().decode(bytes.subarray(10, 128));
  assert.equal(text.trimEnd(), "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }");
  assert.equal(text.at(-1), '\n');
  assert.deepEqual([...bytes.subarray(128)], [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0]);
});

test('what is written is read back, for every kind of number and every number of axes', () => {
  const arrays = [
    Uint8Array.of(0, 255, 1, 2, 3, 4),
    Int8Array.of(-1, 1, 2, 3, 4, 5),
    Uint16Array.of(65535, 1, 2, 3, 4, 5),
    Int16Array.of(-1, 1, 2, 3, 4, 5),
    Uint32Array.of(4294967295, 1, 2, 3, 4, 5),
    Int32Array.of(-1, 1, 2, 3, 4, 5),
    BigUint64Array.of(2n ** 64n - 1n, 1n, 2n, 3n, 4n, 5n),
    BigInt64Array.of(-(2n ** 63n), 1n, 2n, 3n, 4n, 5n),
    Float32Array.of(0.1, -0, 1e-45, 1, 2, 3),
    Float64Array.of(Math.E, -0, 5e-324, 1, 2, 3),
  ];
  for (const data of arrays)
    for (const shape of [[6], [2, 3], [1, 6, 1]]) {
      const bytes = writeNpy({ shape, data });
      const back = readNpy(bytes);
      assert.deepEqual(back.data, data);
      assert.deepEqual(back.shape, shape);
    }
  assert.equal(readNpy(writeNpy({ shape: [2], data: Uint8Array.of(0, 1), type: 'bool' })).type, 'bool');
  assert.deepEqual(readNpy(writeNpy({ shape: [], data: Float32Array.of(7) })).shape, []);
  assert.deepEqual(readNpy(writeNpy({ shape: [0, 3], data: new Float32Array(0) })).shape, [0, 3]);
});

test('half precision comes as float32, in any order of bytes and axes', () => {
  // np.array([1.5, -2, 65504, 2**-24, -0.0, np.inf, 1/3, np.nan], 'f2').view('u2')
  const bits = [0x3e00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0x3555, 0x7e00];
  const expected = Float32Array.of(1.5, -2, 65504, 2 ** -24, -0, Number.POSITIVE_INFINITY, 0.333251953125, Number.NaN);
  const header = (order: string, fortran: string) =>
    `{'descr': '${order}f2', 'fortran_order': ${fortran}, 'shape': (2, 4), }\n`;
  const little = bits.flatMap((half) => [half & 255, half >> 8]);
  const big = bits.flatMap((half) => [half >> 8, half & 255]);
  assert.deepEqual(readNpy(npy(header('<', 'False'), little)), { type: 'float16', shape: [2, 4], data: expected });
  // An odd header leaves the numbers unaligned.
  assert.deepEqual(readNpy(npy(` ${header('<', 'False')}`, little)).data, expected);
  assert.deepEqual(readNpy(npy(header('>', 'False'), big)).data, expected);
  const columns = [0, 4, 1, 5, 2, 6, 3, 7].flatMap((place) => little.slice(2 * place, 2 * place + 2));
  assert.deepEqual(readNpy(npy(header('<', 'True'), columns)).data, expected);
});

test('Fortran order and big-endian numbers come out in C order and native', () => {
  // The array [[1, 2, 3], [4, 5, 6]], stored column by column.
  const fortran = npy(
    "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }\n",
    bytesOf(Int32Array.of(1, 4, 2, 5, 3, 6)),
  );
  assert.deepEqual(readNpy(fortran).data, Int32Array.of(1, 2, 3, 4, 5, 6));
  // Three axes: element (i, j, k) of shape (2, 2, 2) holds 4i + 2j + k and is stored at i + 2j + 4k.
  const cube = npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 2), }\n", [0, 4, 2, 6, 1, 5, 3, 7]);
  assert.deepEqual(readNpy(cube).data, Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));
  const big = npy("{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }\n", [0, 0, 0, 1, 0, 0, 1, 0]);
  assert.deepEqual(readNpy(big).data, Int32Array.of(1, 256));
});

test("numbers in Node's buffers are read and left alone, whatever their byte order and place", () => {
  const big = Buffer.from(npy("{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }\n", [0, 0, 0, 1, 0, 0, 1, 0]));
  const before = Uint8Array.from(big);
  assert.deepEqual(readNpy(big).data, Int32Array.of(1, 256));
  assert.deepEqual(Uint8Array.from(big), before);
  const little = npy("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }\n", bytesOf(Int32Array.of(5, 6)));
  for (const shift of [0, 1, 2, 3]) {
    const file = Buffer.concat([Buffer.alloc(shift), little]).subarray(shift);
    assert.deepEqual(readNpy(file).data, Int32Array.of(5, 6));
  }
});

test('files that are empty, foreign, truncated or hold no numbers are refused with a remedy', () => {
  const good = writeNpy({ shape: [2], data: Float32Array.of(1, 2) });
  const header = (descr: string) => npy(`{'descr': ${descr}, 'fortran_order': False, 'shape': (1,), }\n`, [0]);
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /x.npy: only 0 bytes/],
    [new TextEncoder().encode('PK this is a zip file'), /does not start with the magic/],
    [good.subarray(0, 40), /ends inside its header/],
    [good.subarray(0, good.length - 1), /It is truncated/],
    [new Uint8Array([...good, 0]), /damaged/],
    [header("'|O'"), /pickled Python objects, which are never loaded/],
    [header("'<c8'"), /"<c8", which is not supported/],
    [header("'constructor'"), /not supported/],
    [header("[('a', '<f4')]"), /several fields/],
    [npy('{}', []), /not a description of an array/],
    [npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", []), /no file can hold/],
    [Uint8Array.of(...good.subarray(0, 6), 9, ...good.subarray(7)), /version 9/],
  ];
  for (const [bytes, message] of cases)
    assert.throws(() => readNpy(bytes, 'x.npy'), { name: 'FileFormatError', message, path: 'x.npy' });
});

test('arrays that do not fit their shape are refused', () => {
  assert.throws(() => writeNpy({ shape: [3], data: Float32Array.of(1) }), ConfigError);
  assert.throws(() => writeNpy({ shape: [1], data: Float32Array.of(1), type: 'int32' }), ConfigError);
});
