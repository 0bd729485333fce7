import assert from 'node:assert/strict';
import { test } from 'node:test';
import { free } from './free.js';

test('freed arrays are empty, and so are others in the same memory', () => {
  const values = new Float64Array(100);
  const part = values.subarray(10, 20);
  const others = new Float32Array(50);
  free(part, values, others);
  assert.deepEqual([values.length, part.length, others.length], [0, 0, 0]);
});

test('freeing twice, or what has no memory, or shared memory, changes nothing', () => {
  const values = Float64Array.of(1, 2);
  const shared = new Float64Array(new SharedArrayBuffer(16));
  free(values, new Uint8Array());
  free(values, shared);
  free();
  assert.equal(shared.length, 2);
});

test('memory is back at once', async () => {
  free(new Uint8Array(1));
  // By then the port of the first call is closed at both ends.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  const megabytes = () => process.memoryUsage().arrayBuffers / 2 ** 20;
  const before = megabytes();
  const arrays = Array.from({ length: 8 }, () => new Float64Array(2 ** 19));
  assert.ok(megabytes() > before + 31);
  free(...arrays);
  assert.ok(megabytes() < before + 2);
});
