import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

/** A file put together by hand from its header's text, as the format's description says. */
function file(header: unknown, data: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
const u8 = (start: number, end: number, shape = [end - start]) => ({ dtype: 'U8', shape, data_offsets: [start, end] });

test('reads the layout that the description gives', () => {
  const { tensors, metadata } = readSafetensors(
    file({ __metadata__: { kind: 'vae' }, 'a.b': { dtype: 'F32', shape: [2], data_offsets: [0, 8] }, c: u8(8, 9) }, [
      ...[0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 7],
    ]),
  );
  assert.deepEqual(tensors.get('a.b'), { dtype: 'F32', shape: [2], data: Float32Array.of(1, -2) });
  assert.deepEqual(tensors.get('c'), { dtype: 'U8', shape: [1], data: Uint8Array.of(7) });
  assert.deepEqual(metadata, { kind: 'vae' });
});

test('what is written is read back: every type, scalars, empty tensors, odd names, metadata', () => {
  const tensors = {
    'layer.0.weight': { shape: [2, 3], data: Float32Array.of(0.1, -0, 1e-45, Number.NaN, 1, 2) },
    double: { shape: [1], data: Float64Array.of(Math.PI) },
    long: { shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 62n) },
    int: { shape: [1], data: Int32Array.of(-5) },
    bytes: { shape: [3], data: Uint8Array.of(1, 2, 3) },
    scalar: { shape: [], data: Float32Array.of(7) },
    empty: { shape: [0, 4], data: new Float32Array(0) },
    '10': { shape: [1], data: Float32Array.of(10) },
    'Ünï"cödé\n': { shape: [1], data: Float32Array.of(8) },
  };
  const metadata = { epoch: '7', 'ä"\n': 'ö' };
  const back = readSafetensors(writeSafetensors(tensors, metadata));
  assert.deepEqual(back.metadata, metadata);
  assert.deepEqual([...back.tensors.keys()].sort(), Object.keys(tensors).sort());
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    assert.deepEqual(back.tensors.get(name)?.shape, shape);
    assert.deepEqual(back.tensors.get(name)?.data, data);
  }
  const flags = writeSafetensors({ mask: { shape: [2], data: Uint8Array.of(0, 1), dtype: 'BOOL' } });
  assert.equal(readSafetensors(flags).tensors.get('mask')?.dtype, 'BOOL');
  assert.equal(readSafetensors(writeSafetensors({})).tensors.size, 0);
});

test('the data starts on eight bytes, every tensor on its own size, and the same content gives the same bytes', () => {
  const a = { shape: [1], data: Uint8Array.of(1) };
  const b = { shape: [1], data: Float64Array.of(2) };
  const c = { shape: [1], data: Float32Array.of(3) };
  const bytes = writeSafetensors({ a, b, c });
  assert.deepEqual(bytes, writeSafetensors({ c, b, a }));
  const headerBytes = new DataView(bytes.buffer).getUint32(0, true);
  assert.equal(headerBytes % 8, 0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
  assert.deepEqual(
    [header.b.data_offsets, header.c.data_offsets, header.a.data_offsets],
    [
      [0, 8],
      [8, 12],
      [12, 13],
    ],
  );
});

test('headers that lie are refused: overlap, gap, wrong size, wrong type, data too short or too long', () => {
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /w.safetensors: only 0 bytes/],
    [new TextEncoder().encode('<!doctype html><html></html>'), /no safetensors file/],
    [file({ a: u8(0, 4) }, [1, 2, 3, 4]).subarray(0, 20), /ends inside its header/],
    [file({ a: u8(0, 4) }, [1, 2, 3]), /3 bytes of data, but its tensors take 4. It is truncated/],
    [file({ a: u8(0, 4) }, [1, 2, 3, 4, 5]), /damaged/],
    [file({ a: u8(0, 3), b: u8(2, 4) }, [1, 2, 3, 4]), /"b" starts at byte 2 .* ends at 3/],
    [file({ a: u8(0, 2), b: u8(3, 4) }, [1, 2, 3, 4]), /"b" starts at byte 3 .* ends at 2/],
    [file({ a: u8(1, 2) }, [1, 2]), /starts at byte 1/],
    [file({ a: u8(0, 4, [5]) }, [1, 2, 3, 4]), /takes 5 bytes, but its offsets \[0, 4\] hold 4/],
    [file({ a: u8(4, 0, [4]) }, [1, 2, 3, 4]), /takes 4 bytes, but/],
    [file({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 3] } }, [1, 2, 3]), /takes 4 bytes/],
    [file({ a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } }, [1]), /type F8_E4M3; supported are F64/],
    [file({ a: { dtype: 'U8', shape: [-1], data_offsets: [0, 1] } }, [1]), /no proper dtype, shape/],
    [file({ a: { dtype: 'U8', shape: [2 ** 40, 2 ** 40], data_offsets: [0, 1] } }, [1]), /Infinity|bytes/],
    [file({ a: 7 }), /no proper dtype/],
    [file({ __metadata__: { a: 1 } }), /metadata "a" is not a text/],
    [file({ __metadata__: [] }), /not an object of texts/],
    [file('{"a":'), /not JSON/],
    [file('[1,2,3]'), /no safetensors file/],
  ];
  for (const [bytes, message] of cases)
    assert.throws(() => readSafetensors(bytes, 'w.safetensors'), {
      name: 'FileFormatError',
      message,
      path: 'w.safetensors',
    });
});

