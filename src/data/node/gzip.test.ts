import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { gunzip, isGzip } from './gzip.js';

const content = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
const packed = new Uint8Array(gzipSync(content));

test('gzip is told by its first bytes and unpacked', async () => {
  assert.ok(isGzip(packed) && !isGzip(content) && !isGzip(new Uint8Array(0)));
  assert.deepEqual(new Uint8Array(await gunzip(packed, 'a.gz', 5000)), content);
});

test('truncated or damaged gzip is refused by name', async () => {
  const damaged = packed.slice();
  damaged.fill(0xaa, 20, 40);
  for (const bytes of [packed.subarray(0, packed.length - 9), packed.subarray(0, 12), damaged])
    await assert.rejects(gunzip(bytes, 'a.gz', 5000), { name: 'FileFormatError', path: 'a.gz' });
});

test('more than may be kept in memory is refused instead of filling it', async () => {
  await assert.rejects(gunzip(packed, 'a.gz', 4999), { name: 'DatasetError', message: /more than 4999 bytes/ });
});
