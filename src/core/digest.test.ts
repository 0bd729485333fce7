import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digest } from './digest.js';

test('the same parts have the same digest, others another one', async () => {
  // hashlib.sha256(b'3' + b'abc').hexdigest()
  assert.equal(await digest(['abc']), '7b0393befdc28ff2a7c5e08fa8a38a4c845da5c600476eb01ae7b865fa344f18');
  assert.equal(await digest([Uint8Array.of(97, 98, 99)]), await digest(['abc']));
  const all = [
    await digest([]),
    await digest(['abc']),
    await digest(['ab', 'c']),
    await digest(['abc', '']),
    await digest([Float32Array.of(1, 2)]),
    await digest([Float32Array.of(2, 1)]),
  ];
  assert.equal(new Set(all).size, all.length);
  // A view is its own part of a buffer alone.
  assert.equal(await digest([Float32Array.of(5, 1, 2).subarray(1)]), await digest([Float32Array.of(1, 2)]));
});