test('a tensor named like an object property is a tensor', () => {
  const bytes = file('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', [5]);
  assert.deepEqual(readSafetensors(bytes).tensors.get('__proto__')?.data, Uint8Array.of(5));
});

test('tensors that cannot be written are refused', () => {
  assert.throws(() => writeSafetensors({ a: { shape: [2], data: Float32Array.of(1) } }), ConfigError);
  assert.throws(() => writeSafetensors({ a: { shape: [1], data: Int16Array.of(1) } }), ConfigError);
  assert.throws(() => writeSafetensors({ a: { shape: [1], data: Int32Array.of(1), dtype: 'BOOL' } }), ConfigError);
  assert.throws(() => writeSafetensors({ __metadata__: { shape: [1], data: Uint8Array.of(1) } }), ConfigError);
});

test('half precision: written as the nearest number of 16 bits, ties to even, and read as float32', () => {
  // numpy: np.array([1, 1 + 2**-11, 1 + 3 * 2**-11, 65504, 65519.99, 65520, 2**-24, 2**-25, 1.5 * 2**-24, 6.1e-5, -0.1]).astype(np.float16)
  const data = Float32Array.of(
    1,
    1 + 2 ** -11,
    1 + 3 * 2 ** -11,
    65504,
    65519,
    65520,
    2 ** -24,
    2 ** -25,
    1.5 * 2 ** -24,
    -0.1,
  );
  const rounded = Float32Array.of(1, 1, 1 + 2 ** -9, 65504, 65504, Infinity, 2 ** -24, 0, 2 ** -23, -0.0999755859375);
  const bytes = writeSafetensors({
    half: { shape: [2, 5], data, dtype: 'F16' },
    whole: { shape: [1], data: Float32Array.of(0.1) },
  });
  const { tensors } = readSafetensors(bytes);
  assert.deepEqual(tensors.get('half'), { dtype: 'F16', shape: [2, 5], data: rounded });
  assert.deepEqual(tensors.get('whole')?.data, Float32Array.of(0.1));
  // What is already of 16 bits comes back as it was: every finite number there is, both zeros and infinities.
  const all = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0,
  );
  const header = { x: { dtype: 'F16', shape: [all.length], data_offsets: [0, 2 * all.length] } };
  const { tensors: read } = readSafetensors(file(header, [...new Uint8Array(all.buffer)]));
  const values = read.get('x')?.data;
  assert.ok(values instanceof Float32Array);
  const again = readSafetensors(
    writeSafetensors({ x: { shape: [all.length], data: values, dtype: 'F16' } }),
  ).tensors.get('x');
  assert.ok(again?.data.every((value, i) => Object.is(value, values[i])));
  assert.throws(() => writeSafetensors({ x: { shape: [1], data: Float64Array.of(1), dtype: 'F16' } }), ConfigError);
});
