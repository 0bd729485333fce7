// Damaged files: whatever was cut off or changed, a reader answers with a value or a FileFormatError, never anything else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileFormatError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { readCifar } from './cifar-binary.js';
import { readIdx, writeIdx } from './idx.js';
import { readNpy, writeNpy } from './npy.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

const data = Float32Array.from({ length: 12 }, (_, i) => i / 3);
const formats: readonly { name: string; bytes: Uint8Array; read: (bytes: Uint8Array) => unknown }[] = [
  { name: 'IDX', bytes: writeIdx({ shape: [3, 2, 2], data }), read: readIdx },
  { name: '.npy', bytes: writeNpy({ shape: [3, 4], data }), read: readNpy },
  { name: 'CIFAR', bytes: new Uint8Array(2 * 3073).fill(3), read: readCifar },
  {
    name: 'safetensors',
    bytes: writeSafetensors(
      { a: { shape: [3, 4], data }, b: { shape: [2], data: BigInt64Array.of(1n, 2n) } },
      { k: 'v' },
    ),
    read: readSafetensors,
  },
];

for (const { name, bytes, read } of formats) {
  test(`${name}: cut off anywhere, it is refused`, () => {
    read(bytes);
    const step = Math.ceil(bytes.length / 700);
    // A CIFAR file cut after a whole record is a shorter CIFAR file.
    for (let length = 0; length < bytes.length; length += step)
      if (length !== 3073) assert.throws(() => read(bytes.slice(0, length)), FileFormatError, `${length} bytes`);
  });

  test(`${name}: with bytes changed, it is read or refused, and never anything else`, () => {
    const stream = random(42).split(name);
    let refused = 0;
    for (let round = 0; round < 4000; round++) {
      const damaged = bytes.slice();
      const changes = 1 + (round % 4);
      // Headers are where damage matters, so half of the rounds stay in the first 200 bytes.
      const range = round % 2 === 0 ? Math.min(200, bytes.length) : bytes.length;
      for (const place of stream.integers(changes, 0, range)) damaged[place] = Math.floor(stream.next() * 256);
      try {
        read(damaged);
      } catch (error) {
        if (!(error instanceof FileFormatError)) throw error;
        refused += 1;
      }
    }
    assert.ok(refused > 0 && refused < 4000, `${refused} of 4000 refused`);
  });

  test(`${name}: foreign bytes are refused`, () => {
    const stream = random(7).split(name);
    for (let length = 1; length < 300; length++) {
      const noise = Uint8Array.from(stream.integers(length, 1, 256));
      assert.throws(() => read(noise), FileFormatError);
    }
  });
}
