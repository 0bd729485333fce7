import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileFormatError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { readMatlab } from './matlab.js';

// savemat(f, {'ff': np.arange(12, dtype=np.uint8).reshape(4, 3), 'other': np.array([[1.5]]), 's': 'text'}, do_compression=...)
const plain = Buffer.from(
  'TUFUTEFCIDUuMCBNQVQtZmlsZSBQbGF0Zm9ybTogcG9zaXgsIENyZWF0ZWQgb246IEZyaSBOb3YgMjAgMDU6NTE6NTYgMjAyNgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSU0OAAAAQAAAAAYAAAAIAAAACQAAAAAAAAAFAAAACAAAAAQAAAADAAAAAQACAGZmAAACAAAADAAAAAADBgkBBAcKAgUICwAAAAAOAAAAQAAAAAYAAAAIAAAABgAAAAAAAAAFAAAACAAAAAEAAAABAAAAAQAAAAUAAABvdGhlcgAAAAkAAAAIAAAAAAAAAAAA+D8OAAAAMAAAAAYAAAAIAAAABAAAAAAAAAAFAAAACAAAAAEAAAAEAAAAAQABAHMAAAAQAAQAdGV4dA==',
  'base64',
);
const compressed = Buffer.from(
  'TUFUTEFCIDUuMCBNQVQtZmlsZSBQbGF0Zm9ybTogcG9zaXgsIENyZWF0ZWQgb246IEZyaSBOb3YgMjAgMDU6NTE6NTYgMjAyNgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSU0PAAAANwAAAHicLcqLCQAgFELRW69/0UxN0/4jZJRwBMEJLElSpPIS/w5i4vDsjRrGPViqLuTmY+l3Hje6AZkPAAAAKQAAAHic42NgYHAAYjYg5oDSIMAK5TMiYZBYfklGahGQ5oTKQ8APewBPRAPiDwAAACgAAAB4nONjYGAwAGI2IOYAYhYGCGCF8hmhYoxAWAykBYC8ktSKEgAcjQKx',
  'base64',
);

test('matrices of bytes are read, compressed or not; others are passed over', async () => {
  for (const bytes of [plain, compressed]) {
    const found = await readMatlab(bytes);
    assert.deepEqual(Object.keys(found), ['ff']);
    assert.deepEqual(found.ff?.shape, [4, 3]);
    // Column by column.
    assert.deepEqual([...(found.ff?.data ?? [])], [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
  }
});

test('big-endian files are read too', async () => {
  // The same elements with every number's bytes the other way round: flags, dimensions and tags are of 32 bits.
  const name = [...'ff  '].map((letter) => letter.charCodeAt(0));
  const words = (...values: number[]) =>
    values.flatMap((value) => [value >>> 24, value >>> 16, value >>> 8, value].map((v) => v & 255));
  const content = [
    ...words(6, 8, 9, 0),
    ...words(5, 8, 2, 2),
    ...words((2 << 16) | 1),
    ...name,
    ...words(2, 4),
    ...[1, 2, 3, 4, 0, 0, 0, 0],
  ];
  const header = [...new Uint8Array(124), 1, 0, 0x4d, 0x49];
  const found = await readMatlab(Uint8Array.from([...header, ...words(14, content.length), ...content]));
  assert.deepEqual(found, { ff: { shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) } });
});

test('more than may be unpacked is refused', async () => {
  await assert.rejects(readMatlab(compressed, 'x.mat', 50), {
    name: 'FileFormatError',
    message: /x\.mat: unpacks to more/,
  });
});

for (const [name, bytes] of [
  ['plain', plain],
  ['compressed', compressed],
] as const)
  test(`${name}: cut off or changed anywhere, it is read or refused, and never anything else`, async () => {
    const stream = random(5).split(name);
    let refused = 0;
    const rounds = 1500;
    for (let round = 0; round < rounds; round++) {
      const damaged = Uint8Array.from(
        round % 3 === 0 ? bytes.subarray(0, Math.floor(stream.next() * bytes.length)) : bytes,
      );
      if (round % 3 !== 0)
        for (const place of stream.integers(1 + (round % 4), 120, bytes.length))
          damaged[place] = Math.floor(stream.next() * 256);
      try {
        await readMatlab(damaged);
      } catch (error) {
        if (!(error instanceof FileFormatError)) throw error;
        refused += 1;
      }
    }
    assert.ok(refused > 0 && refused < rounds, `${refused} of ${rounds}`);
  });

test('foreign bytes are refused', async () => {
  const stream = random(6);
  for (let length = 0; length < 300; length += 7)
    await assert.rejects(readMatlab(Uint8Array.from(stream.integers(length, 0, 256))), FileFormatError);
});
