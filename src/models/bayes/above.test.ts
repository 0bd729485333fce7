import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../runtime/random.js';
import { firstByteAbove, masksOfBytes, masksOfNumbers, wordsOf } from './above.js';
import { binaryScores } from './binary-scores.js';

const every = Uint8Array.from({ length: 512 }, (_, i) => i);

test('bytes and the numbers they stand for are above the same thresholds, whatever the length of rows', () => {
  for (const divisor of [1, 255])
    for (const threshold of [-1, 0, 0.2, 1 / 3, 0.5, 127 / 255, 128 / 255, 0.999, 1, 2, 200, 255, 300]) {
      const x = Float32Array.from(every, (byte) => byte / divisor);
      const first = firstByteAbove({ divisor }, threshold);
      for (const size of [1, 2, 7, 64, 511]) {
        const length = Math.floor(every.length / size) * size;
        const masks = masksOfBytes(every.slice(0, length), size, first);
        assert.deepEqual(masks, masksOfNumbers(x.subarray(0, length), size, threshold));
        // Bit 8 j of a word is its number j.
        for (let i = 0; i < length; i++) {
          const [row, column] = [Math.floor(i / size), i % size];
          const bit = (masks[row * wordsOf(size) + (column >> 2)]! >>> (8 * (column & 3))) & 255;
          assert.equal(bit, x[i]! > threshold ? 1 : 0);
        }
      }
    }
});

test('scores from tables are those of sums', () => {
  const [rows, classes] = [40, 3];
  for (const size of [1, 5, 8, 30]) {
    const x = random(1).uniform(rows * size);
    const weights = Float64Array.from(random(2).normal(classes * size));
    const offsets = Float64Array.of(1, 2, -3);
    const scores = binaryScores(weights, offsets).score(masksOfNumbers(x, size, 0.5));
    for (const [i, score] of scores.entries()) {
      const [row, label] = [Math.floor(i / classes), i % classes];
      let expected = offsets[label]!;
      for (let j = 0; j < size; j++) if (x[row * size + j]! > 0.5) expected += weights[label * size + j]!;
      // Sums of 31 numbers of size 3 in another order.
      assert.ok(Math.abs(score - expected) < 1e-13);
    }
  }
});
